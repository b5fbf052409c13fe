"""Figures and tables: complete, redrawn from their own rows, in both languages, escaped."""

import csv
import io
import re
import warnings
from types import SimpleNamespace
from xml.etree import ElementTree

import pandas as pd
import pytest

from analysis.exhibits.about import About, Column
from analysis.exhibits.drawing import draw_all, footer_of
from analysis.exhibits.fonts import chinese_font
from analysis.exhibits.formats import latex_safe, print_all
from analysis.exhibits.style import look, wrap
from analysis.files import named_hashes
from analysis.loading import load, modules_in
from analysis.messages import Text
from analysis.sources import read_processed

FIGURES = {n.rpartition(".")[2]: load(n) for n in modules_in("analysis.exhibits.figures")}
TABLES = {n.rpartition(".")[2]: load(n) for n in modules_in("analysis.exhibits.tables")}
EXHIBITS = {**FIGURES, **TABLES}
COLUMNS = ["exhibit", "kind", "title_en", "title_zh", "file", "inputs", "producer", "data_kind"]
CHINESE = re.compile(r"[\u2e80-\uffef]")
# what the article states, and a unit
ALLOWED = {"20.3", "600,000", "10,000"}
SVG, DC = "{http://www.w3.org/2000/svg}", "{http://purl.org/dc/elements/1.1/}"
HOSTILE = "<script>alert('a & b')</script> | 50 % of $x_1$ {y} ~ ^ # \\"


@pytest.fixture(scope="module")
def index(built_once) -> pd.DataFrame:
    return read_processed(built_once.path("reports/results/exhibits.csv"))


@pytest.fixture(scope="module")
def rows(built_once):
    return {
        name: read_processed(built_once.path(f"reports/results/plotted/{name}.csv"))
        for name in EXHIBITS
    }


@pytest.fixture(scope="module")
def sources(built_once):
    """What each figure's metadata says of the file that it draws."""
    plotted = built_once.path("reports/results/plotted")
    return {name: named_hashes([plotted / f"{name}.csv"]) for name in FIGURES}


@pytest.fixture(scope="module")
def drawn(rows, sources):
    """Every figure drawn in both languages, any missing glyph an error."""
    return {
        name: draw_strictly(module, rows[name], sources[name]) for name, module in FIGURES.items()
    }


def draw_strictly(module, rows, source=""):
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing from font")
        return draw_all(module, rows, source)


def printed(module, rows):
    footer = {language: footer_of(module, rows, language) for language in ("en", "zh")}
    return print_all(module.ABOUT, module.COLUMNS, rows.to_dict("records"), footer)


def hostile_table():
    words = Text(HOSTILE, f"甲 {HOSTILE}")
    columns = [Column("cell", words), Column("number", Text("Number", "数"), 1)]
    about = About(words, words, {})
    return print_all(
        about, columns, [{"cell": HOSTILE, "number": 1.25}], {"en": HOSTILE, "zh": HOSTILE}
    )


def test_index_has_the_contracts_columns_and_every_exhibit(index):
    assert list(index.columns) == COLUMNS
    assert not index.duplicated("file").any()
    kinds = dict(zip(index["exhibit"], index["kind"], strict=True))
    assert kinds == {**dict.fromkeys(FIGURES, "figure"), **dict.fromkeys(TABLES, "table")}
    assert set(index["data_kind"]) <= {"published", "survey", "regional", "simulated"}


def test_every_file_that_the_index_names_is_there(index, built_once):
    assert [f for f in index["file"] if not built_once.path(f).stat().st_size] == []
    inputs = {name for cell in index["inputs"] for name in cell.split("; ")}
    assert [name for name in inputs if not built_once.path(name).is_file()] == []


def test_index_and_folders_agree(index, built_once):
    folders = ("reports/figures", "reports/tables")
    assert set(built_once.snapshot(*folders)) == set(index["file"])


@pytest.mark.parametrize("name", EXHIBITS)
def test_every_exhibit_has_all_formats_in_both_languages(index, name):
    suffixes = ("png", "svg") if name in FIGURES else ("csv", "md", "tex", "html", "docx")
    folder = "figures" if name in FIGURES else "tables"
    files = set(index.loc[index["exhibit"] == name, "file"])
    assert files == {
        f"reports/{folder}/{name}_{lang}.{s}" for lang in ("en", "zh") for s in suffixes
    }


def test_titles_and_producers_of_the_index_are_those_of_the_modules(index):
    for row in index.itertuples():
        module, function = row.producer.split(":")
        assert callable(getattr(load(module), function))
        assert (row.title_en, row.title_zh) == tuple(load(module).ABOUT.title)
        assert module.endswith(f".{row.exhibit}")


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_comes_from_its_plotted_rows_alone(built_once, drawn, name):
    for key, content in drawn[name].items():
        language, suffix = key.split("_")
        file = built_once.path(f"reports/figures/{name}_{language}.{suffix}")
        assert file.read_bytes() == content, file.name


@pytest.mark.parametrize("name", TABLES)
def test_a_table_comes_from_its_plotted_rows_alone(built_once, rows, name):
    for key, content in printed(TABLES[name], rows[name]).items():
        language, suffix = key.split("_")
        file = built_once.path(f"reports/tables/{name}_{language}.{suffix}")
        assert file.read_bytes() == content, file.name


@pytest.mark.skipif(chinese_font() is None, reason="no Chinese font on this system")
def test_no_glyph_is_missing_in_either_language(drawn):
    for files in drawn.values():
        assert files["zh_svg"] != files["en_svg"]
        assert CHINESE.search(ElementTree.fromstring(files["zh_svg"]).find(f"{SVG}title").text)


def test_a_missing_glyph_would_be_noticed():
    def draw(rows, language):
        import matplotlib.pyplot as plt

        figure = plt.figure()
        figure.text(0.5, 0.5, "\U000f1234")
        return figure

    about = About(Text("a", "a"), Text("b", "b"), {})
    module = SimpleNamespace(ABOUT=about, draw=draw, finding=lambda rows, language: "")
    with pytest.raises(UserWarning, match="Glyph"):
        draw_strictly(module, pd.DataFrame({"x": [1]}))


@pytest.mark.parametrize("name", FIGURES)
def test_without_a_chinese_font_figures_fall_back_to_english(monkeypatch, rows, name):
    for module in ("analysis.exhibits.fonts", "analysis.exhibits.style"):
        monkeypatch.setattr(f"{module}.chinese_font", lambda: None)
    files = draw_strictly(FIGURES[name], rows[name])
    assert files["zh_png"] == files["en_png"]
    words = ElementTree.fromstring(files["zh_svg"]).find(f"{SVG}desc").text
    assert len(words.split("; ")) > 5
    assert not CHINESE.search(words)


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_rows_give_the_same_bytes_again(drawn, rows, sources, name):
    assert draw_all(FIGURES[name], rows[name], sources[name]) == drawn[name]


@pytest.mark.parametrize("name", FIGURES)
def test_an_svg_says_what_it_shows(drawn, rows, name):
    for language in ("en", "zh") if chinese_font() else ("en",):
        root = ElementTree.fromstring(drawn[name][f"{language}_svg"])
        assert root.find(f"{SVG}title").text == FIGURES[name].ABOUT.title.in_language(language)
        description = root.find(f".//{DC}description").text
        assert FIGURES[name].finding(rows[name], language) in description
        assert FIGURES[name].ABOUT.note.in_language(language).split("\n")[0] in description


def test_an_excess_below_zero_is_written_with_one_sign(rows):
    table = rows["counterfactual"].copy()
    table["excess_percent"] -= 100.0
    with look("en"):
        figure = FIGURES["counterfactual"].draw(table, "en")
        texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert [text for text in texts if "+-" in text] == []
    assert any(text.startswith("-") for text in texts)


def test_only_chinese_tables_begin_with_a_byte_order_mark(built_once):
    bom = b"\xef\xbb\xbf"
    marked = {
        name
        for name, content in built_once.snapshot("reports").items()
        if name.endswith(".csv") and content.startswith(bom)
    }
    assert marked == {f"reports/tables/{name}_zh.csv" for name in TABLES}


def test_html_is_escaped():
    for language in ("en", "zh"):
        page = hostile_table()[f"{language}_html"].decode()
        assert "<script" not in page
        assert page.count("&lt;script&gt;alert(") == 5  # title, caption, heading, cell, foot
        assert "a &amp; b" in page


def test_latex_specials_are_escaped():
    assert latex_safe("a_b & 5 % $ # { } ~ ^ \\ < > |") == (
        r"a\_b \& 5 \% \$ \# \{ \} \textasciitilde{} \textasciicircum{} \textbackslash{} "
        r"\textless{} \textgreater{} \textbar{}"
    )
    for language in ("en", "zh"):
        page = hostile_table()[f"{language}_tex"].decode()
        assert HOSTILE not in page
        assert page.count(latex_safe(HOSTILE)) == 4  # caption, heading, cell, foot


def test_markdown_pipes_are_escaped(rows):
    lines = hostile_table()["en_md"].decode().splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert len(table) == 3
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {3}


def test_csv_cells_come_back_as_they_were():
    text = hostile_table()["zh_csv"].decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [[f"甲 {HOSTILE}", "数"], [HOSTILE, "1.2"]]


@pytest.mark.parametrize("name", EXHIBITS)
def test_every_word_of_an_exhibit_is_there_in_both_languages(name):
    module = EXHIBITS[name]
    texts = [module.ABOUT.title, module.ABOUT.note]
    for column in getattr(module, "COLUMNS", []):
        texts += [column.heading, *(column.words or {}).values()]
    assert all(text.en.strip() and text.zh.strip() for text in texts)
    assert all(CHINESE.search(text.zh) for text in texts[:2])
    assert not any(CHINESE.search(text.en) for text in texts[:1])


@pytest.mark.parametrize("name", EXHIBITS)
def test_a_title_holds_no_computed_number(name):
    for words in EXHIBITS[name].ABOUT.title:
        found = re.findall(r"\d[\d,.]*\d|\d", words)
        years = {n for n in found if n.isdigit() and 1900 <= int(n) <= 2030}
        assert set(found) - years - ALLOWED == set()


def test_wrapped_lines_keep_every_word_and_their_width():
    line = "受理数衡量进入仲裁的争议 measures disputes that enter arbitration，不等于劳资冲突。" * 3
    lines = wrap(line, 20.0)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", line)
    widths = [sum(1.0 if CHINESE.match(c) else 0.55 for c in part) for part in lines]
    assert max(widths) <= 20.0
