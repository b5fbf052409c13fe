"""Files as they go wrong: each is handled, or refused in one sentence that says where and what to do."""

import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis.messages import UserError, message
from analysis.sources.regions import Answers, understand

TITLE = "2010年各地区劳动争议受理案件数\n单位：件\n地区,受理案件数\n"


def text(path, content, encoding="utf-8"):
    path.write_bytes(content.encode(encoding))
    return path


def book(path, rows, change=lambda book: None):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    change(made)
    made.save(path)
    return path


def refused(path, **answers):
    """Return the refusal's key and cell; nothing may have been written beside the file."""
    before = sorted(path.parent.iterdir())
    with pytest.raises(UserError) as caught:
        understand(path, Answers(**answers))
    assert sorted(path.parent.iterdir()) == before
    assert all(message(caught.value.key, lang, **caught.value.fields) for lang in ("en", "zh"))
    return caught.value.key, caught.value.fields.get("cell")


def values(path, **answers):
    found = understand(path, Answers(**answers))
    return {(f.code, f.year): f.value for f in found.figures}


# --- refused: text ---------------------------------------------------------------------------------

REFUSED = {
    "a code of no province": ("代码,年份,受理案件数（件）\n990001,2010,5\n110000,2010,5\n", "region_code", "A2"),
    "a code short of a digit": ("代码,年份,受理案件数（件）\n110000,2010,5\n11000,2010,5\n", "region_code", "A3"),
    "a county abolished by that year": ("代码,年份,受理案件数（件）\n110103,2012,5\n", "region_gone", "C2"),
    "a misspelt province": (TITLE + "北京,5\n黑龙工,6\n", "region_place_near", "A5"),
    "a misspelt first row": (TITLE + "北就,5\n天津,6\n", "region_place_near", "A4"),
    "a misspelt English name": (TITLE + "北京 Bejing,5\n", "region_place_near", "A4"),
    "one place, misspelt": ("地区,年份,受理案件数（件）\n江苏剩,2010,5\n江苏剩,2011,6\n", "region_place_near", "A2"),
    "a row that is no known place": (TITLE + "北京,5\n某某地,6\n", "region_place", "A5"),
    "languages that disagree": (TITLE + "陕西 Shanxi,5\n北京,6\n", "region_places_disagree", "A4"),
    "code and name that disagree": ("代码,地区,年份,受理案件数（件）\n110000,天津,2010,5\n", "region_places_disagree", "A2"),
    "figures without a name": (TITLE + "北京,5\n,6\n", "region_no_name", "A5"),
    "a county whose name is many's": (TITLE + "鼓楼区,5\n", "region_places_disagree", "A4"),
    "a county that is not in its province": ("省份,区县,年份,受理案件数（件）\n北京,鼓楼区,2010,5\n", "region_places_disagree", "A2"),
    "a note mark for a name": (TITLE + "北京,5\n①,6\n", "region_no_name", "A5"),
    "吉林 among its prefectures": (TITLE + "吉林,5\n长春市,6\n", "region_shared_name", "B4"),
    "the year 20008": ("地区,年份,受理案件数（件）\n北京,20008,5\n天津,2008,5\n", "region_year", "B2"),
    "the year 20008 in a header": ("2件\n地区,20008年,2007年\n北京,5,6\n", "region_year", "B2"),
    "a year to come": ("地区,年份,受理案件数（件）\n北京,2090,5\n", "region_year", "B2"),
    "a day within the year": ("地区,年份,受理案件数（件）\n北京,2010-06-30,5\n", "region_year", "B2"),
    "no year anywhere": ("地区,受理案件数（件）\n北京,5\n", "region_no_year", None),
    "no unit anywhere": ("地区,年份,受理案件数\n北京,2010,5\n", "region_unit_unknown", "C2"),
    "units mixed in a column": ("地区,年份,受理案件数\n北京,2010,1.2万件\n天津,2010,80\n", "region_unit_unknown", "C3"),
    "a unit of something else": ("地区,年份,受理案件数（万元）\n北京,2010,5\n", "region_unit_kind", "C2"),
    "units that disagree in one header": ("地区,年份,工会会员（万人）（人）\n北京,2010,5\n", "region_unit_kind", "C2"),
    "a percentage among counts": (TITLE + "北京,5%\n", "region_unit_kind", "B4"),
    "words for a number": (TITLE + "北京,约五百\n天津,5\n", "region_number", "B4"),
    "two numbers in a cell": (TITLE + "北京,5-6\n天津,5\n", "region_number", "B4"),
    "a formula's error in text": (TITLE + "北京,#DIV/0!\n", "region_formula_error", "B4"),
    "a symbol that nobody explains": (TITLE + "北京,…\n天津,5\n", "region_symbol", "B4"),
    "a blank that nobody explains": (TITLE + "北京,\n天津,5\n", "region_symbol", "B4"),
    "一 for a dash": (TITLE + "北京,一\n天津,5\n", "region_symbol", "B4"),
    "no header at all": ("北京,2010,5\n天津,2010,6\n", "region_variable_unknown", "C1"),
    "no known variable": ("地区,年份,产量（吨）\n北京,2010,5\n", "region_no_figure", None),
    "no place": ("品种,产量\n大米,5\n小麦,6\n", "region_no_table", None),
    "years of a place not named": ("年份,受理案件数（件）\n2010,5\n", "region_no_place", "A2"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_where_it_stands(tmp_path, name):
    content, key, cell = REFUSED[name]
    assert refused(text(tmp_path / "a.csv", content)) == (key, cell)


def test_every_unexplained_symbol_is_asked_for_at_once(tmp_path):
    path = text(tmp_path / "a.csv", TITLE + "北京,…\n天津,-\n河北,\n山西,7\n")
    with pytest.raises(UserError) as caught:
        understand(path, Answers())
    assert caught.value.fields["flag"] == "…=KIND,-=KIND,blank=KIND"
    kinds = Answers.symbols_of("…=below_unit,-=none,空格=unknown")
    found = understand(path, Answers(symbols=kinds))
    assert [f.missing_kind for f in found.figures] == ["below_unit", "none", "unknown", ""]


@pytest.mark.parametrize("flag", ["…", "…=nothing", "=none", "…=none,-"])
def test_a_flag_that_is_no_symbol_and_kind_is_refused(flag):
    with pytest.raises(UserError, match=r"below_unit|不足|symbols"):
        Answers.symbols_of(flag)


def test_answers_that_name_nothing_are_refused(tmp_path):
    path = text(tmp_path / "a.csv", "年份,受理案件数（件）\n2010,5\n")
    assert refused(path, place="苏洲")[0] == "region_place_asked"
    assert refused(path, place="江苏", variable="dispute")[0] == "region_variable_asked"
    assert refused(path, place="江苏", sheet="Sheet9")[0] == "region_sheet"
    assert refused(path, place="江苏", data_year=20188)[0] == "region_year_asked"


# --- refused: workbooks ------------------------------------------------------------------------------

HEAD = [["2010年各地区劳动争议"], ["地区", "受理案件数（件）"]]


def test_a_formulas_error_and_a_date_for_a_figure_are_refused(tmp_path):
    wrong = [*HEAD, ["北京", "#REF!"]]
    assert refused(book(tmp_path / "a.xlsx", wrong)) == ("region_formula_error", "Sheet!B3")
    dated = [*HEAD, ["北京", datetime(2010, 5, 1)], ["天津", 6]]
    assert refused(book(tmp_path / "a.xlsx", dated)) == ("region_date", "Sheet!B3")


def test_a_figure_merged_over_two_places_is_refused(tmp_path):
    rows = [*HEAD, ["北京", 5], ["天津", None], ["河北", 6]]
    path = book(tmp_path / "a.xlsx", rows, lambda b: b.active.merge_cells("B3:B4"))
    assert refused(path) == ("region_merged_figure", "Sheet!B4")


def test_a_sheet_that_is_not_there_and_one_without_a_table_are_named(tmp_path):
    path = book(tmp_path / "a.xlsx", [["目录"], ["表一"]])
    assert refused(path, sheet="表九")[0] == "region_sheet"
    assert refused(path)[0] == "region_no_table"


def test_a_formula_without_a_value_and_an_empty_sheet_are_refused(tmp_path):
    assert refused(book(tmp_path / "a.xlsx", [*HEAD, ["北京", "=1+1"]])) == ("region_formula", "B3")
    assert refused(book(tmp_path / "a.xlsx", []))[0] == "region_no_cells"


def test_an_archive_called_a_workbook_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("data.csv", TITLE)
    assert refused(tmp_path / "a.xlsx")[0] == "region_zip"


# --- handled -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["12,345", "12 345", "12，345", "１２３４５", "12345①", "'12345", "1.2345e4", "12345.0", " 12345 "])  # fmt: skip
def test_a_number_is_read_however_it_is_written(tmp_path, cell):
    path = text(tmp_path / "a.csv", TITLE + f'北京,"{cell}"\n天津,1\n')
    assert values(path)["110000", 2010] == 12345.0


@pytest.mark.parametrize(("cell", "code"), [("110000.0", "110000"), ("11", "110000"), ("3205", "320500"), ("４４００００", "440000")])  # fmt: skip
def test_a_code_is_read_with_decimals_or_without_its_zeros(tmp_path, cell, code):
    path = text(tmp_path / "a.csv", f"行政区划代码,年份,受理案件数（件）\n{cell},2010,5\n")
    assert values(path) == {(code, 2010): 5.0}


def test_a_nations_code_that_lost_its_zeros_is_the_nation(tmp_path):
    path = text(tmp_path / "a.csv", "代码,年份,受理案件数（件）\n0,2010,9\n110000,2010,5\n")
    found = understand(path, Answers())
    assert [(f.code, f.value) for f in found.totals] == [("000000", 9.0)]


def test_hong_kong_macao_and_taiwan_are_set_aside_by_name_and_by_code(tmp_path):
    path = text(tmp_path / "a.csv", TITLE + "北京,5\n香港,6\n澳门特别行政区,7\n台湾 Taiwan,8\n")
    found = understand(path, Answers())
    assert len(found.figures) == 1 and [a.cell for a in found.set_aside] == ["A5", "A6", "A7"]
    path = text(tmp_path / "b.csv", "代码,年份,受理案件数（件）\n810000,2010,9\n110000,2010,5\n")
    assert [a.name for a in understand(path, Answers()).set_aside] == ["810000"]


def test_dates_that_bound_a_year_are_that_year_and_said_so(tmp_path):
    rows = [
        ["地区", "年份", "受理案件数（件）"],
        ["北京", date(2010, 12, 31), 5],
        ["天津", date(2011, 1, 1), 6],
    ]
    found = understand(book(tmp_path / "a.xlsx", rows), Answers())
    assert found.years == (2010, 2011) and "dates" in found.warnings[0].en


def test_a_workbook_that_counts_from_1904_gives_the_year_it_shows(tmp_path):
    def from_1904(made):
        made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    rows = [["地区", "年份", "受理案件数（件）"], ["北京", datetime(2010, 12, 31), 5]]
    assert values(book(tmp_path / "a.xlsx", rows, from_1904)) == {("110000", 2010): 5.0}


def test_a_year_typed_into_a_cell_of_dates_is_refused(tmp_path):
    rows = [["地区", "年份", "受理案件数（件）"], ["北京", datetime(1905, 7, 2), 5]]
    assert refused(book(tmp_path / "a.xlsx", rows)) == ("region_year", "Sheet!B2")


def test_percentages_keep_what_the_sheet_shows_even_above_100(tmp_path):
    def as_percent(made):
        made.active["B3"].number_format = "0.0%"

    rows = [["2010年建会率"], ["地区", "建会率（%）"], ["北京", 1.125], ["天津", 50]]
    declared = Answers.declared_of("建会率=organisation_percent,%")
    path = book(tmp_path / "a.xlsx", rows, as_percent)
    found = understand(path, Answers(variables=declared))
    assert [(f.value, f.unit) for f in found.figures] == [(112.5, "%"), (50.0, "%")]


def test_hidden_rows_are_read_and_hidden_sheets_left_out_and_both_are_said(tmp_path):
    def hide(made):
        made.active.row_dimensions[3].hidden = True
        old = made.create_sheet("旧表")
        old.append(["地区", "x"])
        old.sheet_state = "hidden"

    found = understand(
        book(tmp_path / "a.xlsx", [*HEAD, ["北京", 5], ["天津", 6]], hide), Answers()
    )
    assert len(found.figures) == 2
    assert "旧表" in found.warnings[0].zh and "1 rows" in found.warnings[1].en


@pytest.mark.parametrize(("encoding", "separator"), [("gb18030", "\t"), ("utf-16", ";"), ("utf-8-sig", "\t")])  # fmt: skip
def test_a_csv_in_tabs_and_any_encoding_is_read(tmp_path, encoding, separator):
    content = "地区,年份,受理案件数（件）\n北京,2010,5\n天津,2010,6\n".replace(",", separator)
    assert len(values(text(tmp_path / "a.csv", content, encoding))) == 2


def test_a_year_in_two_vintages_keeps_the_plain_one_and_names_the_other(tmp_path):
    path = text(
        tmp_path / "a.csv", "受理案件数\n单位：件\n地区,2010年,2010年(修订)\n北京,5,6\n天津,7,8\n"
    )
    found = understand(path, Answers(variable="disputes_accepted"))
    assert {f.value for f in found.figures} == {5.0, 7.0}
    assert [(a.name, a.cell) for a in found.set_aside] == [("2010年(修订)", "C3")]


def test_a_cell_written_twice_is_kept_for_the_checks_to_see(tmp_path):
    found = understand(text(tmp_path / "a.csv", TITLE + "北京,5\n北京市,6\n"), Answers())
    assert [f.value for f in found.figures] == [5.0, 6.0]


def test_provinces_before_their_founding_are_read_with_a_warning(tmp_path):
    path = text(
        tmp_path / "a.csv", "地区,年份,受理案件数（件）\n重庆,1995,5\n海南,1987,6\n四川,1995,9\n"
    )
    found = understand(path, Answers())
    assert len(found.figures) == 3
    assert [("1997" in w.en, "1988" in w.en) for w in found.warnings] == [
        (False, True),
        (True, False),
    ]


def test_codes_that_no_list_can_check_are_read_with_a_warning(tmp_path):
    content = "代码,年份,受理案件数（件）\n320599,2010,5\n320500,2015,6\n320500,2010,6\n"
    found = understand(text(tmp_path / "a.csv", content), Answers())
    assert len(found.figures) == 3
    assert "320599" in found.warnings[0].en and "2015" in found.warnings[1].en


def test_a_link_a_folder_and_a_missing_file_are_refused(tmp_path):
    path = text(tmp_path / "a.csv", TITLE + "北京,5\n")
    (tmp_path / "link.csv").symlink_to(path)
    assert refused(tmp_path / "link.csv")[0] == "region_link"
    assert refused(tmp_path)[0] == "directory"
    assert refused(tmp_path / "none.csv")[0] == "missing_file"


def test_a_parquet_of_numbers_as_codes_is_read(tmp_path):
    frame = pd.DataFrame(
        {"code": [110000, 120000], "year": [2010, 2010], "gdp（亿元）": [1.5, None]}
    )
    frame.to_parquet(tmp_path / "a.parquet")
    found = understand(tmp_path / "a.parquet", Answers(symbols={"blank": "unknown"}))
    assert [(f.code, f.value, f.missing_kind) for f in found.figures] == [
        ("110000", 1.5, ""), ("120000", None, "unknown"),
    ]  # fmt: skip


def test_a_path_outside_of_the_project_is_read_where_it_is(tmp_path, monkeypatch):
    text(tmp_path / "a.csv", TITLE + "北京,5\n")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    assert values(Path("..") / "a.csv") == {("110000", 2010): 5.0}


@pytest.mark.parametrize("content", [
    ",\n" + "x\n" * 600, "," * 600 + "\n\n", '<html><table><tr><td rowspan="40" colspan="40">5</td></tr></table></html>',
])  # fmt: skip
def test_a_file_of_too_many_cells_is_refused_before_they_are_made(tmp_path, monkeypatch, content):
    monkeypatch.setattr("analysis.sources.regions.texts.LARGEST_CELLS", 1000)
    assert refused(text(tmp_path / "a.htm", content))[0] == "region_cells"
