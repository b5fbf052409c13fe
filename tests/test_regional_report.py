"""A region's page: the region against the nation, in two languages and two formats, as text."""

import argparse
import io
import re
import zipfile

import docx
import pandas as pd
import pytest
from regional_twin import HOSTILE, results_of, tidy_twin, with_a_place, write_processed

from analysis.exhibits.regional_report.content import number, page_of, series_shown
from analysis.exhibits.regional_report.page_html import as_html
from analysis.exhibits.regional_report.page_word import as_word
from analysis.exhibits.regional_report.picture import picture_of
from analysis.files import read_rows
from analysis.messages import UserError
from analysis.paths import RAW
from analysis.pipeline.commands import regions_report
from analysis.pipeline.tasks import regional as task
from analysis.tabular import as_bytes

LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def processed(tmp_path_factory):
    return write_processed(tmp_path_factory.mktemp("processed"))


@pytest.fixture(scope="module")
def shipped(processed):
    return results_of(processed)


def page(found, code="320000", language="en", private=False, sources=("a yearbook",)):
    return page_of(code, found["rates"], found["breaks"], sources, language, private=private)


def section(of, *words):
    return next(one for one in of.sections if one.heading in words)


def latest(of):
    table = section(of, "Latest figures, the nation, rank", "最近数字、全国数与位次").table
    return {row[0]: row for row in table.rows}


def text_of(word):
    document = docx.Document(io.BytesIO(word))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


# --- what it says -----------------------------------------------------------------------------


def test_jiangsu_against_the_nation_as_computed_by_hand(shipped):
    rows = latest(page(shipped))
    assert rows["Disputes accepted (cases)"][1:] == (
        "2005", "50,800", "313,773", "16.2 %", "2 of 7", "second-hand",
    )  # fmt: skip
    assert rows["Organisation rate (census) (%)"][1:6] == (
        "2004", "21.40", "22.56", "0.95", "19 of 26",
    )  # fmt: skip


def test_both_languages_show_the_same_numbers(shipped):
    english, chinese = (page(shipped, language=language) for language in LANGUAGES)
    numbers = [[row[1:5] for row in latest(one).values()] for one in (english, chinese)]
    assert numbers[0] == numbers[1]
    assert [one.heading for one in english.sections] != [one.heading for one in chinese.sections]
    assert "江苏" in chinese.title


def test_breaks_gaps_and_the_weakest_status_are_on_the_page(shipped):
    one = page(shipped)
    rows = section(one, "Breaks, gaps and jumps").table.rows
    assert ("1999", "Union members", "definition") in [row[:3] for row in rows]
    assert ("1996", "Union members", "gap") in [row[:3] for row in rows]
    assert "unverified" in one.lead


def test_what_is_not_there_is_named_and_nothing_is_made_up(shipped):
    absent = section(page(shipped), "Not available for this region").paragraphs[0]
    assert "organisation rate" in absent
    assert "average wage" in absent
    assert "disputes accepted per 10,000 union members" not in absent


def test_years_stand_as_they_are_without_interpolation(shipped):
    table = section(page(shipped), "Year by year").table
    assert [row[0] for row in table.rows] == ["1995", "2000", "2004", "2005"]


def test_a_region_with_one_year_has_neither_picture_nor_years(shipped):
    assert picture_of("540000", shipped["rates"], "en") is None
    one = page(shipped, "540000")
    assert section(one, "Year by year").table is None
    assert "Year by year" not in as_html(one, None).decode()


@pytest.mark.parametrize(
    ("value", "name", "shown"),
    [(12.0, "disputes_accepted", "12"), (12.0, "density", "12.00"), (1234.56, "gdp", "1,235"),
     (123.45, "density", "123.5"), (float("nan"), "density", "")],
)  # fmt: skip
def test_numbers_bear_as_many_decimals_as_their_size(value, name, shown):
    assert number(value, name) == shown


def test_rates_come_before_levels_in_the_picture(processed):
    found = results_of(processed, with_a_place(tidy_twin(), "苏州市"))
    own = found["rates"][found["rates"]["code"] == "320500"]
    assert series_shown(own)[0] == "disputes_per_10k_employed"


# --- how it is written ------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_is_one_file_that_a_phone_can_read(shipped, language):
    picture = picture_of("320000", shipped["rates"], language)
    text = as_html(page(shipped, language=language), picture).decode()
    assert 'name="viewport"' in text
    assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in text
    assert 'src="data:image/png;base64,' in text
    # nothing is fetched
    assert not re.findall(r"(?:src|href)=\"(?!data:)", text)
    assert text.count("<table>") == text.count('<div class="wide">')


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_reads_back_with_the_same_words(shipped, language):
    one = page(shipped, language=language)
    picture = picture_of("320000", shipped["rates"], language)
    text = text_of(as_word(one, picture))
    assert one.lead in text
    for part in one.sections:
        assert part.heading in text
        assert all(words in text for words in part.paragraphs)
        for row in part.table.rows if part.table else ():
            assert all(cell in text for cell in row)
    archive = zipfile.ZipFile(io.BytesIO(as_word(one, picture)))
    assert [name for name in archive.namelist() if name.endswith(".png")]


def test_the_same_page_gives_the_same_bytes(shipped):
    one = page(shipped)
    picture = picture_of("320000", shipped["rates"], "en")
    assert picture == picture_of("320000", shipped["rates"], "en")
    assert as_word(one, picture) == as_word(one, picture)
    archive = zipfile.ZipFile(io.BytesIO(as_word(one, picture)))
    assert {member.date_time[0] for member in archive.infolist()} == {1980}


@pytest.mark.parametrize("language", LANGUAGES)
def test_private_data_are_marked_in_both_languages_on_either_page(shipped, language):
    marked = page(shipped, language=language, private=True)
    for text in (as_html(marked, None).decode(), text_of(as_word(marked, None))):
        assert "含内部数据" in text
        assert "contains private data" in text
    assert "contains private data" not in as_html(page(shipped), None).decode()


def test_a_region_titled_like_a_script_is_shown_as_text(processed):
    found = results_of(processed, with_a_place(tidy_twin(), HOSTILE))
    one = page(found, "320500", sources=("<img src=x onerror=alert(1)>",))
    text = as_html(one, None).decode()
    assert "<script" not in text
    assert "<img" not in text
    assert text.count("&lt;script&gt;") >= 3
    assert HOSTILE in text_of(as_word(one, None))


@pytest.mark.parametrize("name", [HOSTILE, "=1+1"])
def test_a_variable_that_a_user_declares_is_named_as_text(processed, name):
    rows = with_a_place(tidy_twin(), "苏州市")
    gap = (rows["variable"] == "gdp") & (rows["code"] == "320500") & (rows["year"] != 2000)
    found = results_of(processed, pd.concat([rows, rows[gap].assign(variable=name)]))
    assert not found["breaks"]["variable"].str.startswith("=").any()
    one = page(found, "320500")
    assert name in " ".join(row[1] for row in section(one, "Breaks, gaps and jumps").table.rows)
    assert "<script" not in as_html(one, None).decode()


# --- the command ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def results_task(processed):
    """The public results task on the shipped tables, its products written."""
    from dataclasses import replace

    one = task.results_task(task.scopes()[0])
    inputs = {key: processed / path.name for key, path in one.inputs.items()}
    contents = task.results(inputs, {"private": False, "staged": False})
    products = {name: processed / f"made_{name}.csv" for name in contents}
    for name, content in contents.items():
        products[name].write_bytes(as_bytes(content))
    return replace(one, inputs=inputs, products=products)


@pytest.fixture
def command(results_task, monkeypatch, tmp_path):
    """The command with nothing to build; returns the function that runs it."""
    monkeypatch.setattr(regions_report, "all_tasks", lambda: [results_task])
    monkeypatch.setattr(regions_report, "build_showing", lambda tasks, language: (None, 0))
    public = [scope for scope in task.scopes() if not scope.private]
    monkeypatch.setattr(task, "scopes", lambda: public)

    def run(code):
        options = argparse.Namespace(code=code, out=tmp_path / "out", lang="en")
        return regions_report.run(options)

    return run


@pytest.mark.parametrize("asked", ["320000", "江苏", "江苏省", "Jiangsu", " jiangsu "])
def test_a_region_is_asked_for_by_code_or_by_name(command, tmp_path, capsys, asked):
    assert command(asked) == 0
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert files == {f"320000_{end}" for end in ("en.html", "zh.html", "en.docx", "zh.docx")}
    assert "4 files" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "words"),
    [("Jiangsuu", "nearest: jiangsu"), ("999999", "nearest"), ("000000", "nearest"),
     ("", "nearest"), ("../../etc", "nearest"), ("610000", "no figure for Shaanxi"),
     ("台湾", "no figure for Taiwan")],
)  # fmt: skip
def test_a_place_that_is_none_or_has_no_figure_is_refused_in_words(
    command, tmp_path, monkeypatch, asked, words
):
    monkeypatch.setenv("JIELI_LANG", "en")
    with pytest.raises(UserError, match=words):
        command(asked)
    assert not (tmp_path / "out").exists()


def test_every_shipped_province_gets_a_page(shipped):
    codes = {row["gb2260_code"] for row in read_rows(RAW / "provinces.csv")}
    there = set(shipped["rates"]["code"]) & codes
    assert len(there) == 26
    for code in sorted(there):
        assert as_html(page(shipped, code, "zh"), None)


def test_sources_are_shortened_to_a_line(results_task, tmp_path):
    figures = task.regional_figures(results_task.inputs, private=False)
    figures = figures.assign(source="=A1\n" + "x" * 999)
    files = regions_report.pages("320000", results_task, figures, tmp_path, private=False)
    text = files[tmp_path / "320000_en.html"].decode()
    assert "'=A1" in text.replace("&#x27;", "'")
    assert "x" * 301 not in text
