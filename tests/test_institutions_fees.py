"""The union-fee chain: rules, amounts, intervals, the identified set, and the ledger's source."""

import ast
import math
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.claims.sections import section_3_2_handling_fee as handling
from analysis.claims.sections import section_3_2_levy as levy
from analysis.institutions.fee_chain.article import article_county
from analysis.institutions.fee_chain.chain import (
    Case,
    amounts,
    base_ratio,
    caps_per_payroll,
    lines,
)
from analysis.institutions.fee_chain.identified_set import bounds, contour, identified_set
from analysis.institutions.fee_chain.rules import (
    DEFAULT,
    Rule,
    choose_rule,
    package_rules,
    rule_files,
)
from analysis.institutions.fee_chain.stated import Stated, as_stated, exactly, minus, plus
from analysis.institutions.fee_chain.tables import county_tables, product_range
from analysis.institutions.fee_chain.words import LEVELS
from analysis.messages import Text, UserError
from analysis.paths import ROOT
from analysis.sources import process_raw

X_RULE = choose_rule(package_rules())
ORGANS = Case(as_stated(2600), as_stated(60000))


@pytest.fixture(scope="module")
def county():
    return article_county(process_raw().tables["article_claims"])


@pytest.fixture(scope="module")
def tables(county):
    return county_tables(county)


# --- any rule and any case ----------------------------------------------------------------------

share = st.floats(0.0, 1.0)
money = st.floats(1.0, 1e6)


@st.composite
def rules(draw):
    parts = [draw(st.integers(0, 100)) for _ in range(4)]
    assume(sum(parts) > 0)
    shares = dict(zip(list(LEVELS)[:4], [100.0 * part / sum(parts) for part in parts], strict=True))
    return Rule(
        "any", Text("a", "甲"), date(2000, 1, 1), None, "", "article", draw(st.floats(0.1, 10.0)),
        shares, draw(st.sampled_from(["full", "proportional"])), "payroll", None,
        {"full": draw(st.floats(0, 100)), "proportional": draw(st.floats(0, 100))}, Text("", ""),
    )  # fmt: skip


@st.composite
def cases(draw):
    wage, rounding = draw(money), draw(st.floats(0.0, 0.2))
    around = lambda value: Stated(value, value * (1 - rounding), value * (1 + rounding))  # noqa: E731
    return Case(
        around(draw(money)), around(wage), around(draw(share) * wage / 12.0 + 1e-6),
        draw(st.sampled_from(["payroll", "minimum_wage"])), draw(share), draw(share),
    )  # fmt: skip


@settings(deadline=None)
@given(rules(), cases())
def test_parts_sum_to_the_levy_and_upper_parts_to_what_is_due_upward(rule, case):
    found = amounts(rule, case)
    parts = {key: value for key, value in found.items() if key.startswith("due:")}
    assert sum(parts.values()) == pytest.approx(found["due"])
    upper = sum(value for key, value in parts.items() if key != "due:grassroots")
    assert upper == pytest.approx(found["remitted"])


@settings(deadline=None)
@given(rules(), cases())
def test_never_more_is_collected_than_is_due(rule, case):
    found = amounts(rule, case)
    limit = found["due"] if rule.collection == "full" else found["remitted"]
    assert found["collected"] <= limit * (1 + 1e-12)
    got = sum(value for key, value in found.items() if key.startswith("got:"))
    assert got == pytest.approx(found["collected"])


@settings(deadline=None)
@given(rules(), cases())
def test_all_is_collected_without_base_exemption_or_quota(rule, case):
    case = replace(case, base="payroll", exempt=0.0, quota=1.0)
    found = amounts(rule, case)
    limit = found["due"] if rule.collection == "full" else found["remitted"]
    assert found["collected"] == pytest.approx(limit)


@settings(deadline=None)
@given(rules(), cases())
def test_the_range_of_rounding_contains_the_value(rule, case):
    for line in lines(rule, case):
        slack = 1e-9 * max(1.0, abs(line.amount.value))
        assert line.amount.low - slack <= line.amount.value <= line.amount.high + slack


@settings(deadline=None)
@given(rules(), cases())
def test_the_fee_cap_is_its_share_of_what_is_collected(rule, case):
    found = amounts(rule, case)
    assert found["fee_cap"] == pytest.approx(
        found["collected"] * rule.caps[rule.collection] / 100.0
    )
    full = amounts(rule, replace(case, base="payroll", exempt=0.0, quota=1.0))
    assert full["cap_per_payroll"] == pytest.approx(caps_per_payroll(rule)[rule.collection])


@given(money, money)
def test_a_wage_floor_above_the_wage_never_raises_the_base(wage, floor):
    assert base_ratio(wage, floor, "minimum_wage") == min(1.0, 12.0 * floor / wage)
    assert base_ratio(wage, floor, "payroll") == 1.0


# --- the article's county -----------------------------------------------------------------------


def test_the_organs_parts_are_the_articles():
    found = {line.key: line.amount for line in lines(X_RULE, ORGANS)}
    expected = {"due": 312, "due:grassroots": 187.2, "remitted": 124.8, "due:county": 78,
                "due:province": 31.2, "due:national": 15.6, "due:prefecture": 0}  # fmt: skip
    for key, ten_thousands in expected.items():
        assert found[key].value / 1e4 == pytest.approx(ten_thousands, abs=1e-9)
    assert found["remitted"].low / 1e4 == pytest.approx(112.2)
    assert found["remitted"].high / 1e4 == pytest.approx(137.8)


def test_full_collection_takes_the_whole_levy():
    found = amounts(replace(X_RULE, collection="full"), ORGANS)
    assert found["collected"] / 1e4 == pytest.approx(312.0)
    assert found["got:grassroots"] / 1e4 == pytest.approx(187.2)
    assert found["fee_cap"] / 1e4 == pytest.approx(15.6)


def test_the_higher_nominal_cap_is_the_lower_one_on_payroll():
    caps = caps_per_payroll(X_RULE)
    assert caps == pytest.approx({"full": 0.10, "proportional": 0.08})


def test_attainment_depends_on_the_scope(tables):
    found = tables["fee_attainment"].set_index("scope")
    attained = found["attainment_percent"].round(1)
    assert attained.to_dict() == {"tax": 91.9, "tax_and_budget": 108.1, "all": 113.5}
    assert found.loc["tax", "year_end_percent"] == pytest.approx(96.1, abs=0.05)
    # the total's own rounding, not that of its parts added up
    assert found.loc["all", "high_percent"] == pytest.approx(100 * 425 / 365)


def test_what_passes_the_tax_office_follows_base_exemption_and_quota(county):
    case = replace(county.case, floor=exactly(2500.0), base="minimum_wage", exempt=0.2, quota=0.5)
    before, after = (
        county_tables(replace(county, case=each))["fee_split"].set_index("level")["collected_10k"]
        for each in (county.case, case)
    )
    assert before["due"] == pytest.approx(124.8)
    assert before["county"] == pytest.approx(78.0)
    assert pd.isna(before["grassroots"])
    assert after.drop("grassroots").to_numpy() == pytest.approx(
        before.drop("grassroots").to_numpy() * 0.5 * 0.8 * 0.5
    )


def test_the_waterfall_closes(tables):
    steps = tables["fee_waterfall"].set_index("step")
    assert steps.loc["due", "amount_10k"] == pytest.approx(1600.0)
    assert steps.loc["organs_unpaid", "amount_10k"] == pytest.approx(-64.8)
    assert steps.loc["others_uncollected", "amount_10k"] == pytest.approx(-1135.2)
    assert steps.loc["other_channels", "end_10k"] == pytest.approx(420.0)
    assert steps.loc["collected", "amount_10k"] / 1600.0 == pytest.approx(0.2625)


def test_the_base_alone_would_explain_the_collection(county):
    product = product_range(county)
    assert product.value == pytest.approx(340 / 1475.2)
    assert product.low < product.value < product.high


def test_every_table_carries_the_status_of_its_figures(tables):
    assert set(tables) == {
        "fee_split", "fee_caps", "fee_attainment", "fee_waterfall", "fee_identified_set"
    }  # fmt: skip
    for table in tables.values():
        assert set(table["inputs_status"]) == {"article"}


# --- the identified set -------------------------------------------------------------------------


@given(st.floats(0.01, 1.0), st.floats(0.01, 1.0))
def test_every_point_of_a_curve_fits_the_collection(product, quota):
    curve = contour(product, quota)
    assert curve.empty == (product > quota)
    fitted = curve["base_ratio"] * (1.0 - curve["exempt_share"]) * quota
    assert fitted.to_numpy() == pytest.approx(product)
    low, high = bounds(product)["base_ratio"]
    assert curve["base_ratio"].between(low - 1e-12, high + 1e-12).all()
    assert curve["exempt_share"].between(-1e-12, 1.0 - product + 1e-12).all()


def test_an_end_above_all_that_is_due_allows_no_curve():
    curves = identified_set(0.5, 0.4, 1.3)
    assert set(curves["curve"]) == {"value", "low"}
    with pytest.raises(ValueError, match="not in"):
        bounds(1.2)


# --- numbers as written -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value", "half"),
    [
        (2600, 2600, 50), ("2,600", 2600, 50), ("60000", 60000, 5000), ("6万", 60000, 5000),
        ("6.0万", 60000, 500), ("6.5万", 65000, 500), (2613, 2613, 0), (124.8, 124.8, 0),
        (340.0, 340, 0), (0, 0, 0), ("10", 10, 5),
    ],
)  # fmt: skip
def test_zeros_at_the_end_are_a_rounding(written, value, half):
    stated = as_stated(written)
    assert (stated.value, stated.low, stated.high) == (value, value - half, value + half)
    assert as_stated(written, exact=True) == exactly(value)


@pytest.mark.parametrize("written", ["", "abc", "nan", "inf", "1e999", "6千", True, "1e20"])
def test_what_is_no_number_is_not_read_as_one(written):
    with pytest.raises(ValueError, match="no number"):
        as_stated(written)


@given(st.lists(st.tuples(money, share), min_size=2, max_size=4))
def test_sums_and_differences_contain_every_combination(parts):
    stated = [Stated(value, value * (1 - w), value * (1 + w)) for value, w in parts]
    total, rest = plus(*stated), minus(stated[0], *stated[1:])
    assert total.low <= total.value <= total.high
    assert rest.low <= stated[0].low - sum(part.high for part in stated[1:]) + 1e-6
    assert rest.high >= stated[0].high - sum(part.low for part in stated[1:]) - 1e-6


# --- rules --------------------------------------------------------------------------------------


def test_every_rule_of_the_package_says_where_it_comes_from():
    found = package_rules()
    assert len(rule_files()) >= 2
    assert DEFAULT in {rule.id for rule in found}
    for rule in found:
        assert sum(rule.shares.values()) == pytest.approx(100.0)
        assert rule.source
        assert rule.place.zh


def test_the_rule_of_a_year_is_the_one_that_holds_in_it():
    assert choose_rule(package_rules(), year=2010).id == "general-2005"
    assert choose_rule(package_rules(), year=2015).id == "x-county-2015"
    assert choose_rule(package_rules(), year=2016).id == "general-2005"
    assert choose_rule(package_rules(), place="X县").id == "x-county-2015"
    with pytest.raises(UserError, match="1990"):
        choose_rule(package_rules(), year=1990)
    with pytest.raises(UserError, match="x-county-2015"):
        choose_rule(package_rules(), "x-county-2016")


def test_the_articles_rule_has_the_ledgers_numbers():
    statements = process_raw().tables["article_claims"].set_index("claim_id")["stated"]
    assert X_RULE.levy_percent == float(statements["fee-rate-2pct"]) == levy.RATE.value
    assert X_RULE.upward_percent == levy.REMITTED.value
    for level, known in (("grassroots", levy.GRASSROOTS), ("county", levy.COUNTY),
                         ("province", levy.PROVINCE), ("national", levy.NATIONAL)):  # fmt: skip
        assert X_RULE.shares[level] == known.value
    assert X_RULE.caps["full"] == float(statements["fee-cap-5"]) == handling.CAP_FULL.value
    assert X_RULE.caps["proportional"] == handling.CAP_PART.value
    assert X_RULE.exempt_profit_below == float(statements["x-exempt-30"])


def test_the_ledger_computes_the_fee_chain_by_this_rooms_functions_only():
    """No definition of section 3.2 does arithmetic of its own, two of dates apart."""
    dates = {"document_after_first_pilots", "elapsed_share_of_2015"}
    looked_at = 0
    for path in sorted((ROOT / "analysis/claims/sections").glob("section_3_2_*.py")):
        for function in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(function, ast.FunctionDef) or function.name in dates:
                continue
            looked_at += 1
            own = [
                node
                for node in ast.walk(function)
                if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div | ast.Sub)
            ]
            assert own == [], (path.name, function.name)
    assert looked_at > 30


def test_tables_hold_numbers_only_where_figures_are_given(county):
    poor = replace(county, tax=None, target=None, total=None)
    assert set(county_tables(poor)) == {"fee_split", "fee_caps"}
    known = county_tables(replace(county, budget=None, retained=None, total=None))
    steps = known["fee_waterfall"]["step"].tolist()
    assert steps == ["due", "uncollected", "other_channels", "collected"]
    assert "fee_identified_set" not in known, "more was collected than this payroll owes"
    assert not any(math.isinf(value) for value in known["fee_attainment"]["low_percent"])
    assert isinstance(known["fee_split"], pd.DataFrame)
