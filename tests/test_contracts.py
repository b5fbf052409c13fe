"""What a raw table must be: any good one is read as it was written, any bad one refused by cell."""

import csv
import io
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.loading import load
from analysis.messages import UserError
from analysis.sources import read_variables, table_names
from analysis.sources.reading import read_table

COLUMNS = ["year", "variable", "value", "status", "source"]
STATUSES = ["verified", "verified_secondary", "corroborated", "derived", "adds_up", "unverified"]
DISPUTES = load("analysis.sources.tables.national_disputes").SCHEMA
GOOD = [["1996", "cases_accepted", "48121", "verified", "x"]]
# NUL is refused, a bare CR is a line's end: neither can stand in a cell
CELL_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("contracts") / "table.csv"


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("JIELI_LANG", "en")


def write(place, header, rows) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows([header, *rows])
    place.write_bytes(buffer.getvalue().encode("utf-8"))


def refusal(place, schema=DISPUTES) -> str:
    with pytest.raises(UserError) as refused:
        read_table(place, schema)
    return str(refused.value)


# --- good tables ------------------------------------------------------------------------------


def values_of(variable):
    low = max(variable.minimum, -1e9)
    high = min(variable.maximum, 1e9)
    if variable.whole:
        return st.integers(math.ceil(low), math.floor(high)).map(float)
    return st.floats(low, high).map(lambda value: value + 0.0)


@st.composite
def yearly_rows(draw, table: str, source=CELL_TEXT):
    variables = read_variables(table)
    keys = st.tuples(st.integers(1949, 2100), st.sampled_from(list(variables)))
    return [
        [year, name, draw(values_of(variables[name])), draw(st.sampled_from(STATUSES)), text]
        for year, name in draw(st.lists(keys, min_size=1, max_size=8, unique=True))
        for text in [draw(source).strip()]
    ]


@pytest.mark.parametrize("table", ["national_disputes", "national_denominators"])
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_yearly_table_is_read_as_it_was_written(place, table, data):
    rows = data.draw(yearly_rows(table))
    write(place, COLUMNS, rows)
    frame = read_table(place, load(f"analysis.sources.tables.{table}").SCHEMA)
    assert frame.fillna({"source": ""})[COLUMNS].values.tolist() == rows


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\n"])
def test_a_mark_inside_a_cell_does_not_end_the_row(place, mark):
    write(place, COLUMNS, [["1996", "cases_accepted", "48121", "verified", f"a{mark}b"]])
    assert read_table(place, DISPUTES)["source"].tolist() == [f"a{mark}b"]


def test_the_columns_may_stand_in_any_order(place):
    write(place, COLUMNS[::-1], [GOOD[0][::-1]])
    assert list(read_table(place, DISPUTES).columns) == COLUMNS


def test_a_growth_rate_may_be_negative(place):
    write(place, COLUMNS, [["1961", "gdp_growth_pct", "-27.3", "unverified", ""]])
    schema = load("analysis.sources.tables.national_denominators").SCHEMA
    assert read_table(place, schema)["value"].tolist() == [-27.3]


# --- one thing wrong --------------------------------------------------------------------------

words = st.text("abcxyz", min_size=1, max_size=8)
# kind of corruption: (column, bad value)
BAD_CELLS = {
    "negative value": ("value", st.integers(-(10**9), -1).map(str)),
    "letters in a value": ("value", words.map(lambda word: f"12{word}")),
    "fraction in a count": ("value", st.integers(1, 10**5).map(lambda n: f"{n}.5")),
    "not a finite number": ("value", st.sampled_from(["nan", "inf", "-inf", "1e999"])),
    "value above the range": ("value", st.integers(10**9, 10**30).map(str)),
    "unknown status": ("status", words.map(lambda word: f"status_{word}")),
    "the article's own status": ("status", st.just("article")),
    "unknown variable": ("variable", words.map(lambda word: f"variable_{word}")),
    "year too early": ("year", st.integers(-(10**30), 1948).map(str)),
    "year too late": ("year", st.integers(2101, 10**30).map(str)),
    "letters in a year": ("year", words.map(lambda word: f"19{word}")),
    "fraction in a year": ("year", st.integers(1949, 2100).map(lambda year: f"{year}.5")),
    "missing year": ("year", st.just("")),
    "missing variable": ("variable", st.just("")),
    "missing value": ("value", st.just("")),
    "missing status": ("status", st.sampled_from(["", "  "])),
}
tables = yearly_rows("national_disputes", st.text("abc《年鉴》", max_size=5)).map(
    lambda rows: [[str(year), name, f"{value:.0f}", *rest] for year, name, value, *rest in rows]
)


@pytest.mark.parametrize("kind", BAD_CELLS)
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_a_bad_cell_is_refused_by_file_row_column_and_value(place, kind, data):
    column, bad_values = BAD_CELLS[kind]
    rows, bad = data.draw(tables), data.draw(bad_values)
    at = data.draw(st.integers(0, len(rows) - 1))
    rows[at][COLUMNS.index(column)] = bad
    write(place, COLUMNS, rows)
    sentence = refusal(place)
    assert "table.csv" in sentence
    assert re.search(rf"\brow {at + 2}\b", sentence), sentence
    assert f"column {column}: found {bad.strip()!r};" in sentence


@settings(deadline=None, max_examples=15)
@given(rows=tables, data=st.data())
def test_a_duplicate_key_is_refused_by_row_and_key(place, rows, data):
    at = data.draw(st.integers(0, len(rows) - 1))
    rows.append([*rows[at][:2], *GOOD[0][2:]])
    write(place, COLUMNS, rows)
    sentence = refusal(place)
    assert "table.csv" in sentence
    assert re.search(rf"\brow ({at + 2}|{len(rows) + 1})\b", sentence), sentence
    assert "year, variable" in sentence
    assert f"{rows[at][0]}, {rows[at][1]}" in sentence


@settings(deadline=None, max_examples=15)
@given(rows=tables, data=st.data(), length=st.sampled_from([0, 1, 4, 6]))
def test_a_row_of_the_wrong_length_is_refused_by_row_and_length(place, rows, data, length):
    at = data.draw(st.integers(0, len(rows) - 1))
    rows[at] = ([*rows[at], "more"])[:length]
    write(place, COLUMNS, rows)
    sentence = refusal(place)
    assert "table.csv" in sentence
    assert re.search(rf"\brow {at + 2}: found {length} values; expected 5\b", sentence), sentence


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_refused_by_name(place, column):
    keep = [name for name in COLUMNS if name != column]
    write(place, keep, [[GOOD[0][COLUMNS.index(name)] for name in keep]])
    sentence = refusal(place)
    assert "table.csv, row 1:" in sentence
    assert f"missing {column};" in sentence


@pytest.mark.parametrize("extra", ["note", "Year", "", "source"])
def test_an_extra_or_repeated_column_is_refused_by_name(place, extra):
    write(place, [*COLUMNS, extra], [[*GOOD[0], "x"]])
    sentence = refusal(place)
    assert "table.csv, row 1:" in sentence
    assert not sentence.endswith("not expected -."), sentence
    assert extra in sentence.partition("not expected")[2]


def test_the_uppermost_of_several_mistakes_is_named(place):
    rows = [["1996", "cases_accepted", "1", "hearsay", ""], ["x", "cases_accepted", "y", "", ""]]
    write(place, COLUMNS, rows)
    assert "row 2, column status: found 'hearsay'" in refusal(place)


def test_a_quote_that_is_never_closed_is_refused_rather_than_swallowing_rows(place):
    place.write_text(
        "year,variable,value,status,source\n"
        '1996,cases_accepted,48121,verified,"Yearbook\n'
        "1997,cases_accepted,71524,verified,x\n"
    )
    assert "table.csv" in refusal(place)


@pytest.mark.parametrize("text", ["", "\ufeff", "\n\n", "\ufeff\n", "  "])
def test_a_file_without_any_text_is_refused_as_empty(place, text):
    place.write_text(text, encoding="utf-8")
    assert "table.csv is empty" in refusal(place)


def test_a_refusal_is_one_line_whatever_the_file_holds(place):
    write(place, [*COLUMNS[:-1], "sou\nrce"], GOOD)
    assert len(refusal(place).splitlines()) == 1
    names = list(load("analysis.sources.tables.policy_dates").SCHEMA.columns)
    row = {"policy_id": "a\nb", "level": "city", "gb2260_code": "440000", "year": "2001"}
    row |= {"date_precision": "year", "status": "verified"}
    write(place, names, [[row.get(name, "x") for name in names]] * 2)
    schema = load("analysis.sources.tables.policy_dates").SCHEMA
    assert len(refusal(place, schema).splitlines()) == 1


def test_an_endless_cell_is_refused(place):
    write(place, COLUMNS, [[*GOOD[0][:-1], "x" * 200_000]])
    assert "table.csv" in refusal(place)


# --- anything at all --------------------------------------------------------------------------


def only_refuses(place, content: bytes, schema) -> None:
    place.write_bytes(content)
    try:
        read_table(place, schema)
    except UserError as error:
        assert "table.csv" in str(error)


@pytest.mark.parametrize("table", table_names())
@settings(deadline=None, max_examples=40)
@given(content=st.binary(max_size=300), cells=st.lists(st.lists(CELL_TEXT), max_size=4))
def test_bytes_of_any_kind_are_read_or_refused(place, table, content, cells):
    schema = load(f"analysis.sources.tables.{table}").SCHEMA
    header = ",".join(schema.columns).encode() + b"\n"
    only_refuses(place, content, schema)
    only_refuses(place, header + content, schema)
    width = len(schema.columns)
    write(place, list(schema.columns), [(row + ["1"] * width)[:width] for row in cells])
    only_refuses(place, place.read_bytes(), schema)
