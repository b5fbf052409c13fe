"""Gelbach's decomposition: pyfixest's, exact sums, any order, errors by the bootstrap."""

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest
from linearmodels.datasets import wage_panel

from analysis.effects.fitting import estimates
from analysis.effects.study import After, Equation, Study, read_study
from analysis.messages import UserError

CONTROLS = ("educ", "exper", "married", "C(occupation)")


def split(frame, outcome="lwage", treatment="union", controls=CONTROLS, estimator="ols",
          vcov="HC1", cluster=(), weights="", absorb=(), entity="", **options):  # fmt: skip
    equation = Equation(id="e", outcomes=(outcome,), treatments=(treatment,), controls=controls,
                        estimator=estimator, vcov=vcov, cluster=cluster, weights=weights,
                        absorb=absorb, after=(After("gelbach", options),))  # fmt: skip
    rows = estimates(Study("s", "d", (equation,), entity=entity), frame)
    rows = rows[rows["component"].str.startswith("gelbach")]
    return rows.assign(part=rows["component"].str.partition(":")[2]).set_index("part")


def panel():
    return wage_panel.load().reset_index(drop=True)


def estimate(frame, controls, vcov="HC1", estimator="ols", column="estimate", **more):
    equation = Equation(id="e", outcomes=("lwage",), treatments=("union",), controls=controls,
                        estimator=estimator, vcov=vcov, **more)  # fmt: skip
    rows = estimates(Study("s", "d", (equation,)), frame).set_index("term")
    return rows.loc["union", column]


def test_contributions_are_pyfixests():
    frame = panel()
    model = pf.feols("lwage ~ union + educ + exper + married + hours", data=frame)
    groups = {"person": ["educ", "exper"], "other": ["married", "hours"]}
    theirs = model.decompose(decomp_var="union", combine_covariates=groups, only_coef=True).tidy()
    ours = split(frame, controls=("educ", "exper", "married", "hours"), groups=groups)
    levels = theirs[theirs["panels"] == "Levels (units)"]
    for name in groups:
        assert ours.loc[name, "estimate"] == pytest.approx(
            float(levels.loc[name, "coefficients"]), rel=1e-9)  # fmt: skip


@pytest.mark.parametrize(("vcov", "cluster"), [
    ("classical", ()), ("HC0", ()), ("HC1", ()), ("cluster", ("nr",)),
])  # fmt: skip
def test_the_sum_is_the_change_and_the_ends_are_the_regressions(vcov, cluster):
    frame = panel()
    rows = split(frame, vcov=vcov, cluster=cluster, base=["educ"])
    own = rows.loc[["exper", "married", "C(occupation)"], "estimate"]
    assert own.sum() == pytest.approx(rows.loc["change", "estimate"], abs=1e-13)
    short = estimate(frame, ("educ",), vcov, cluster=cluster)
    assert rows.loc["short", "estimate"] == pytest.approx(short, rel=1e-10)
    assert rows.loc["long", "estimate"] == pytest.approx(estimate(frame, CONTROLS), rel=1e-12)
    # the long row's error is the equation's own; the short's but for its degrees of freedom
    for part, controls in (("long", CONTROLS), ("short", ("educ",))):
        other = estimate(frame, controls, vcov, column="std_error", cluster=cluster)
        assert rows.loc[part, "std_error"] == pytest.approx(other, rel=2e-3)


def test_the_order_of_the_controls_does_not_matter():
    frame = panel()
    one = split(frame)
    other = split(frame, controls=CONTROLS[::-1]).loc[one.index]
    np.testing.assert_allclose(one["estimate"], other["estimate"], atol=1e-12)
    np.testing.assert_allclose(one["std_error"], other["std_error"], rtol=1e-8)


@pytest.mark.parametrize("weights", ["", "w"])
def test_errors_are_those_of_stacked_regressions_drawn_again(weights):
    rng = np.random.default_rng(4)
    n = 2000
    a, b = rng.normal(size=n), rng.normal(size=n)
    d = (a + 0.5 * b + rng.normal(size=n) > 0).astype(float)
    y = 0.5 * d + a * rng.exponential(size=n) + 0.3 * b + rng.normal(size=n) * (1 + d)
    frame = pd.DataFrame({"lwage": y, "union": d, "a": a, "b": b, "w": rng.uniform(0.5, 2, n)})
    model = {"controls": ("a", "b"), "estimator": "wls" if weights else "ols", "weights": weights}
    ours = split(frame, **model)
    w = np.sqrt(frame["w"].to_numpy()) if weights else np.ones(n)

    def once(rows):
        x = np.column_stack([np.ones(n), d, a, b])[rows] * w[rows, None]
        long = np.linalg.lstsq(x, y[rows] * w[rows], rcond=None)[0]
        gamma = np.linalg.lstsq(x[:, :2], x[:, 2:], rcond=None)[0][1]
        return [*(gamma * long[2:]), gamma @ long[2:]]

    drawn = np.array([once(rng.integers(0, n, n)) for _ in range(800)])
    np.testing.assert_allclose(ours.loc[["a", "b", "change"], "estimate"], once(np.arange(n)))
    np.testing.assert_allclose(ours.loc[["a", "b", "change"], "std_error"], drawn.std(0), rtol=0.1)


def test_absorbed_effects_stay_in_both_or_are_a_group():
    frame = panel()
    fixed = {"estimator": "fixed_effects", "absorb": ("nr",), "vcov": "cluster",
             "cluster": ("nr",), "controls": ("married", "expersq")}  # fmt: skip
    kept = split(frame, **fixed)
    within = estimate(frame, (), "cluster", "fixed_effects", absorb=("nr",), cluster=("nr",))
    assert kept.loc["short", "estimate"] == pytest.approx(within, rel=1e-9)
    rows = split(frame, **fixed, absorbed="decompose")
    assert rows.loc["short", "estimate"] == pytest.approx(estimate(frame, ()), rel=1e-9)
    error = estimate(frame, (), "cluster", column="std_error", cluster=("nr",))
    assert rows.loc["short", "std_error"] == pytest.approx(error, rel=2e-2)
    own = rows.loc[["married", "expersq", "nr"], "estimate"]
    assert own.sum() == pytest.approx(rows.loc["change", "estimate"], abs=1e-12)
    # dummies in place of absorbed effects say the same
    small = frame[frame["nr"] < 600].reset_index(drop=True)
    one = split(small, **fixed, absorbed="decompose")
    other = split(small, controls=("married", "expersq", "C(nr)"), vcov="cluster", cluster=("nr",))
    np.testing.assert_allclose(one["estimate"], other["estimate"], rtol=1e-7, atol=1e-10)
    two = split(small, **{**fixed, "absorb": ("nr", "year"), "controls": ("married",)})
    other = split(small, controls=("married", "C(nr)", "C(year)"), base=["C(nr)", "C(year)"])
    np.testing.assert_allclose(two["estimate"], other["estimate"], rtol=1e-7, atol=1e-10)


def test_a_covariance_without_counterpart_says_what_stands_in():
    rows = split(panel(), vcov="HC3")
    assert "HC1" in rows.loc["change", "note"]
    assert rows.loc["change", "std_error"] == split(panel()).loc["change", "std_error"]


@pytest.mark.parametrize(("more", "text"), [
    ({"controls": ()}, "controls beyond"),
    ({"base": list(CONTROLS)}, "controls beyond"),
    ({"base": ["edu"]}, "educ"),
    ({"groups": {"a": ["union"]}}, "union"),
    ({"groups": ["educ"]}, "groups ="),
    ({"groups": {"a": ["educ"], "b": ["educ"]}}, "educ"),
    ({"groups": {"educ": ["exper"]}}, "no term or row has"),
    ({"groups": {"change": ["exper"]}}, "no term or row has"),
    ({"absorbed": "decompose"}, "absorbed effects"),
    ({"absorbed": "keeep"}, "keep"),
    ({"bases": []}, "base"),
    ({"estimator": "logit", "outcome": "married", "controls": ("educ",)}, "linear"),
])  # fmt: skip
def test_refusals(more, text):
    with pytest.raises(UserError, match=text):
        split(panel(), **more)


def test_from_a_study_file(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d"\n[[equation]]\nid = "e"\noutcome = "lwage"\n'
        'treatment = "union"\ncontrols = ["educ", "exper", "married"]\nestimator = "ols"\n'
        '[[equation.after]]\nname = "gelbach"\ngroups = {human = ["educ", "exper"]}\n'
    )
    rows = estimates(read_study(path), panel())
    found = [name for name in rows["component"] if name]
    assert found == [f"gelbach:{name}" for name in ("short", "long", "change", "human", "married")]
