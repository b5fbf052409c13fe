"""The decomposition of two-way fixed effects: it adds up, and every part is a two-by-two."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.effects.fitting import estimates
from analysis.effects.study import After, Equation, Study, read_study
from analysis.messages import UserError
from analysis.sources.data_sets import teaching_data_sets


def taken_apart(frame, estimator="two_way_event_study", after=None, controls=(), weights="",
                outcomes=("y",), **options):  # fmt: skip
    options = options or {"cohort": "g", "effects": "static"}
    equation = Equation(id="e", outcomes=outcomes, treatments=(), controls=controls, vcov="HC1",
                        estimator=estimator, weights=weights, options=options,
                        after=(After("goodman_bacon", after or {}),))  # fmt: skip
    study = Study(id="s", data="d", equations=(equation,), entity="unit", time="t")
    rows = estimates(study, frame)
    return rows.set_index("component")


def drawn(cohorts, sizes, periods=6, seed=1):
    rng = np.random.default_rng(seed)
    g = np.repeat(np.array(cohorts, dtype=float), sizes)
    unit, t = np.repeat(np.arange(len(g)), periods), np.tile(np.arange(1, periods + 1), len(g))
    y = rng.normal(size=len(t)) + (t >= g[unit]) * (t - g[unit].clip(max=periods))
    return pd.DataFrame({"unit": unit, "t": t, "g": g[unit], "y": y, "w": 1.0 + unit % 3})


def weight(rows, name):
    return json.loads(rows.loc[f"goodman_bacon:{name}", "extras"])["weight"]


@settings(max_examples=15, deadline=None)
@given(
    cohorts=st.lists(st.sampled_from([2, 3, 4, 5, 6, np.inf]), min_size=2, max_size=6, unique=True),
    seed=st.integers(0, 10**6), weighted=st.booleans(),
)  # fmt: skip
def test_parts_times_weights_are_the_coefficient(cohorts, seed, weighted):
    sizes = np.random.default_rng(seed).integers(1, 6, len(cohorts))
    rows = taken_apart(drawn(cohorts, sizes, seed=seed), weights="w" if weighted else "")
    total = rows.loc["goodman_bacon", "estimate"]
    assert total == pytest.approx(rows.loc["static", "estimate"], abs=1e-10)
    parts = rows[rows.index.str.startswith("goodman_bacon:") & rows["extras"].str.contains("kind")]
    weights = np.array([json.loads(text)["weight"] for text in parts["extras"]])
    assert weights.sum() == pytest.approx(1.0) and (weights >= 0).all()
    assert parts["estimate"] @ weights == pytest.approx(total, abs=1e-10)


def test_minimum_wages_are_diff_diffs():
    # diff-diff 3.13.0, Python: BaconDecomposition(weights="exact").fit(mpdta, outcome="lemp",
    # unit="countyreal", time="year", first_treat="first_treat").comparisons
    golden = {
        "2004 v never": (-0.07974912657472899, 0.0817795656949278),
        "2006 v never": (-0.022570047608475363, 0.24533869708478342),
        "2007 v never": (-0.043106032808698735, 0.5356561553017772),
        "2004 v 2006": (-0.04560790521102831, 0.005293175773134488),
        "2006 v 2004": (0.05428690020054905, 0.010586351546268975),
        "2004 v 2007": (-0.09105540160048786, 0.02600272598552317),
        "2007 v 2004": (-0.019604805926793922, 0.026002725985523174),
        "2006 v 2007": (0.018480380807539554, 0.05200545197104632),
        "2007 v 2006": (0.0105754538741607, 0.017335150657015443),
    }
    frame = teaching_data_sets()["mpdta"]()
    frame = frame.rename(
        columns={"countyreal": "unit", "year": "t", "first_treat": "g", "lemp": "y"}
    )
    rows = taken_apart(frame)
    for name, (estimate, share) in golden.items():
        assert rows.loc[f"goodman_bacon:{name}", "estimate"] == pytest.approx(estimate, rel=1e-9)
        assert weight(rows, name) == pytest.approx(share, rel=1e-9)
    never = [golden[f"{g} v never"] for g in (2004, 2006, 2007)]
    mean = sum(b * share for b, share in never) / sum(share for _, share in never)
    assert rows.loc["goodman_bacon:treated v never", "estimate"] == pytest.approx(mean)
    assert weight(rows, "treated v never") == pytest.approx(sum(share for _, share in never))


def test_one_cohort_has_one_comparison():
    rows = taken_apart(drawn((3, np.inf), (20, 30)))
    assert weight(rows, "3 v never") == 1.0
    names = [name for name in rows.index if name.startswith("goodman_bacon:")]
    assert names == ["goodman_bacon:treated v never", "goodman_bacon:3 v never"]


def test_growing_effects_turn_the_forbidden_comparison_against_them():
    frame = drawn((2, 5), (50, 50))
    frame["y"] = (frame["t"] >= frame["g"]) * (frame["t"] - frame["g"] + 1.0)
    rows = taken_apart(frame)
    # 5 against 2 over t = 2, 3, 4 | 5, 6: (1.5 - 0) less (4.5 - 2)
    assert rows.loc["goodman_bacon:later v earlier", "estimate"] == pytest.approx(-1.0)
    assert rows.loc["goodman_bacon:earlier v later", "estimate"] == pytest.approx(2.0)


def test_it_follows_any_estimator_with_cohorts_and_every_outcome():
    frame = drawn((3, 4, np.inf), (9, 9, 9)).assign(z=lambda t: 2.0 * t["y"])
    plain = taken_apart(frame).loc["goodman_bacon", "estimate"]
    rows = taken_apart(frame, "callaway_santanna", outcomes=("y", "z"), cohort="g", bands="none")
    both = rows[rows.index == "goodman_bacon"].set_index("outcome")["estimate"]
    assert both["y"] == pytest.approx(plain) and both["z"] == pytest.approx(2.0 * plain)


@pytest.mark.parametrize(("change", "more", "text"), [
    (lambda f: f.drop(index=3), {}, "a balanced panel"),
    (lambda f: f, {"controls": ("w",)}, "without controls"),
    (lambda f: f.assign(w=f["w"] + f["t"]), {"weights": "w"}, "do not change within entities"),
    (lambda f: f, {"after": {"type": 1}}, "type"),
])  # fmt: skip
def test_refusals(change, more, text):
    with pytest.raises(UserError, match=text):
        taken_apart(change(drawn((3, 4, np.inf), (9, 9, 9))), **more)


def test_an_estimator_without_cohorts_is_refused():
    equation = Equation(id="e", outcomes=("y",), treatments=("w",), controls=(), estimator="ols",
                        vcov="HC1", after=(After("goodman_bacon", {}),))  # fmt: skip
    with pytest.raises(UserError, match="option cohort"):
        estimates(Study(id="s", data="d", equations=(equation,)), drawn((3, np.inf), (9, 9)))


def test_a_study_file(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "mpdta"\nentity = "countyreal"\ntime = "year"\n'
        '[[equation]]\nid = "e"\noutcome = "lemp"\nestimator = "two_way_event_study"\n'
        '[equation.options]\ncohort = "first_treat"\neffects = "static"\n'
        '[[equation.after]]\nname = "goodman_bacon"\n'
    )
    rows = estimates(read_study(path), teaching_data_sets()["mpdta"]()).set_index("component")
    assert rows.loc["goodman_bacon", "estimate"] == pytest.approx(rows.loc["static", "estimate"])
