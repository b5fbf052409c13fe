"""Regional figures: units, one figure in use, rates, shares, ranks, breaks, names as text."""

import numpy as np
import pandas as pd
import pytest
from regional_twin import LATE, LATE_FROM, MISSPELT, YEARS, tidy_twin, user_file

from analysis.disputes.regional import (
    in_base_units,
    joined,
    level_of,
    measures_table,
    national_rows,
    shipped_rows,
    with_shipped,
)
from analysis.loading import load
from analysis.messages import UserError
from analysis.paths import RAW
from analysis.sources.reading import read_table
from analysis.sources.regions import factor_to_base

TABLES = "analysis.sources.tables"


def raw(name):
    module = load(f"{TABLES}.{name}")
    return module.tidy(read_table(RAW / f"{name}.csv", module.SCHEMA))


@pytest.fixture(scope="module")
def shipped():
    return shipped_rows(raw("census2004_unions"), raw("province_fragments"))


def rows(*cells, **columns):
    """Rows from (code, year, variable, value, unit), in use, verified."""
    frame = pd.DataFrame(cells, columns=["code", "year", "variable", "value", "unit"])
    return frame.assign(**{"missing_kind": "", "status": "verified", "private": False, **columns})


def measured(*cells, **columns):
    table = measures_table(in_base_units(rows(*cells, **columns)))
    return table.set_index(["code", "year", "measure"])


# --- units ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "unit", "factor"),
    [
        ("disputes_accepted", "件", 1.0),
        ("disputes_accepted", "万件", 1e4),
        ("union_members", "万人", 1e4),
        ("union_members", "10k persons", 1e4),
        ("union_members", "10k_persons", 1e4),
        ("gdp", "亿元", 1e8),
        ("gdp", "100m_yuan", 1e8),
        ("union_fee_income", "万元", 1e4),
        ("average_wage", "元/年", 1.0),
        ("minimum_wage", "yuan a month", 1.0),
        ("wage_deposit_year", "年", 1.0),
        ("a_declared_variable", "whatever", 1.0),
    ],
)
def test_units_become_base_units(variable, unit, factor):
    assert factor_to_base(variable, unit) == factor


@pytest.mark.parametrize("unit", ["万元", "%", "", "公里"])
def test_a_unit_of_something_else_is_refused_by_name(unit):
    with pytest.raises(UserError, match="disputes_accepted"):
        factor_to_base("disputes_accepted", unit)


def test_cells_that_say_why_they_are_empty_are_never_zero():
    frame = rows(
        ("110000", 2001, "disputes_accepted", 0.0, "件"),
        ("120000", 2001, "disputes_accepted", 7.0, "件"),
        missing_kind=["below_unit", ""],
    )
    assert list(in_base_units(frame)["code"]) == ["120000"]


def test_of_two_vintages_the_stronger_status_counts_then_the_later_row():
    cells = [("110000", 2001, "disputes_accepted", float(v), "件") for v in (1, 2, 3)]
    frame = rows(*cells, status=["unverified", "verified", "unverified"])
    assert in_base_units(frame)["value"].tolist() == [2.0]
    assert in_base_units(frame.assign(status="verified"))["value"].tolist() == [3.0]
    assert in_base_units(frame.assign(in_use=[True, False, False]))["value"].tolist() == [1.0]


def test_an_unknown_status_is_the_weakest():
    frame = rows(("110000", 2001, "gdp", 1.0, "元"), status="from the office")
    assert in_base_units(frame)["status"].item() == "unverified"


def test_a_code_that_lost_its_zeros_is_six_digits():
    frame = rows((10000, 2001, "gdp", 1.0, "元"))
    assert in_base_units(frame)["code"].item() == "010000"


# --- shipped and a user's ---------------------------------------------------------------------


def test_census_members_are_never_mixed_with_the_yearbooks(shipped):
    names = set(shipped["variable"])
    assert {"census_union_members", "union_members"} <= names
    jiangsu = shipped[(shipped["code"] == "320000") & (shipped["year"] == 2004)]
    values = jiangsu.set_index("variable")["value"]
    assert values["census_union_members"] != values["union_members"]


def test_the_sum_of_five_provinces_is_no_place(shipped):
    assert shipped["code"].str.fullmatch(r"\d{6}").all()
    assert not set(shipped["code"]) & {"610000", "620000", "630000", "640000", "650000"}


def test_a_caveat_goes_with_its_source(shipped):
    beijing = shipped[(shipped["code"] == "110000") & (shipped["year"] == 2008)]
    assert "caveat" in beijing["source"].item()


def test_scattered_shipped_figures_are_no_part_of_a_users_series(shipped):
    own = rows(*(("110000", year, "disputes_accepted", 5.0, "件") for year in (2004, 2006)))
    both = with_shipped(own, shipped)
    series = both[(both["code"] == "110000") & (both["variable"] == "disputes_accepted")]
    assert series["year"].tolist() == [2004, 2006]
    # other places, other variables stay
    assert ((both["code"] == "440000") & (both["variable"] == "disputes_accepted")).sum() == 2


def test_shipped_rows_that_a_table_repeats_do_not_count_as_a_users(shipped):
    alone = with_shipped(pd.DataFrame(), shipped)
    pd.testing.assert_frame_equal(with_shipped(shipped, shipped), alone)


# --- rates, shares, ranks ---------------------------------------------------------------------


def test_rates_are_those_computed_by_hand():
    table = measured(
        ("110000", 2001, "disputes_accepted", 0.3, "万件"),
        ("110000", 2001, "employment", 600.0, "万人"),
        ("110000", 2001, "union_members", 150.0, "万人"),
        ("110000", 2001, "legal_units", 200.0, "个"),
        ("110000", 2001, "legal_units_with_union", 50.0, "个"),
    )["value"]
    place = ("110000", 2001)
    assert table[(*place, "disputes_per_10k_employed")] == pytest.approx(5.0)
    assert table[(*place, "disputes_per_10k_members")] == pytest.approx(20.0)
    assert table[(*place, "density")] == pytest.approx(25.0)
    assert table[(*place, "organisation_rate")] == pytest.approx(25.0)


def test_no_rate_mixes_years_places_or_a_zero_base():
    table = measured(
        ("110000", 2001, "disputes_accepted", 30.0, "件"),
        ("110000", 2002, "employment", 600.0, "人"),
        ("120000", 2001, "employment", 0.0, "人"),
        ("120000", 2001, "disputes_accepted", 1.0, "件"),
    )
    assert set(table.index.get_level_values("measure")) == {"disputes_accepted", "employment"}


def test_ranks_are_among_places_of_one_level_with_data_and_ties_share_the_better():
    cells = [
        (code, 2001, "disputes_accepted", value, "件")
        for code, value in (
            ("110000", 5.0),
            ("120000", 9.0),
            ("130000", 5.0),
            ("130100", 99.0),
            ("000000", 19.0),
        )
    ]
    table = measured(*cells)
    rank = table["rank"].droplevel(["year", "measure"])
    assert rank[["120000", "110000", "130000"]].tolist() == [1.0, 2.0, 2.0]
    assert table["of"].droplevel(["year", "measure"])["110000"] == 3
    # the nation has no rank, and the first of one is none
    assert rank[["000000", "130100"]].isna().all()


def test_shares_are_of_the_nation_and_rates_have_a_ratio():
    table = measured(
        ("110000", 2001, "disputes_accepted", 20.0, "件"),
        ("000000", 2001, "disputes_accepted", 80.0, "件"),
        ("110000", 2001, "average_wage", 30.0, "元"),
        ("000000", 2001, "average_wage", 20.0, "元"),
    )
    cases, wage = (table.loc[("110000", 2001, m)] for m in ("disputes_accepted", "average_wage"))
    assert (cases["share_percent"], wage["ratio_to_national"]) == (25.0, 1.5)
    assert np.isnan(cases["ratio_to_national"])
    assert np.isnan(wage["share_percent"])


def test_a_rate_has_the_weaker_status_and_the_privacy_of_its_parts():
    table = measured(
        ("110000", 2001, "disputes_accepted", 20.0, "件"),
        ("110000", 2001, "employment", 80.0, "人"),
        status=["verified", "derived"],
        private=[False, True],
    )
    rate = table.loc[("110000", 2001, "disputes_per_10k_employed")]
    assert (rate["inputs_status"], bool(rate["private"])) == ("derived", True)
    assert not table.loc[("110000", 2001, "disputes_accepted"), "private"]


def test_the_meaning_of_collective_goes_with_its_figures():
    table = measured(*(("110000", year, "collective_disputes", 2.0, "件") for year in (2007, 2008)))
    assert table["definition_period"].tolist() == ["3 or more workers",
                                                   "10 or more workers (unverified)"]  # fmt: skip


def test_jiangsus_share_of_the_nations_disputes_in_2005(shipped):
    nation = national_rows(raw("national_disputes").assign(in_use=True))
    table = measures_table(joined(in_base_units(shipped), nation))
    own = table.set_index(["code", "year", "measure"]).loc[("320000", 2005, "disputes_accepted")]
    assert own["share_percent"] == pytest.approx(100 * 50_800 / 313_773)
    assert own["inputs_status"] == "verified_secondary"


def test_the_shipped_nation_stands_before_a_files_own():
    own = in_base_units(rows(("000000", 2001, "disputes_accepted", 5.0, "件")))
    nation = own.assign(value=7.0)
    assert joined(own, nation)["value"].tolist() == [7.0]


@pytest.mark.parametrize(
    ("code", "level"),
    [("000000", "nation"), ("320000", "province"), ("320500", "prefecture"), ("320583", "county")],
)
def test_levels_follow_the_form_of_the_code(code, level):
    assert level_of(code) == level


# --- the simulated file -----------------------------------------------------------------------


def test_the_test_file_has_the_shape_that_the_issue_asks_for():
    tidy, own = tidy_twin(), user_file()
    assert tidy["code"].nunique() == 31
    assert tidy["year"].nunique() == YEARS == 34
    assert tidy["variable"].nunique() == 6
    starts = tidy.groupby("code")["year"].min()
    assert set(starts.index[starts == LATE_FROM]) == set(LATE)
    assert MISSPELT[1] in set(own["地区"])
    assert MISSPELT[0] not in set(own["地区"])


def test_a_hundred_thousand_rows_take_seconds():
    import time

    n = 100_000
    frame = pd.DataFrame({
        "code": np.char.add("32", np.char.zfill((np.arange(n) // 20 % 5_000).astype(str), 4)),
        "year": 2000 + np.arange(n) % 20, "value": 1.0 + np.arange(n) % 7,
        "variable": "union_members", "unit": "人", "status": "verified",
    }).drop_duplicates(["code", "year"])  # fmt: skip
    more = frame.assign(variable="employment", value=10.0)
    started = time.perf_counter()
    table = measures_table(in_base_units(pd.concat([frame, more])))
    assert len(table) == 3 * len(frame)
    assert time.perf_counter() - started < 10.0
