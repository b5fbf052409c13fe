"""No number is typed into the report's sentences: each is read from a result and says which."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.exhibits.report import chapters
from analysis.exhibits.report.content import OWN, Number, Paragraph, Shown, complete, own_chapter
from analysis.exhibits.report.prose import Quote, in_text, plain, printed, said
from analysis.messages import LANGUAGES, Text

PLACE = re.compile(r"\{(\w+)\}")
# HC1, 2SLS and G−1 are names and formulas: their digits touch a letter or a minus sign
TYPED = re.compile(r"(?<![A-Za-z−\d.,])\d[\d.,]*(?![A-Za-z\d])")
ROWS = [
    {"id": "a", "kind": "x", "value": "1.25", "gap": ""},
    {"id": "b", "kind": "x", "value": "-3", "gap": "2"},
    {"id": "c", "kind": "y", "value": "2.5", "gap": ""},
]
RESULTS = {"r.csv": ROWS}
PARAGRAPHS = [
    (chapter.id, part)
    for chapter in (*chapters(), own_chapter([], []))
    for part in chapter.parts
    if isinstance(part, Paragraph)
]


@pytest.mark.parametrize(("chapter", "paragraph"), PARAGRAPHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_holds_no_number_but_those_it_declares(chapter, paragraph, language):
    words = paragraph.text.in_language(language)
    assert not TYPED.findall(PLACE.sub("", words)), chapter
    assert set(PLACE.findall(words)) == set(paragraph.numbers)


def test_typed_numbers_would_be_found_and_names_would_not():
    assert TYPED.findall("In 2008 it grew by 98.0 percent") == ["2008", "98.0"]
    assert TYPED.findall("共 110 条，均为20.3%") == ["110", "20.3"]
    assert not TYPED.findall("HC1, CRV3, 2SLS and G−1")


def test_every_number_comes_from_a_result_that_is_committed():
    files = {number.file for _, part in PARAGRAPHS for number in part.numbers.values()}
    root = Path(__file__).parents[1]
    for file in files:
        assert re.fullmatch(r"reports/(simulated/)?results/(plotted/)?\w+\.csv", file)
        assert (root / file).exists(), file


def number(take="value", **more):
    return Number("r.csv", take=take, **more)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (number(where={"id": "a"}, column="value"), "1.25"),
        (number(where={"id": "a"}, column="value", form=".1f"), "1.2"),
        (number("count"), "3"),
        (number("count", where={"kind": "x"}), "2"),
        (number("count", where={"id": ["a", "c"], "kind": "x"}), "1"),
        (number("distinct", column="kind"), "2"),
        (number("minimum", column="value", form=".2f"), "-3.00"),
        (number("maximum", column="gap", form=".0f"), "2"),
        (number("sum", column="value", form=".2f"), "0.75"),
    ],
)
def test_a_number_is_taken_from_the_rows_that_it_names(asked, text):
    assert printed(asked, RESULTS) == text


@given(st.lists(st.integers(-1000, 1000), min_size=1))
def test_what_is_taken_over_rows_is_so_for_any_rows(values):
    results = {"r.csv": [{"v": str(value)} for value in values]}
    for take, over in (("minimum", min), ("maximum", max), ("sum", sum)):
        asked = number(take, column="v", form=".0f")
        assert float(printed(asked, results)) == over(values)
    assert printed(number("distinct", column="v"), results) == f"{len(set(values)):,}"


def test_a_value_of_several_rows_or_of_none_is_refused():
    for where in ({"kind": "x"}, {"id": "z"}):
        with pytest.raises(ValueError):
            printed(number(where=where, column="value"), RESULTS)


def test_a_number_that_is_not_declared_is_refused():
    with pytest.raises(KeyError):
        said(Paragraph(Text("{n} of them", "{n} 个")), "en", RESULTS)


def test_each_number_said_is_listed_with_its_sentence_and_source():
    paragraph = Paragraph(
        Text("Of {all} one is {low}. The rest is silence.", "共 {all} 个，最小 {low}。其余从略。"),
        {"all": number("count"), "low": number("minimum", column="value", form=".0f")},
    )
    rows = [*in_text(said(paragraph, "zh", RESULTS), "index_zh.html", "finding")]
    assert [row["value"] for row in rows] == ["3", "-3"]
    assert {row["sentence"] for row in rows} == {"共 3 个，最小 -3。"}
    assert rows[1]["file"] == "r.csv"
    assert (rows[1]["column"], rows[1]["take"]) == ("value", "minimum")
    assert plain(said(paragraph, "en", RESULTS)).startswith("Of 3 one is -3.")


def test_numbers_are_quotes_and_words_are_not():
    words = said(PARAGRAPHS_WITH_ROWS, "en", RESULTS)
    assert [isinstance(piece, Quote) for piece in words] == [False, True]


PARAGRAPHS_WITH_ROWS = Paragraph(Text("There are {n}", "共 {n}"), {"n": number("count")})


def test_an_exhibit_that_no_chapter_names_finds_a_home_and_one_that_is_gone_leaves_no_gap():
    found = complete(
        chapters(), {"cases_accepted": "published", "new": "published", "drawn": "simulated"}, {""}
    )
    by_id = {chapter.id: chapter for chapter in found}
    assert Shown("new", folded=True) in by_id["methods"].parts
    assert Shown("drawn", folded=True) in by_id["simulated"].parts
    assert {name for chapter in found for name in chapter.shown} == {
        "cases_accepted", "new", "drawn",
    }  # fmt: skip
    quoting = [p for c in found for p in c.parts if isinstance(p, Paragraph) and p.numbers]
    assert not quoting


def test_the_chapter_of_ones_own_data_is_no_chapter_of_the_report():
    assert OWN not in {Path(chapter.id) for chapter in chapters()}
    assert own_chapter(["maps"], ["ranks"]).shown == ["maps", "ranks"]
    assert "own" not in {chapter.id for chapter in chapters()}
