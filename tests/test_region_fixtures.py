"""Files in the shapes that offices give them, from their first byte to figures."""

import io
import time

import openpyxl
import pandas as pd
import pytest
import region_files as files

from analysis.messages import UserError
from analysis.sources.regions import Answers, template, template_workbook, understand

TOTALS = {"总计 Total", "合计", "全国 National Total"}


def read(path, **answers):
    return understand(path, Answers(**answers))


def values(found):
    return {(f.code, f.year, f.variable): f.value for f in found.figures}


# --- (a) portal ----------------------------------------------------------------------------------


def test_a_portals_export_gives_its_years_unit_and_source(tmp_path):
    found = read(files.portal_export(tmp_path / "a.csv"))
    assert len(found.figures) == 31 * 3 and found.years == (2017, 2018, 2019)
    assert values(found)["440000", 2018, "disputes_accepted"] == files.figure("广东省", 2018)
    assert found.units == {"disputes_accepted": "件"}
    assert found.source == "国家统计局" and "劳动争议" in found.title
    assert found.set_aside == () and found.totals == ()


# --- (b), (c) yearbook ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["book.xlsx", "book.htm", "book.xls"])
def test_a_yearbooks_sheet_is_the_same_in_each_file(tmp_path, name):
    found = read(files.FIXTURES[name](tmp_path / name))
    assert found.years == (2018,)
    assert found.units == {
        "disputes_accepted": "件",
        "collective_disputes": "件",
        "workers_involved": "人",
    }
    assert {f.code for f in found.figures} == {row["gb2260_code"] for row in files.PROVINCES}
    for column, variable in enumerate(
        ("disputes_accepted", "collective_disputes", "workers_involved")
    ):
        assert values(found)["440000", 2018, variable] == files.figure("广东", column)
    assert {f.name for f in found.totals} == TOTALS and {f.code for f in found.totals} == {"000000"}


def test_a_yearbooks_symbols_keep_their_kind_and_are_never_zero(tmp_path):
    found = read(files.book_sheet(tmp_path / "a.xlsx"))
    kinds = {(f.code, f.variable): f.missing_kind for f in found.figures if f.value is None}
    assert kinds == {
        ("540000", "collective_disputes"): "below_unit",
        ("630000", "collective_disputes"): "none",
        ("640000", "workers_involved"): "unknown",
    }
    assert found.symbols == {"…": "below_unit", "-": "none", "blank": "unknown"}


def test_what_a_yearbooks_sheet_sets_aside_is_named_with_its_reason(tmp_path):
    found = read(files.book_sheet(tmp_path / "a.xlsx"))
    aside = {item.name: item for item in found.set_aside}
    assert set(aside) == {
        "结案数 Cases Settled",
        "东部地区",
        "中部地区",
        "西部地区",
        "新疆生产建设兵团",
    }
    assert (
        "province" in aside["东部地区"].reason.en
        and "GB/T 2260" in aside["新疆生产建设兵团"].reason.zh
    )
    assert aside["新疆生产建设兵团"].cell == "Sheet!A47"


def test_a_name_is_kept_without_its_spaces_and_note_marks(tmp_path):
    found = read(files.book_sheet(tmp_path / "a.xlsx"))
    names = {f.code: f.name for f in found.figures}
    assert names["110000"] == "北京 Beijing" and names["440000"] == "广东 Guangdong"


def test_the_books_year_is_not_the_datas(tmp_path):
    path = files.book_sheet(tmp_path / "a.xlsx", title="8-1 各地区劳动争议案件受理情况")
    with pytest.raises(UserError) as caught:
        read(path)
    assert caught.value.key == "region_book_year" and caught.value.fields["book"] == 2019
    assert read(path, data_year=2018).years == (2018,)


def test_a_typed_year_that_the_title_contradicts_is_taken_and_said(tmp_path):
    found = read(files.book_sheet(tmp_path / "a.xlsx"), data_year=2017)
    assert found.years == (2017,)
    assert any("2018" in words.en and "2017" in words.en for words in found.warnings)


# --- (d) federation, (e) a sheet a year ------------------------------------------------------------


def test_rows_that_are_no_province_are_never_added_to_one(tmp_path):
    found = read(files.federation_sheet(tmp_path / "a.xlsx"))
    assert {item.name for item in found.set_aside} == {"铁路总工会", "民航工会", "中央国家机关"}
    assert values(found)["210000", 2016, "grassroots_unions"] == files.figure("辽宁省")
    assert values(found)["210200", 2016, "grassroots_unions"] == 12
    assert values(found)["440300", 2016, "union_members"] == 3.5
    assert sum("never added" in words.en for words in found.warnings) == 2


def test_a_workbook_with_a_sheet_for_each_year_is_one_table(tmp_path):
    found = read(files.sheet_a_year(tmp_path / "a.xlsx"))
    assert found.years == (2015, 2016, 2017) and len(found.figures) == 93
    assert values(found)["110000", 2016, "average_wage"] == files.figure("北京市", 2016) + 20_000
    assert [item.name for item in found.set_aside] == ["说明"]


def test_one_sheet_can_be_asked_for(tmp_path):
    found = read(files.sheet_a_year(tmp_path / "a.xlsx"), sheet="2016年")
    assert found.years == (2016,)


# --- a tidy panel ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_a_panel_of_six_variables_is_read_whole_and_fast(tmp_path, kind):
    panel = files.tidy_panel()
    path = tmp_path / f"panel.{kind}"
    {"csv": panel.to_csv, "xlsx": panel.to_excel, "parquet": panel.to_parquet}[kind](
        path, index=False
    )
    start = time.process_time()
    found = read(path)
    seconds = time.process_time() - start
    assert len(found.figures) == len(panel) * 6 and len(panel) == 29 * 34 + 2 * 27
    assert seconds < 1.0 or kind == "xlsx"
    labels = dict(zip(("disputes_accepted", "union_members"), panel.columns[2:4], strict=True))
    frame = found.frame()
    for variable, label in labels.items():
        read_values = frame[frame["variable"] == variable]["value"]
        assert read_values.to_list() == panel[label].to_list()


def test_a_panels_misspelt_province_stops_it_with_a_suggestion(tmp_path):
    path = tmp_path / "panel.csv"
    files.tidy_panel(misspelt=True).to_csv(path, index=False)
    with pytest.raises(UserError) as caught:
        read(path)
    assert caught.value.key == "region_place_near"
    assert "内蒙古" in caught.value.fields["nearest"] and caught.value.fields["cell"] == "A138"


# --- the template ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_filled_template_is_read_without_a_question(tmp_path, language):
    path = tmp_path / "template.csv"
    text = template(language).decode("utf-8")
    text = text.replace("110000,北京 Beijing", "110000,北京 Beijing,2019,5,…,7")
    path.write_text(
        text.replace("120000,天津 Tianjin", "120000,天津 Tianjin,2018,-,6,"), encoding="utf-8"
    )
    found = read(path)
    assert values(found)["110000", 2019, "disputes_accepted"] == 5
    kinds = {(f.code, f.variable): f.missing_kind for f in found.figures if f.value is None}
    assert kinds == {
        ("110000", "collective_disputes"): "below_unit",
        ("120000", "disputes_accepted"): "none",
        ("120000", "workers_involved"): "unknown",
    }


def test_the_workbook_template_has_the_csvs_cells_and_can_be_filled(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(template_workbook("en")))
    sheet = book.active
    cells = pd.read_csv(io.BytesIO(template("en")), header=3, dtype=str)
    assert [cell.value for cell in sheet[4]] == list(cells.columns)
    sheet["C5"], sheet["D5"] = 2019, 12
    book.save(tmp_path / "a.xlsx")
    assert values(read(tmp_path / "a.xlsx")) == {("110000", 2019, "disputes_accepted"): 12.0}


def test_an_empty_template_says_that_it_holds_no_figure(tmp_path):
    (tmp_path / "a.csv").write_bytes(template("zh"))
    with pytest.raises(UserError) as caught:
        read(tmp_path / "a.csv")
    assert caught.value.key in ("region_no_figure", "region_empty")
