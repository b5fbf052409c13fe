"""Breaks of regional series found where they were put; names of places as text."""

import numpy as np
import pandas as pd
import pytest

from analysis.disputes.regional import in_base_units, named, names_of, plain, regional_breaks
from analysis.files import read_rows
from analysis.paths import RAW


def rows(*cells, **columns):
    """Rows from (code, year, variable, value, unit), in use, verified."""
    frame = pd.DataFrame(cells, columns=["code", "year", "variable", "value", "unit"])
    return frame.assign(**{"missing_kind": "", "status": "verified", "private": False, **columns})


# --- breaks -----------------------------------------------------------------------------------


def series(values, variable="disputes_accepted", first=2000, code="110000"):
    cells = [(code, first + i, variable, float(v), "件") for i, v in enumerate(values)]
    return in_base_units(rows(*(cell for cell in cells if not np.isnan(cell[3])), unit="件"))


def kinds(found):
    return list(zip(found["kind"], found["year"], strict=True))


def test_a_jump_is_found_where_it_was_put_and_nowhere_else():
    steady = 100.0 * 1.05 ** np.arange(8)
    assert kinds(regional_breaks(series(steady, first=1990))) == []
    steady[5:] *= 3.0
    assert kinds(regional_breaks(series(steady, first=1990))) == [("jump", 1995)]


def test_a_gap_is_named_with_its_years():
    found = regional_breaks(series([1.0, np.nan, np.nan, 4.0], first=1990))
    assert kinds(found) == [("gap", 1991)]
    assert "1991 to 1992" in found["detail_en"].item()


def test_a_change_of_definition_is_listed_only_where_the_series_crosses_it():
    assert kinds(regional_breaks(series([5.0, 5.0], first=2007))) == [("definition", 2008)]
    assert kinds(regional_breaks(series([5.0, 5.0], first=2008))) == []


def test_chow_needs_six_unbroken_years_on_either_side():
    rng = np.random.default_rng(1)
    values = np.exp(0.1 * np.arange(12) + (np.arange(12) >= 6) + 0.01 * rng.normal(size=12))
    found = regional_breaks(series(values, first=2002)).set_index("kind")
    assert found.loc["trend_2008", "p_value"] < 0.001
    assert "trend_2008" not in set(regional_breaks(series(values[1:], first=2003))["kind"])


def test_the_nation_and_adoption_dates_have_no_breaks():
    assert regional_breaks(series([5.0, 5.0], first=2007, code="000000")).empty
    dates = in_base_units(rows(("110000", 1990, "wage_deposit_year", 2004.0, "年")))
    assert regional_breaks(dates).empty


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "shown"),
    [("=1+1", "'=1+1"), ("+86", "'+86"), ("-x", "'-x"), ("@a", "'@a"), ("苏州市", "苏州市"),
     ("a\r\nb", "a  b"), ("\u202eevil", "evil"), ("\t=1", "'=1"), (None, ""), (np.nan, ""),
     ("x" * 99, "x" * 40)],
)  # fmt: skip
def test_a_cell_is_one_line_that_no_spreadsheet_runs(cell, shown):
    assert plain(cell) == shown


def test_places_are_named_and_an_unnamed_one_is_its_code():
    table = pd.DataFrame({"code": ["320000", "320500", "320583"], "x": 1.0})
    found = pd.DataFrame({"code": ["320500", "320583"], "name": ["=cmd", ""]})
    both = named(table, names_of(pd.DataFrame(read_rows(RAW / "provinces.csv")), found))
    assert both["name_zh"].tolist() == ["江苏", "'=cmd", "320583"]
