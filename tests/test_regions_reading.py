"""A region's file to sheets: kinds told by content, encodings, merged cells, and refusals."""

import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis.messages import UserError
from analysis.sources.regions import open_sheets, place_of

TABLE = "地区,2019年,2018年\n北京市,95,80\n天津市,20,18\n"


def refusal(path):
    with pytest.raises(UserError) as caught:
        open_sheets(path)
    return caught.value.key


def workbook(path, rows, change=lambda book: None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    book.save(path)
    return path


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
)
@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_text_is_read_in_each_encoding_with_each_separator(tmp_path, encoding, separator):
    path = tmp_path / "a.csv"
    path.write_bytes(TABLE.replace(",", separator).encode(encoding))
    assert open_sheets(path)[0].rows[1] == ("北京市", "95", "80")


def test_lines_above_a_table_do_not_decide_its_separator(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("数据库：分省年度数据\n指标：案件数；件\n" + TABLE, encoding="utf-8")
    assert open_sheets(path)[0].rows[2] == ("地区", "2019年", "2018年")


def test_a_merged_area_holds_its_value_everywhere_and_says_which_cells_repeat(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["地区", "案件", None], [None, "合计", "集体"]],
                    lambda book: [book.active.merge_cells(a) for a in ("A1:A2", "B1:C1")])  # fmt: skip
    sheet = open_sheets(path)[0]
    assert sheet.rows == (("地区", "案件", "案件"), ("地区", "合计", "集体"))
    assert sheet.repeated == {(1, 0), (0, 2)}


def test_hidden_sheets_are_left_out_and_hidden_rows_read_and_both_are_said(tmp_path):
    def hide(book):
        old = book.create_sheet("旧")
        old.append(["x"])
        old.sheet_state = "hidden"
        book.active.row_dimensions[2].hidden = True

    sheets = open_sheets(workbook(tmp_path / "a.xlsx", [["a"], ["b"]], hide))
    assert [sheet.rows for sheet in sheets] == [(("a",), ("b",))]
    assert "旧" in sheets[0].remarks[0].zh and "1 rows" in sheets[0].remarks[1].en


def test_dates_counted_from_1904_are_the_dates_that_excel_shows(tmp_path):
    def from_1904(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    path = workbook(tmp_path / "a.xlsx", [[datetime(2019, 12, 31)]], from_1904)
    assert open_sheets(path)[0].rows[0][0].year == 2019


@pytest.mark.parametrize("name", ["a.htm", "a.xls"])
def test_a_gb2312_page_keeps_its_title_and_its_spans(tmp_path, name):
    page = ('<html><head><meta charset="gb2312"><title>劳动争议 单位：件</title></head><table>'
            '<tr><td rowspan=2>地区</td><td colspan=2>受理</td></tr><tr><td>合计</td><td>集体</td></tr>'
            "<tr><td>北&nbsp; 京 Beijing</td><td>95</td><td>3</td></tr></table></html>")  # fmt: skip
    (tmp_path / name).write_bytes(page.encode("gb18030"))
    sheet = open_sheets(tmp_path / name)[0]
    assert sheet.rows[0][0] == "劳动争议 单位：件"
    assert sheet.rows[1:3] == (("地区", "受理", "受理"), ("地区", "合计", "集体"))
    assert sheet.rows[3] == ("北 京 Beijing", "95", "3")
    assert sheet.repeated == {(2, 0), (1, 2)}


def test_parquet_has_its_column_names_as_first_row(tmp_path):
    pd.DataFrame({"code": ["110000"], "cases": [None]}).to_parquet(tmp_path / "a.parquet")
    assert open_sheets(tmp_path / "a.parquet")[0].rows == (("code", "cases"), ("110000", None))


def test_a_name_is_the_spreadsheets():
    assert [place_of(0, 0), place_of(9, 26), place_of(0, 702)] == ["A1", "AA10", "AAA1"]


# --- refused, with what to do -------------------------------------------------------------------


def test_a_link_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    assert refusal(tmp_path / "b.csv") == "region_link"


def test_200_megabytes_are_refused_unread(tmp_path):
    with (tmp_path / "a.csv").open("wb") as stream:
        stream.truncate(200 * 2**20)
    assert refusal(tmp_path / "a.csv") == "region_large"


def test_an_archive_and_a_bomb_are_refused(tmp_path):
    for name, size, key in (("z", 10, "region_zip"), ("b", 30 * 2**20, "region_bomb")):
        with zipfile.ZipFile(tmp_path / f"{name}.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/sheet.xml", b"0" * size)
        assert refusal(tmp_path / f"{name}.xlsx") == key


def test_formulas_without_values_and_huge_merges_are_refused(tmp_path):
    assert refusal(workbook(tmp_path / "f.xlsx", [[1, "=A1*2"]])) == "region_formula"
    small = workbook(tmp_path / "s.xlsx", [[1]], lambda b: b.active.merge_cells("A1:B2"))
    with zipfile.ZipFile(small) as old, zipfile.ZipFile(tmp_path / "m.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"A1:B2"', b'"A1:Z9000"'))
    assert refusal(tmp_path / "m.xlsx") == "region_merged_area"


@pytest.mark.parametrize(("content", "key"), [
    (b"", "empty_file"),
    (b" ,\n ,\n", "region_no_cells"),
    (b"%PDF-1.7", "region_pdf"),
    (b"\xff\xff\xff", "region_encoding"),
    (b"PK\x03\x04 broken", "unreadable_data"),
    (b"\xd0\xcf\x11\xe0 broken", "unreadable_data"),
    (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "region_password"),
])  # fmt: skip
def test_what_cannot_be_read_is_one_sentence(tmp_path, content, key):
    (tmp_path / "a.xlsx").write_bytes(content)
    assert refusal(tmp_path / "a.xlsx") == key


def test_an_old_workbook_gives_merged_cells_dates_and_word_of_what_it_hides():
    # written with xlwt; the figures are made up
    (sheet,) = open_sheets(Path(__file__).parent / "data" / "regions" / "old.xls")
    assert sheet.rows[:2] == (("地区", "受理", "受理"), ("地区", "合计", "集体"))
    assert sheet.rows[2] == ("北  京 Beijing", 95.0, datetime(2019, 12, 31))
    assert sheet.repeated == {(1, 0), (0, 2)}
    assert "旧" in sheet.remarks[0].zh
    assert "1 rows" in sheet.remarks[1].en
