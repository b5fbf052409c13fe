"""Oster's delta and beta: data built with a known delta, the omitted-variable system solved."""

import json

import numpy as np
import pandas as pd
import pytest
from linearmodels.datasets import wage_panel
from scipy.optimize import fsolve

from analysis.effects.fitting import estimates
from analysis.effects.sensitivity.omitted_selection import (
    Selection,
    chosen,
    delta_for,
    roots_for,
)
from analysis.effects.study import After, Equation, Study, read_study
from analysis.messages import UserError


def oster(frame, outcome="y", treatment="x", controls=("a", "b"), estimator="ols", weights="",
          absorb=(), **options):  # fmt: skip
    equation = Equation(id="e", outcomes=(outcome,), treatments=(treatment,), controls=controls,
                        estimator=estimator, weights=weights, absorb=absorb, vcov="classical",
                        after=(After("oster", options),))  # fmt: skip
    rows = estimates(Study("s", "d", (equation,)), frame)
    rows = rows[rows["component"].str.startswith("oster")].set_index("component")
    return rows, json.loads(rows["extras"].iloc[1])


def rest(columns, others, w):
    root = np.sqrt(w)[:, None]
    b = np.linalg.lstsq(others * root, columns * root, rcond=None)[0]
    return columns - others @ b


def omitted(beta=0.7, seed=1, n=400, w=None, load=0.6):
    """Y = beta X + W1 + U + e, U exactly uncorrelated with the controls, e with everything.

    Returns the frame, the delta that holds in it and the R2 of the regression on X, controls and U.
    """
    rng = np.random.default_rng(seed)
    w = np.ones(n) if w is None else w
    one, m = np.ones((n, 1)), rng.normal(size=(n, 1))
    a, b, u, e = rng.normal(size=(4, n, 1))
    a = a + 0.3 * m
    u = rest(u, np.hstack([one, m, a, b]), w)
    x = 0.5 * a - 0.2 * b + load * u + 0.4 * m + rng.normal(size=(n, 1))
    e = rest(e, np.hstack([one, m, a, b, u, x]), w)
    index = 0.8 * a - 0.5 * b
    y = beta * x + index + 0.9 * u + 0.6 * m + e
    # selection is meant beside what is always included
    xm, w1, w2 = (rest(c, np.hstack([one, m]), w)[:, 0] for c in (x, index, 0.9 * u))
    ratio = lambda one: (w * xm) @ one / ((w * one) @ one)  # noqa: E731
    centred = rest(y, one, w)[:, 0]
    r_max = 1.0 - (w * e[:, 0]) @ e[:, 0] / ((w * centred) @ centred)
    columns = {"y": y, "x": x, "a": a, "b": b, "m": m}
    frame = pd.DataFrame({name: c[:, 0] for name, c in columns.items()}).assign(w=w)
    return frame, float(ratio(w2) / ratio(w1)), float(r_max)


@pytest.mark.parametrize("beta", [0.7, -0.4, 0.0])
@pytest.mark.parametrize("load", [0.6, -0.5, 0.05])
def test_a_known_delta_is_found_and_gives_the_true_coefficient_back(beta, load):
    frame, delta, r_max = omitted(beta, load=load)
    rows, extras = oster(frame, controls=("m", "a", "b"), base=["m"], r_max=r_max, beta=beta,
                         delta=delta)  # fmt: skip
    assert rows.loc["oster:delta", "estimate"] == pytest.approx(delta, rel=1e-8)
    assert min(abs(np.array(extras["roots"]) - beta)) < 1e-8
    assert all(extras["admissible"][j] for j in [np.argmin(abs(np.array(extras["roots"]) - beta))])


def test_weights_count_and_the_truth_is_chosen_where_it_is_near():
    w = np.random.default_rng(2).uniform(0.5, 2.0, 400)
    frame, delta, r_max = omitted(0.7, w=w, load=0.3)
    rows, extras = oster(frame, controls=("m", "a", "b"), base=["m"], r_max=r_max, beta=0.7,
                         delta=delta, estimator="wls", weights="w")  # fmt: skip
    assert rows.loc["oster:delta", "estimate"] == pytest.approx(delta, rel=1e-8)
    assert rows.loc["oster:beta", "estimate"] == pytest.approx(0.7, abs=1e-8)
    assert extras["beta_controlled"] != pytest.approx(0.7, abs=1e-2)


@pytest.mark.parametrize("delta", [0.5, 1.0, 2.0])
def test_roots_solve_the_system_of_omitted_variables(delta):
    """Unknown: b, both covariances with X, both variances; five equations in moments."""
    frame, _, _ = omitted()
    x, y = frame["x"] - frame["x"].mean(), frame["y"] - frame["y"].mean()
    one = np.column_stack([np.ones(len(x)), frame[["a", "b"]]])
    t = rest(x.to_numpy()[:, None], one, np.ones(len(x)))[:, 0]
    long = t @ y / (t @ t)
    short = x @ y / (x @ x)
    full = np.column_stack([one, frame["x"]])
    fitted = full @ np.linalg.lstsq(full, y, rcond=None)[0]
    n, r_max = len(x), 1.3 * (fitted @ fitted) / (y @ y)

    def moments(p):
        b, c1, c2, v1, v2 = p
        v, tt = x @ x / n, t @ t / n
        return [
            b + (c1 + c2) / v - short,                                   # short regression
            b + c2 / tt - long,                                          # long regression
            b * b * v + v1 + v2 + 2 * b * (c1 + c2) - r_max * (y @ y) / n,  # all explained
            r_max * (y @ y) / n - (v2 - c2 * c2 / tt) - fitted @ fitted / n,  # by the long one
            delta * c1 * v2 - c2 * v1,                                   # proportional selection
        ]  # fmt: skip

    _, extras = oster(frame, delta=delta)
    assert len(extras["roots"]) in ((2,) if delta == 1.0 else (1, 3))
    for root in extras["roots"]:
        v, tt = x @ x / n, t @ t / n
        c2 = tt * (long - root)
        guess = [root, v * (short - root) - c2, c2, 1.0, 1.0]
        found, _, flag, text = fsolve(moments, guess, full_output=True, xtol=1e-13)
        assert flag == 1 or max(abs(np.array(moments(found)))) < 1e-10, text
        assert found[0] == pytest.approx(root, rel=1e-6)


def test_delta_and_beta_are_each_others_inverse():
    known = Selection(v=10.0, t=7.0, short=0.5, long=0.3, a=4.0, b=3.0)
    for delta in (0.3, 1.0, 1.7):
        root = chosen(roots_for(known, delta))
        assert delta_for(known, root.beta) == pytest.approx(delta, rel=1e-9)
    # selection on what is omitted of strength 0 leaves the controlled estimate
    assert chosen(roots_for(known, 0.0)).beta == pytest.approx(0.3)


def test_the_exact_root_differs_from_the_approximation_away_from_equal_shares():
    frame, _, _ = omitted()
    rows, extras = oster(frame)
    e = extras
    ratio = (e["r_max"] - e["r2_controlled"]) / (e["r2_controlled"] - e["r2_uncontrolled"])
    approximate = e["beta_controlled"] - (e["beta_uncontrolled"] - e["beta_controlled"]) * ratio
    assert rows.loc["oster:beta", "estimate"] != pytest.approx(approximate, rel=1e-3)
    assert e["r_max"] == pytest.approx(min(1.3 * e["r2_controlled"], 1.0))
    assert oster(frame, multiplier=1.1)[1]["r_max"] == pytest.approx(1.1 * e["r2_controlled"])


def test_controls_that_barely_move_the_estimate_are_said_to():
    panel = wage_panel.load().reset_index(drop=True)
    controls = ("educ", "exper", "expersq", "married", "black", "hisp", "C(year)")
    rows, _ = oster(panel, "lwage", "union", controls)
    assert "uninformative" in rows.loc["oster:delta", "note"]
    assert rows.loc["oster:delta", "estimate"] > 100.0
    assert "uninformative" not in oster(omitted()[0])[0].loc["oster:delta", "note"]


def test_absorbed_effects_are_in_both_regressions():
    frame = omitted()[0].assign(g=np.arange(400) % 20)
    one, extras = oster(frame, estimator="fixed_effects", absorb=("g",), r_max=1.0)
    other, _ = oster(frame, controls=("a", "b", "C(g)"), base=["C(g)"], r_max=1.0)
    np.testing.assert_allclose(one["estimate"], other["estimate"], rtol=1e-8)
    assert extras["controls"] == 2


@pytest.mark.parametrize(("more", "text"), [
    ({"controls": ()}, "controls beyond"),
    ({"base": ["a", "b"]}, "controls beyond"),
    ({"base": ["aa"]}, "aa"),
    ({"r_max": 0.01}, "at or above the R2"),
    ({"r_max": 1.2}, "0 to 1"),
    ({"r_max": 0.99, "multiplier": 1.3}, "not both"),
    ({"multiplier": 0.5}, "multiplier"),
    ({"betas": 0}, "beta"),
    ({"estimator": "quantile"}, "linear"),
])  # fmt: skip
def test_refusals(more, text):
    with pytest.raises(UserError, match=text):
        oster(omitted()[0], **more)


def test_from_a_study_file(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d"\n[[equation]]\nid = "e"\noutcome = "y"\ntreatment = "x"\n'
        'controls = ["a", "b"]\nestimator = "ols"\n[[equation.after]]\nname = "oster"\ndelta = 1.0\n'
    )
    rows = estimates(read_study(path), omitted()[0])
    assert list(rows["component"][-2:]) == ["oster:delta", "oster:beta"]
