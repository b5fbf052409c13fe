"""Printed tables: three rules, aligned decimals, nothing that runs, equal bytes, files that open."""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed_tables import HOSTILE, NOTE, W, document, table

from analysis.exhibits.formats import ALL, words_of, written
from analysis.exhibits.printing.csv import harmless
from analysis.exhibits.printing.excel import as_excel, format_of
from analysis.exhibits.printing.measure import fitted
from analysis.exhibits.printing.package import unpacked
from analysis.exhibits.printing.printed import heading_rows, number_in
from analysis.exhibits.printing.stars import LEVELS, legend, marks
from analysis.exhibits.printing.style import style, styles
from analysis.exhibits.printing.word import as_word

OFFICE = shutil.which("soffice")


def sheet_of(printed):
    openpyxl = pytest.importorskip("openpyxl")
    return openpyxl.load_workbook(io.BytesIO(as_excel(printed, style()))).active


# --- stars --------------------------------------------------------------------------------------


@given(st.floats(0.0, 1.0), st.sampled_from(["econ", "soc"]))
def test_stars_count_the_levels_that_a_p_value_is_below(p_value, convention):
    levels = {"econ": (0.1, 0.05, 0.01), "soc": (0.05, 0.01, 0.001)}[convention]
    assert len(marks(p_value, convention)) == sum(p_value < level for level in levels)


@given(st.floats(0.0, 1.0))
def test_without_stars_there_is_neither_mark_nor_legend(p_value):
    assert marks(p_value, "off") == ""
    assert legend("off", "en") == ""


@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_no_p_value_earns_no_star(nothing):
    assert marks(nothing, "econ") == ""


@pytest.mark.parametrize("convention", ["econ", "soc"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_legend_names_its_levels(convention, language):
    said = [float(n) for n in re.findall(r"\d+(?:\.\d+)?", legend(convention, language))]
    levels = sorted((level for _, level in LEVELS[convention]), reverse=True)
    assert said == pytest.approx([level * (100 if language == "zh" else 1) for level in levels])


def test_styles_are_the_five_and_know_their_words():
    assert list(styles()) == ["plain", "jjyj", "shxyj", "glsj", "aer"]
    assert {s.id: s.stars for s in styles().values()} == {
        "plain": "off", "jjyj": "econ", "shxyj": "soc", "glsj": "econ", "aer": "off",
    }  # fmt: skip
    assert style("shxyj").observations.zh == "个案数"
    assert {s.stars for s in styles().values()} <= set(LEVELS)
    assert {s.brackets for s in styles().values()} <= {"se", "t", "p"}


# --- numbers as printed -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("0.12***", ("", "0.12", "***")),
        ("(-2.34)", ("(", "-2.34", ")")),
        ("[0.01]*", ("[", "0.01", "]*")),
        ("1,234.5", ("", "1,234.5", "")),
        (".378", ("", ".378", "")),
        ("4.6e-08", ("", "4.6e-08", "")),
    ],
)
def test_a_printed_number_is_read_in_parts(text, parts):
    assert tuple(number_in(text)) == parts


@pytest.mark.parametrize("text", ["", "是", "1,2", "60-70", "=1+1", "-", "1.2.3", "0.1****"])
def test_words_are_no_numbers(text):
    assert number_in(text) is None


def test_a_heading_of_two_lines_is_two_rows_set_at_the_bottom():
    assert heading_rows(["", "(1)\nwage", "N"]) == (("", "(1)", ""), ("", "wage", "N"))


@given(st.floats(10.0, 60.0), st.text("ab 工会", min_size=1, max_size=80))
def test_columns_fill_no_more_than_the_line(room, words):
    printed = words_of("", ["", "n"], [[words, "1.25"], ["a", "(0.1)"]], [False, True], "", "en")
    assert sum(fitted(printed, room)) <= room + 1e-6


# --- every format -------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ALL)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_equal_tables_give_equal_bytes(suffix, language, monkeypatch):
    first = written(table(language), suffix, style())
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert written(table(language), suffix, style()) == first
    assert written(table(language, "Another"), suffix, style()) != first or suffix == "csv"


@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_an_office_file_holds_no_date(suffix):
    content = written(table(), suffix, style())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    about = unpacked(content)["docProps/core.xml"]
    assert b"dcterms:created>" not in about
    assert b"dcterms:modified>" not in about


# --- what a spreadsheet could run ---------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+cmd|x", "-1+1", "@SUM(A1)", " =1+1", "\t=1", "-a"])
def test_text_that_begins_like_a_formula_is_marked_as_text_in_csv(text):
    assert harmless(text) == f"'{text}"
    cells = next(csv.reader(io.StringIO(written(
        words_of("", [text], [], [False], "", "en"), "csv", style()).decode(), newline="")))  # fmt: skip
    assert cells == [f"'{text}"]


@pytest.mark.parametrize("text", ["-0.5", "-0.12***", "+1", "-", "+", "a=b", "(−1)", "-.080", ""])
def test_numbers_and_plain_words_stay_as_they_are_in_csv(text):
    assert harmless(text) == text


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("x")', "+1+1", "-1+1", "@SUM(A1)"])
def test_text_is_never_a_formula_in_excel(text):
    sheet = sheet_of(words_of(text, [text], [[text]], [False], text, "en"))
    cells = [sheet.cell(row, 1) for row in range(1, 5)]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in cells] == [
        (text, "s", True)
    ] * 4


def test_numbers_are_numbers_in_excel_and_shown_as_printed():
    sheet = sheet_of(table())
    assert [(sheet.cell(row, 2).value, sheet.cell(row, 2).number_format) for row in (4, 5, 7)] == [
        (0.1234, '0.0000"***"'),
        (0.0123, '"("0.0000")";"("-0.0000")"'),
        (4360, "#,##0"),
    ]
    assert format_of(number_in(".080")) == ".000"
    assert format_of(number_in("4.6e-08")) == "0.0E+00"


def test_a_code_with_leading_zeros_stays_text_in_excel():
    sheet = sheet_of(words_of("", ["code"], [["007"], ["110000"]], [False], "", "en"))
    assert [sheet.cell(row, 1).value for row in (3, 4)] == ["007", 110000]


def test_control_characters_do_not_break_a_file():
    printed = words_of("a\x00b", ["\x0b"], [["c\x1fd\ufffe"]], [False], "\ud800", "en")
    assert sheet_of(printed).cell(1, 1).value == "ab"
    assert "cd" in "".join(document(as_word(printed, style())).itertext())


# --- Word ---------------------------------------------------------------------------------------


def test_word_has_three_rules_of_their_widths_and_no_vertical_ones():
    tree = document(as_word(table(), style()))
    edges = {
        edge.tag.removeprefix(W): edge.get(f"{W}sz") for edge in tree.find(f".//{W}tblBorders")
    }
    assert edges == {"top": "12", "bottom": "12"}  # eighths of a point: 1.5 and 1.5
    rows = tree.findall(f".//{W}tr")
    ruled = [[e.get(f"{W}sz") for e in row.iterfind(f".//{W}tcBorders/{W}bottom")] for row in rows]
    assert ruled == [[], ["6"] * 3, [], [], [], []]  # 0.75 beneath the heading's last row
    assert [b for b in tree.iterfind(f".//{W}tcBorders/*") if b.tag != f"{W}bottom"] == []


def test_word_aligns_a_column_by_one_decimal_stop_inside_its_cell():
    rows = document(as_word(table(), style())).findall(f".//{W}tr")
    for column in (1, 2):
        cells = [row.findall(f"{W}tc")[column] for row in rows]
        width = int(cells[0].find(f".//{W}tcW").get(f"{W}w"))
        stops = [cell.find(f".//{W}tab") for cell in cells]
        assert [stop is not None for stop in stops] == [False, False, True, True, False, False]
        places = {stop.get(f"{W}pos") for stop in stops if stop is not None}
        assert len(places) == 1
        assert 0 < int(places.pop()) < width
        assert {stop.get(f"{W}val") for stop in stops if stop is not None} == {"decimal"}


def test_whole_numbers_alone_in_a_column_are_aligned_too():
    printed = words_of("", ["n"], [["48,121"], ["7"]], [True], "", "en")
    tabs = document(as_word(printed, style())).findall(f".//{W}tabs/{W}tab")
    assert len(tabs) == 2


@pytest.mark.parametrize(("journal", "language", "caption"), [
    ("plain", "zh", "宋体"), ("jjyj", "zh", "黑体"), ("jjyj", "en", "宋体"),
])  # fmt: skip
def test_word_sets_chinese_in_song_and_latin_in_times(journal, language, caption):
    parts = unpacked(as_word(table(language), style(journal)))
    tree = ElementTree.fromstring(parts["word/styles.xml"])
    default = tree.find(f".//{W}rPrDefault//{W}rFonts")
    assert default.get(f"{W}eastAsia") == "宋体"
    assert default.get(f"{W}ascii") == default.get(f"{W}hAnsi") == "Times New Roman"
    styled = {s.get(f"{W}styleId"): s.find(f".//{W}rFonts") for s in tree.iterfind(f"{W}style")}
    assert styled["Caption"].get(f"{W}eastAsia") == caption


def test_heading_rows_repeat_and_no_row_breaks_over_a_page():
    rows = document(as_word(table(), style())).findall(f".//{W}tr")
    assert [row.find(f".//{W}tblHeader") is not None for row in rows] == [True] * 2 + [False] * 4
    assert all(row.find(f".//{W}cantSplit") is not None for row in rows)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_python_docx_reads_the_words_back(language):
    docx = pytest.importorskip("docx")
    opened = docx.Document(io.BytesIO(as_word(table(language, HOSTILE), style())))
    assert [p.text for p in opened.paragraphs] == [HOSTILE, *NOTE[language].split("\n")]
    cells = [[cell.text for cell in row.cells] for row in opened.tables[0].rows]
    printed = table(language)
    assert cells == [list(line) for line in (*printed.headings, *printed.lines)]


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="no LibreOffice on this system")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_libreoffice_turns_it_into_a_pdf(tmp_path, language):
    source = tmp_path / "table.docx"
    source.write_bytes(as_word(table(language), style("jjyj")))
    subprocess.run(
        [OFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", tmp_path, source],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert (tmp_path / "table.pdf").read_bytes().startswith(b"%PDF")
