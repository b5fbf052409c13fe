"""The printed report: words are never markup, exhibits keep their numbers, equal bytes, accessible."""

import json
import re
from types import SimpleNamespace

import pandas as pd
import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.exhibits.about import About, Column
from analysis.exhibits.formats import words_of
from analysis.exhibits.paper_pdf import Document, document, pdf_pages, setting
from analysis.exhibits.paper_pdf.document import MAIN
from analysis.exhibits.paper_pdf.frames import MOST_ROWS
from analysis.exhibits.paper_pdf.markup import text
from analysis.exhibits.paper_pdf.tables import ACROSS, UPRIGHT, is_across, table
from analysis.exhibits.printing.measure import laid_out
from analysis.exhibits.report import Chapter, Exhibit, Report
from analysis.exhibits.report.content import Block, Heading, Number, Paragraph, Shown
from analysis.files import sha256
from analysis.messages import Text

HOSTILE = 'a "quote" \\ #panic() *b* $x$ <c> @d [e] // ~ `f`'
SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50" width="100pt" height="50pt">
<g id="title"><use transform="translate(1 9) scale(1)"/></g><rect width="100" height="50"/></svg>"""
SOURCES = "claims.csv sha256 " + "ab" * 32


def both(words):
    return Text(words, f"{words} 中文")


def exhibit(name, rows=2, figure=False, kind="published"):
    frame = pd.DataFrame({"place": ["x"] * rows, "value": [0.5, -12.25] * (rows // 2)})
    about = About(both(f"{name} {HOSTILE}"), both("A note.\nAnother."), {}, kind)
    parts = {
        "__name__": f"analysis.exhibits.tables.{name}",
        "ABOUT": about,
        "COLUMNS": [Column("place", both("Place")), Column("value", both("Value"), 2)],
    }
    if figure:
        parts |= {"draw": None, "finding": lambda rows, language: f"{len(rows)} rows"}
    drawings = {"en": SVG, "zh": SVG} if figure else {}
    return Exhibit(SimpleNamespace(**parts), frame, f"{name}.csv", {}, drawings)


EXHIBITS = {
    "series": exhibit("series", figure=True),
    "ledger": exhibit("ledger"),
    "folded": exhibit("folded"),
    "endless": exhibit("endless", rows=MOST_ROWS + 2),
    "made_up": exhibit("made_up", kind="simulated"),
}
CLAIMS = {"reports/results/claims.csv": [{"verdict": "reproduced"}, {"verdict": "not_reproduced"}]}
COUNT = {"n": Number("reports/results/claims.csv", take="count")}
CHAPTERS = (
    Chapter("finding", both("Finding"), both("F"), (Paragraph(both("Of {n} statements."), COUNT),)),
    Chapter("ledger", both("Ledger"), both("L"), (
        Heading(both("A heading over nothing")), Block("ledger"), Heading(both("Shown")),
        Paragraph(both("Open a row."), page_only=True), Paragraph(both(HOSTILE)), Shown("series"),
        Shown("ledger"), Shown("folded", folded=True), Shown("endless", folded=True),
    )),
    Chapter("made_up", both("Simulated"), both("S"), (Shown("made_up"),), mark=both("Simulated data.")),
    Chapter("citing", both("How to cite"), both("C"), (Block("citing"),)),
    Chapter("data", both("Appendix of variables"), both("D"), (Paragraph(both("Bars.")),)),
    Chapter("page", both("Only a page has this"), both("P"), (Block("making"),)),
)  # fmt: skip


@pytest.fixture(scope="module")
def printed():
    regressions = {
        language: [words_of(f"Regression {language}", ["", "(1)"], [["Union", "0.1**"]],
                            [False, True], "Note: errors.", language)]
        for language in ("en", "zh")
    }  # fmt: skip
    return Document(Report(CHAPTERS, EXHIBITS, CLAIMS), regressions, SOURCES)


def main_file(printed, language="en"):
    return document(printed, language, ["Libertinus Serif"])[MAIN].decode("utf-8")


# --- words are never markup ---------------------------------------------------------------------


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=40)


@example(["\\", "\\n", '\\"', "\\u{41}", HOSTILE])
@settings(max_examples=8, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=40))
def test_whatever_the_words_typst_reads_them_back_as_they_are(words):
    source = f"#metadata(({', '.join(map(text, words))},)) <words>".encode()
    compiler = typst.Compiler(source, ignore_system_fonts=True)
    assert json.loads(compiler.query("<words>", field="value", one=True)) == words


def test_a_hostile_title_is_compiled_as_text(printed):
    assert pdf_pages(printed, "en").startswith(b"%PDF-")


# --- what is printed ----------------------------------------------------------------------------


def test_numbers_in_the_text_are_the_results(printed):
    assert text("Of 2 statements.") in main_file(printed)


def test_the_references_are_printed(printed):
    assert "Wu Jianping (吴建平). 2017." in main_file(printed)


def test_what_only_a_page_can_show_is_left_out(printed):
    main = main_file(printed)
    for words in ("A heading over nothing", "Open a row", "Bars.", "variables", "Only a page"):
        assert words not in main
    assert '#heading(level: 2, "Shown")' in main


def test_exhibits_keep_the_numbers_of_the_page_and_regressions_follow(printed):
    names = re.findall(r'name: "((?:Figure|Table) \d+)"', main_file(printed))
    # the folded one stands in the appendix; the endless one is named, not printed
    assert names == ["Figure 1", "Table 1", "Table 4", "Table 2", "Table 5"]


def test_a_table_too_long_to_print_is_named_with_its_file(printed):
    main = main_file(printed)
    assert "is too long to be printed: reports/tables/endless_en.html" in main
    assert "table-endless" not in main


def test_a_simulated_exhibit_is_tagged_in_its_title(printed):
    for language, tag in (("en", "[simulated]"), ("zh", "[模拟数据]")):
        lines = main_file(printed, language).splitlines()
        tagged = [line for line in lines if f'tag: "{tag}"' in line]
        assert len(tagged) == 1
        assert "table-made_up" in tagged[0]


def test_the_plot_comes_without_the_words_that_the_document_sets(printed):
    files = document(printed, "en", ["Libertinus Serif"])
    assert b'id="title"' in SVG
    assert b'id="title"' not in files["series.svg"]


# --- tables -------------------------------------------------------------------------------------


def wide(columns):
    numbers = ["-0.1234***"] * columns
    return words_of("", ["", *["(1)"] * columns], [["union", *numbers]], [False, *[True] * columns],
                    "", "en")  # fmt: skip


def test_a_table_turns_its_page_only_where_its_words_would_break():
    assert not is_across(wide(4), in_appendix=True)
    assert is_across(wide(12), in_appendix=False)
    for printed, room in ((wide(4), UPRIGHT), (wide(12), ACROSS)):
        assert sum(laid_out(printed, room)) <= room + 1e-6


def test_numbers_of_a_column_stand_by_their_points():
    code = table(words_of("", ["n"], [["0.5"], ["-12.25"], ["7"]], [True], "", "en"))
    assert 'box(width: 1.33em, h(1fr) + "0") + box(width: 1.25em, ".5" + h(1fr))' in code
    assert 'h(1fr) + "-12"' in code
    assert code.count("table.hline(stroke: 1.5pt)") == 2
    assert code.count("table.hline(y: 1, stroke: 0.75pt)") == 1


# --- the file -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_equal_results_give_equal_bytes_and_say_what_they_were_made_from(printed, language):
    content = pdf_pages(printed, language)
    assert content == pdf_pages(printed, language)
    assert SOURCES.encode() in content
    assert b"/CreationDate" not in content


def test_without_a_chinese_font_the_pages_are_english(printed, monkeypatch):
    monkeypatch.setattr(setting, "chinese_serif", lambda: None)
    assert setting.printed_language("zh") == "en"
    assert setting.printed_language("en") == "en"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_built_report_names_the_very_results_that_it_shows(built_once, language):
    content = built_once.path(f"reports/jieli_{language}.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(content) < 5_000_000
    for name in ("results/claims.csv", "results/estimates/vella_verbeek.csv"):
        path = built_once.path(f"reports/{name}")
        assert f"{path.name} sha256 {sha256(path)}".encode() in content
