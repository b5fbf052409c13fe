"""Propositions as tests: what each upholds in worlds where it is true, and what it refuses."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.effects.fitting import estimates
from analysis.effects.propositions import __main__ as verb
from analysis.effects.propositions.compliance import shift_of
from analysis.effects.propositions.judged import judged
from analysis.effects.propositions.plan import FOLDER as FAMILIES
from analysis.effects.propositions.plan import read_plan
from analysis.effects.propositions.power import power_table, smallest_effect
from analysis.effects.propositions.rows import COLUMNS, above_zero, inside
from analysis.effects.propositions.tested import decided_propositions
from analysis.effects.propositions.worlds import (
    PLAN,
    WORLDS,
    World,
    simulated_workers,
    true_effects,
)
from analysis.effects.study import Equation, Study
from analysis.exhibits.simulated import propositions as exhibit
from analysis.messages import UserError
from analysis.paths import ROOT
from analysis.pipeline.tasks import propositions as task

TEMPLATE = ROOT / "analysis" / "effects" / "propositions" / "template.toml"
THREE = replace(PLAN, classifications=("sun_he_2012", "cai_he_2010", "three_tier_2019"))


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("JIELI_LANG", "en")


def workers(world: World, n=6000, seed=7) -> pd.DataFrame:
    return simulated_workers(world, n, np.random.default_rng(seed))


def found(world: World, plan=THREE, **options) -> pd.DataFrame:
    return decided_propositions(plan, workers(world, **options))


def holds(table, statement, classification=""):
    rows = table[(table["statement"] == statement) & (table["classification"] == classification)]
    assert len(rows) == 1
    return rows["holds"].item()


# --- three statements -------------------------------------------------------------------------


def test_bottom_line_only_is_told_from_a_shift_of_all_wages():
    bottom, shift = found(WORLDS["bottom_line_only"]), found(WORLDS["wage_shift_only"])
    assert holds(bottom, "bottom_above_zero", "sun_he_2012") == 1.0
    assert holds(bottom, "difference_above_zero", "sun_he_2012") == 1.0
    assert holds(bottom, "compliance_beyond_shift") == 1.0
    assert holds(shift, "growth_inside_margin", "sun_he_2012") == 0.0
    assert holds(shift, "difference_above_zero", "sun_he_2012") == 0.0
    assert holds(shift, "compliance_beyond_shift") == 0.0


def test_a_shift_alone_moves_compliance_and_the_shift_accounts_for_it():
    table = found(WORLDS["wage_shift_only"]).set_index(["statement", "outcome"])
    observed = table.loc[("compliance_observed", "minimum_lowest")]
    by_shift = table.loc[("compliance_by_shift", "minimum_lowest")]
    assert observed["holds"] == 1.0
    assert by_shift["estimate"] == pytest.approx(observed["estimate"], abs=0.012)
    # taken literally, the bottom-line statement holds too: compliance is in its family
    assert observed["estimate"] > 0.02


def test_a_classification_without_growth_says_so_and_tests_nothing_of_it():
    table = found(WORLDS["both"])
    rows = table[table["classification"] == "three_tier_2019"].set_index("statement")
    assert np.isnan(rows.loc["growth_inside_margin", "holds"])
    assert "names no outcome" in rows.loc["growth_inside_margin", "note"]


def test_not_significant_is_not_inside_the_margin():
    small = found(WORLDS["no_effect"], n=300)
    rows = small[small["statement"] == "growth_inside_margin"].dropna(subset="estimate")
    assert len(rows) == 2
    assert (rows["holds"] == 0.0).all()
    assert ((rows["ci_low"] < 0.0) & (rows["ci_high"] > 0.0)).all()


def test_one_bottom_line_effect_of_three_holds_family_wise_and_the_count_says_so():
    table = found(World(insurance=0.15), plan=PLAN)
    whole = table[table["statement"] == "bottom_above_zero"]
    assert whole["holds"].item() == 1.0
    assert whole["note"].item() == "holds for 1 of 3 outcomes"
    raw = table[table["statement"] == "bottom_outcome"].set_index("outcome")
    assert raw.loc["social_insurance", "holds"] == 1.0


@pytest.mark.parametrize(
    ("estimate", "error", "upheld"),
    [(0.0, 0.05, 1.0), (0.0, 0.07, 0.0), (0.05, 0.02, 1.0), (0.2, 0.001, 0.0), (-0.2, 0.001, 0.0)],
)
def test_inside_is_the_90_percent_interval_inside(estimate, error, upheld):
    cells = inside(estimate, error, 0.1, 0.05)
    assert cells["holds"] == upheld
    assert upheld == float(cells["ci_low"] > -0.1 and cells["ci_high"] < 0.1)


def test_above_zero_is_one_sided():
    assert above_zero(1.7, 1.0, 0.05)["holds"] == 1.0
    assert above_zero(-5.0, 1.0, 0.05)["holds"] == 0.0
    assert np.isnan(above_zero(1.0, 0.0, 0.05)["holds"])


# --- compliance -------------------------------------------------------------------------------


def test_observed_compliance_is_the_distribution_regression_at_the_minimum():
    frame = workers(WORLDS["both"], n=2000)
    frame["relative"] = np.log(frame["wage_month_yuan"] / frame["minimum_lowest"])
    equation = Equation(
        "d", ("relative",), ("union_member",), ("education_years",), "distribution_regression",
        vcov="HC1", options={"link": "linear", "thresholds": [-1e-9]},
    )  # fmt: skip
    rows = estimates(Study("s", "", (equation,)), frame)
    below = rows.loc[rows["term"] == "union_member", "estimate"].iloc[0]
    design = np.column_stack([frame[["union_member", "education_years"]], np.ones(2000)])
    measured = shift_of(frame["relative"].to_numpy(), design)
    assert measured.observed == pytest.approx(-below, abs=1e-10)
    tau = estimates(Study("s", "", (replace(equation, estimator="ols", options={}),)), frame)
    assert measured.tau == pytest.approx(tau["estimate"].iloc[1], abs=1e-10)
    assert measured.by_shift + measured.beyond == pytest.approx(measured.observed, abs=1e-14)


def test_an_exact_shift_leaves_nothing_beyond():
    random = np.random.default_rng(1)
    plain = random.normal(0.3, 0.5, 500)
    y = np.concatenate([plain, plain + 0.2])
    design = np.column_stack([np.repeat([0.0, 1.0], 500), np.ones(1000)])
    measured = shift_of(y, design)
    assert measured.tau == pytest.approx(0.2, abs=1e-12)
    assert measured.beyond == pytest.approx(0.0, abs=1e-12)
    assert measured.observed > 0.05


def test_rows_counted_twice_are_rows_written_twice():
    random = np.random.default_rng(2)
    design = np.column_stack([random.binomial(1, 0.4, 200), random.normal(size=200), np.ones(200)])
    y, counts = random.normal(size=200), random.integers(0, 3, 200)
    twice = np.repeat(np.arange(200), counts)
    expected = shift_of(y[twice], design[twice])
    measured = shift_of(y, design, counts.astype(float))
    assert measured.tau == pytest.approx(expected.tau, abs=1e-12)
    assert measured.beyond == pytest.approx(expected.beyond, abs=1e-12)


def test_both_tiers_bound_compliance():
    table = found(WORLDS["bottom_line_only"], plan=PLAN)
    tiers = table[table["statement"] == "beyond_shift"]
    assert set(tiers["outcome"]) == {"minimum_lowest", "minimum_highest"}
    whole = table[table["statement"] == "compliance_beyond_shift"]
    assert whole["p_value"].item() == tiers["p_value"].max()


# --- who acts ---------------------------------------------------------------------------------


def test_covered_and_member_contrasts_add_up_to_member_against_uncovered():
    frame = workers(WORLDS["both"])
    table = decided_propositions(PLAN, frame)
    rows = table[table["outcome"] == "social_insurance"].set_index("statement")["estimate"]
    member = (frame["union_status"] == "member").to_numpy(float)
    covered = (frame["union_status"] == "covered_non_member").to_numpy(float)
    design = np.column_stack([member, covered, frame["education_years"], np.ones(len(frame))])
    b = np.linalg.lstsq(design, frame["insured"].to_numpy(float), rcond=None)[0]
    assert rows["covered_vs_uncovered"] == pytest.approx(b[1], abs=1e-10)
    assert rows["member_vs_covered"] == pytest.approx(b[0] - b[1], abs=1e-10)


def test_actors_are_kept_apart_where_columns_say_so_and_named_where_none_does():
    frame = workers(World())
    random = np.random.default_rng(3)
    frame["helped"] = random.binomial(1, 0.3, len(frame)).astype(float)
    frame["insured"] = random.binomial(1, 0.4 + 0.3 * frame["helped"]).astype(float)
    plan = replace(PLAN, actors={"agency": "helped", "enterprise_union": "union_member"})
    table = decided_propositions(plan, frame)
    rows = table[(table["proposition"] == "actors")].set_index(["statement", "outcome"])
    assert rows.loc[("agency", "social_insurance"), "estimate"] == pytest.approx(0.3, abs=0.05)
    assert rows.loc[("enterprise_union", "social_insurance"), "holds"] == 0.0
    assert rows.loc[("local_union", ""), "note"] == "no column says so: not kept apart"


# --- plans and refusals -----------------------------------------------------------------------


def test_the_template_reads_and_its_numbers_are_the_defaults():
    plan = read_plan(TEMPLATE)
    assert set(plan.classifications) == {path.stem for path in FAMILIES.glob("*.toml")}
    assert (plan.margin, plan.alpha, plan.draws) == (0.1, 0.05, 199)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("treatment =", "treament =", "treatment"),
        ("ln_wage =", "ln_wages =", "ln_wage"),
        ('"sun_he_2012"', '"sun_he_2013"', "sun_he_2012"),
        ("agency =", "agencies =", "agency"),
        ("margin = 0.1", "margin = 0", "margin"),
        ("margin = 0.1", 'margin = "wide"', "margin"),
        ('wage = "wage_month_yuan"', "", "wage"),
        ("[propositions]", "[proposition]", "proposition"),
        ("[study]", "[study", "template"),
    ],
)
def test_a_bad_plan_is_refused_with_what_is_wrong(tmp_path, old, new, words):
    text = TEMPLATE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "template.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError, match=re.escape(words)):
        read_plan(path)


def test_a_citation_on_simulated_data_is_refused():
    with pytest.raises(UserError, match="cited author"):
        decided_propositions(replace(PLAN, citation="A 2012"), workers(World(), n=200))


@pytest.mark.parametrize("change", [{"status": "absent"}, {"actors": {"agency": "absent"}}])
def test_an_absent_column_is_named(change):
    with pytest.raises(UserError, match="absent"):
        decided_propositions(replace(PLAN, **change), workers(World(), n=200))


def test_a_plan_file_runs_from_the_command_line(tmp_path, capsys):
    workers(WORLDS["both"], n=800).to_csv(tmp_path / "mine.csv", index=False)
    plan = tmp_path / "plan.toml"
    plan.write_text(
        '[study]\nid = "p"\ndata = "mine.csv"\n[propositions]\ntreatment = "union_member"\n'
        'controls = ["education_years"]\nclassifications = "sun_he_2012"\ndraws = 20\n'
        '[propositions.outcomes]\nln_wage = "log(wage_month_yuan)"\nsocial_insurance = "insured"\n',
        encoding="utf-8",
    )
    out = tmp_path / "rows.csv"
    assert verb.main([str(plan), "--out", str(out)]) == 0
    rows = pd.read_csv(out)
    assert list(rows.columns) == COLUMNS
    assert set(rows["proposition"]) == {"rights", "minimum_wage", "coverage", "actors"}
    plan.write_text(plan.read_text().replace("mine.csv", "gone.csv"))
    assert verb.main([str(plan)]) == 2
    assert "gone.csv" in capsys.readouterr().err


# --- power ------------------------------------------------------------------------------------


def test_the_formula_by_hand():
    # G = 31, r = .05, m large: (2.0452 + 0.8542) * sqrt(.05 / 31); R: qt(.975, 29), qt(.8, 29)
    assert smallest_effect(31, 10**9, 0.05) == pytest.approx(2.89938 * np.sqrt(0.05 / 31), rel=1e-4)
    assert smallest_effect(31, 1, 1.0) == pytest.approx(2.89938 / np.sqrt(31), rel=1e-4)


def test_fewer_provinces_fewer_persons_or_more_alike_persons_show_less():
    base = smallest_effect(31, 100, 0.05)
    assert smallest_effect(25, 100, 0.05) > base
    assert smallest_effect(31, 50, 0.05) > base
    assert smallest_effect(31, 100, 0.10) > base


@pytest.mark.parametrize("bad", [(2, 10, 0.1), (31, 0, 0.1), (31, 10, 1.1)])
def test_impossible_designs_are_refused(bad):
    with pytest.raises(ValueError, match="3 provinces"):
        smallest_effect(*bad)


def test_simulated_power_is_the_formulas():
    table = power_table([25, 31], [100], [0.05], 10_000, 20170101)
    # binomial 99.9 % of 10,000, and half a point for the formula's sum of two t quantiles
    assert table["power_percent"].between(80 - 1.9, 80 + 1.9).all()
    assert table["false_alarm_percent"].between(5 - 0.8, 5 + 0.8).all()


# --- judged -----------------------------------------------------------------------------------


def test_truths_are_those_planted():
    nothing = true_effects(World(), 50_000, 1)
    assert set(nothing.values()) == {0.0}
    shift = true_effects(WORLDS["wage_shift_only"], 50_000, 1)
    assert shift["beyond_shift"] == pytest.approx(0.0, abs=1e-4)
    assert shift["compliance_observed"] > 0.02
    assert true_effects(WORLDS["bottom_line_only"], 50_000, 1)["beyond_shift"] > 0.02


def test_a_judged_table_is_the_same_twice_and_its_exhibit_shows_it():
    one, two = judged(400, 2, 5), judged(400, 2, 5)
    pd.testing.assert_frame_equal(one, two)
    shown = exhibit.rows(one)
    assert set(shown["world"]) == set(exhibit.WORLDS)
    assert set(shown["statement"]) == set(exhibit.STATEMENTS)
    assert "imulated" in exhibit.ABOUT.title.en
    assert "模拟数据" in exhibit.ABOUT.title.zh


def test_the_tasks_are_in_the_simulated_folder():
    assert [made.group for made in task.tasks()] == ["simulated", "simulated"]
    assert all("simulated" in p.parts for made in task.tasks() for p in made.products.values())


@pytest.mark.slow
def test_false_alarms_are_rare_and_power_is_high():
    table = judged(4000, 40, 11)
    # a share of 5 % in 40 samples stays at 17.5 % or below (binomial 99.9 %)
    false = table[(table["is_true"] == "false") & (table["statement"] != "compliance_observed")]
    assert (false["upheld_percent"] <= 17.5).all()
    strong = table[(table["truth"].abs() > 0.1) & (table["is_true"] == "true")]
    assert len(strong) >= 3
    assert (strong["upheld_percent"] > 90.0).all()
