"""What the checks say of a region's figures: each wrong in one way, in a file that is otherwise right."""

import pandas as pd
import pytest

from analysis.disputes.regional import NATION
from analysis.disputes.regional_checks import case_of, check
from analysis.loading import modules_in
from analysis.messages import Text

PLACES = {"110000": "北京", "310000": "上海", "320000": "江苏", "320500": "苏州", "320505": "虎丘"}
NAMES = {code: Text(name, name) for code, name in PLACES.items()}
UNITS = {"disputes_accepted": "件", "collective_disputes": "件", "union_members": "万人", "employment": "万人",
         "gdp": "亿元", "own_share": "%"}  # fmt: skip
NOTHING = pd.DataFrame(columns=["code", "year", "variable", "value"])
NO_NATION = pd.DataFrame(columns=["code", "year", "variable", "value", "status"])


def cells(*entries):
    """Cells from (code, year, variable, value as printed)."""
    table = pd.DataFrame(list(entries), columns=["code", "year", "variable", "value"])
    return table.assign(
        unit=table["variable"].map(UNITS), missing_kind="", name="", value=table["value"].astype(float),
        cell=[f"A{number}" for number in range(1, len(table) + 1)],
    )  # fmt: skip


def series(values, code="320000", variable="disputes_accepted", first=2009):
    return [(code, first + n, variable, value) for n, value in enumerate(values)]


NO_TOTALS = cells()


def found(printed, totals=NO_TOTALS, stored=NOTHING, nation=NO_NATION):
    return check(case_of(printed, totals, stored, nation, NAMES))


def kinds(*arguments, **more):
    return [finding.check for finding in found(*arguments, **more)]


RIGHT = cells(*series([100, 110, 120, 130, 140]), *series([10, 11, 12], "110000"))


def test_nothing_is_found_in_what_is_right():
    assert found(RIGHT) == []


def test_every_check_is_held_by_a_test_here():
    held = {"bounds", "breaks", "density", "duplicates", "magnitude", "nation", "parts",
            "printed_totals", "shifted_year", "vintages"}  # fmt: skip
    assert {
        name.rpartition(".")[2] for name in modules_in("analysis.disputes.regional_checks.checks")
    } == held


# --- one cell ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("variable", "value"), [
    ("disputes_accepted", -1), ("own_share", 100.1), ("own_share", -0.1), ("union_members", 4e8),
])  # fmt: skip
def test_a_figure_that_nothing_can_be_is_an_error_with_its_cell(variable, value):
    (finding,) = found(cells(("320000", 2010, variable, value)))
    assert finding.error and finding.check == "bounds"
    assert "A1" in finding.words.en and "江苏" in finding.words.zh


def test_a_cell_printed_twice_is_an_error_only_if_unlike():
    alike = cells(*series([5]), *series([5]))
    unlike = cells(*series([5]), *series([6]))
    assert [f.error for f in found(alike)] == [False]
    (finding,) = found(unlike)
    assert finding.error and "A1, A2" in finding.words.en and "5, 6" in finding.words.en


def test_a_symbol_and_a_figure_in_one_cell_is_an_error():
    twice = cells(*series([5]), *series([float("nan")])).assign(missing_kind=["", "unknown"])
    assert [f.error for f in found(twice)] == [True]


# --- against neighbours in time ---------------------------------------------------------------


@pytest.mark.parametrize("factor", [10, 0.1, 1e4, 1e-4])
@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_slip_of_the_unit_is_named_and_its_neighbours_are_not(factor, place):
    values = [1000.0, 1100.0, 1200.0, 1300.0, 1400.0]
    values[place] *= factor
    slips = [f for f in found(cells(*series(values))) if f.check == "magnitude"]
    assert len(slips) == 1
    assert f"江苏 {2009 + place}" in slips[0].words.en and "?" in slips[0].words.en


def test_a_whole_file_in_another_unit_is_seen_against_the_stored_years():
    stored = cells(*series([1000, 1100], first=2007))[["code", "year", "variable", "value"]]
    assert "magnitude" in kinds(cells(*series([0.12, 0.13])), stored=stored)


def test_steady_growth_is_no_slip():
    assert kinds(cells(*series([100 * 1.9**n for n in range(8)]))) == []


def test_values_of_the_year_before_are_a_probable_shift():
    stored = cells(*series([500, 510, 520], first=2008))[["code", "year", "variable", "value"]]
    shifted = cells(*series([500, 510, 520], first=2009))
    found_here = [f for f in found(shifted, stored=stored) if f.check == "shifted_year"]
    assert len(found_here) == 3
    assert "--data-year 2010" in found_here[-1].words.en
    # the same figures in the same years say nothing, nor does a series that stands still
    assert kinds(cells(*series([500, 510], first=2008)), stored=stored) == []
    still = cells(*series([7, 7], first=2008))[["code", "year", "variable", "value"]]
    assert "shifted_year" not in kinds(
        cells(*series([7], first=2009)), stored=still.assign(year=[2008, 2009])
    )


def test_a_figure_unlike_the_one_in_use_is_listed_with_both():
    stored = cells(*series([500]))[["code", "year", "variable", "value"]]
    (finding,) = found(cells(*series([505])), stored=stored)
    assert finding.check == "vintages" and not finding.error
    assert "505 here, 500 so far" in finding.words.en


def test_gaps_late_starts_and_changes_of_definition_are_named_with_their_places():
    late = cells(
        *series([1, 2, 3, 4]),
        *series([1, 2, 3, 4], "110000"),
        *series([1, 2], "310000", first=2011),
    )
    (finding,) = found(late)
    assert finding.check == "breaks" and "上海" in finding.words.en and "2011" in finding.words.en
    gap = cells(("320000", 2009, "gdp", 1), ("320000", 2011, "gdp", 1))
    assert "no figure for 2010 (江苏)" in found(gap)[0].words.en
    law = cells(*series([1, 1, 1], first=2007))
    assert "May 2008" in found(law)[0].words.en


# --- parts and wholes -------------------------------------------------------------------------


def test_density_above_one_is_named():
    both = cells(("320000", 2010, "union_members", 51), ("320000", 2010, "employment", 50))
    (finding,) = found(both)
    assert finding.check == "density" and "510,000" in finding.words.en
    # also where the other figure is stored, in base units
    stored = pd.DataFrame([("320000", 2010, "employment", 5e5)], columns=list(NOTHING))
    assert kinds(both.iloc[:1], stored=stored) == ["density"]


def test_a_county_with_more_cases_than_its_province_is_named_once_with_its_prefecture():
    table = cells(("320000", 2010, "disputes_accepted", 100), ("320500", 2010, "disputes_accepted", 90),
                  ("320505", 2010, "disputes_accepted", 200))  # fmt: skip
    words = [f.words.en for f in found(table) if f.check == "parts"]
    assert len(words) == 2
    assert all(word.startswith("虎丘") for word in words)
    assert {"江苏" in word for word in words} == {True, False}


def test_parts_that_add_up_to_more_than_the_whole_are_named():
    parts = [(f"32{n:02}00", 2010, "disputes_accepted", 60) for n in (1, 2)]
    (finding,) = found(cells(("320000", 2010, "disputes_accepted", 100), *parts))
    assert finding.check == "parts" and "2 parts add up to 120" in finding.words.en
    # wages do not add up
    wages = [(code, year, "average_wage", value) for code, year, _, value in parts]
    unit = {"unit": "元"}
    assert kinds(cells(("320000", 2010, "average_wage", 100), *wages).assign(**unit)) == []


def nation(value, status="verified"):
    row = (NATION, 2010, "disputes_accepted", float(value), status)
    return pd.DataFrame([row], columns=list(NO_NATION))


def test_provinces_are_held_against_the_nation_and_its_status_is_named():
    some = cells(
        ("110000", 2010, "disputes_accepted", 60), ("320000", 2010, "disputes_accepted", 60)
    )
    assert kinds(some, nation=nation(1000)) == []
    (finding,) = found(some, nation=nation(100))
    assert (
        finding.check == "nation"
        and "+20.0 %" in finding.words.en
        and "verified" in finding.words.en
    )


def test_all_provinces_have_to_reach_the_nation():
    codes = [f"{n}0000" for n in range(11, 42)]
    everywhere = cells(*((code, 2010, "disputes_accepted", 10) for code in codes))
    assert kinds(everywhere, nation=nation(310)) == []
    assert kinds(everywhere, nation=nation(400)) == ["nation"]


@pytest.mark.parametrize(("printed", "wrong"), [(30, False), (30.1, False), (31, True), (29, True)])
def test_places_are_held_against_the_total_that_the_sheet_prints(printed, wrong):
    some = cells(
        ("110000", 2010, "disputes_accepted", 10), ("320000", 2010, "disputes_accepted", 20)
    )
    total = cells((NATION, 2010, "disputes_accepted", printed))
    assert kinds(some, totals=total) == ["printed_totals"] * wrong


def test_errors_come_first():
    table = cells(
        *series([5]), *series([6]), ("320000", 2010, "gdp", 1), ("320000", 2012, "gdp", 1)
    )
    assert [f.error for f in found(table)] == [True, False]
