"""Entropy balancing: exact balance, raking as an oracle, refusals where no weights balance."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.treatment.tests as treatment_tests
from scipy.optimize import minimize

from analysis.effects.estimators.entropy_balancing import fit
from analysis.effects.fitting import estimates
from analysis.effects.sample import take_sample
from analysis.effects.study import Equation, Study
from analysis.messages import UserError

BABIES = pd.read_csv(Path(treatment_tests.__file__).parent / "results" / "cataneo2.csv")


def equation_of(controls=("x", "z"), outcome="y", treatment="d", vcov="", weights="", **options):
    return Equation(id="e", outcomes=(outcome,), treatments=(treatment,), controls=tuple(controls),
                    estimator="entropy_balancing", vcov=vcov, weights=weights, options=options)  # fmt: skip


def rows_of(frame, **asked):
    return estimates(Study(id="s", data="d", equations=(equation_of(**asked),)), frame)


def weights_of(frame, effect="att", **asked):
    equation = equation_of(**asked)
    study = Study(id="s", data="d", equations=(equation,))
    sample = take_sample(study, equation, equation.outcomes[0], frame)
    return fit(sample, equation).material["weights"][effect]


def workers(n=600, seed=1):
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=n), rng.exponential(size=n)
    d = (rng.random(n) < 1 / (1 + np.exp(0.8 - 0.6 * x - 0.2 * z))) * 1.0
    y = 1 + d * (0.5 + 0.4 * x) + x + 0.3 * z + rng.normal(size=n)
    return pd.DataFrame({"x": x, "z": z, "d": d, "y": y, "c": rng.integers(0, 3, n)})


def test_it_is_calibration_by_raking():
    # survey::calibrate(svydesign(~1, weights = 1, data = untreated), ~ mmarried_ + mage + mage2 +
    # fbaby_ + medu, population = totals of the treated (of all), calfun = "raking")
    rows = rows_of(BABIES, outcome="bweight", treatment="mbsmoke_",
                   controls=("mmarried_", "mage", "mage2", "fbaby_", "medu"))  # fmt: skip
    np.testing.assert_allclose(rows["estimate"][:2], [-226.48665097, -227.15651414], rtol=1e-9)


def test_weights_minimise_the_entropy_subject_to_balance():
    frame = workers(60)
    own = weights_of(frame)[frame["d"] == 0]
    own = own / own.sum()
    zero, one = frame[frame["d"] == 0], frame[frame["d"] == 1]
    columns = zero[["x", "z"]].to_numpy() - one[["x", "z"]].mean().to_numpy()
    found = minimize(
        lambda w: (w * np.log(w)).sum(), np.full(len(zero), 1 / len(zero)), method="SLSQP",
        jac=lambda w: np.log(w) + 1, bounds=[(1e-12, 1)] * len(zero),
        constraints=[{"type": "eq", "fun": lambda w: w @ columns, "jac": lambda w: columns.T},
                     {"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda w: np.ones_like(w)}],
        options={"maxiter": 500, "ftol": 1e-14},
    )  # fmt: skip
    np.testing.assert_allclose(own, found.x, atol=2e-6)


@pytest.mark.parametrize("moments", [1, 2, 3])
@pytest.mark.parametrize("effect", ["ate", "att"])
def test_moments_are_equal_after_it(moments, effect):
    frame = workers()
    w = weights_of(frame, effect, controls=("x", "z", "C(c)"), moments=moments)
    target = frame if effect == "ate" else frame[frame["d"] == 1]
    for arm in (0, 1):
        rows = (frame["d"] == arm).to_numpy()
        share = w[rows] / w[rows].sum()
        assert (share >= 0).all()
        for name in ("x", "z"):
            for power in range(1, moments + 1):
                wanted = (target[name] ** power).mean()
                assert share @ frame[name][rows] ** power == pytest.approx(
                    wanted, abs=1e-9, rel=1e-9
                )
        if moments == 1 and arm == 0:
            assert abs(share @ frame["x"][rows] ** 2 - (target["x"] ** 2).mean()) > 1e-3


def test_equal_moments_give_equal_weights_and_the_difference_of_means():
    frame = pd.DataFrame({"x": [1.0, 2.0, 4.0] * 20, "d": np.repeat([0.0, 1.0], 30)})
    frame["y"] = np.random.default_rng(0).normal(size=60)
    w = weights_of(frame, controls=("x",), moments=2)
    np.testing.assert_allclose(w[:30], w[0], rtol=1e-12)
    gap = frame["y"][30:].mean() - frame["y"][:30].mean()
    np.testing.assert_allclose(rows_of(frame, controls=("x",))["estimate"][:2], gap)


def test_units_do_not_matter_and_base_weights_are_repeated_rows():
    frame = workers(200).assign(w=lambda f: 1.0 + (f["z"] > 1))
    rows = rows_of(frame, weights="w", moments=2)
    other = rows_of(frame.assign(x=1e4 * frame["x"] + 3, w=5 * frame["w"]), weights="w", moments=2)
    np.testing.assert_allclose(rows[["estimate", "std_error"]], other[["estimate", "std_error"]],
                               rtol=1e-7)  # fmt: skip
    longer = frame.loc[frame.index.repeat(frame["w"].astype(int))]
    np.testing.assert_allclose(rows["estimate"], rows_of(longer, moments=2)["estimate"], rtol=1e-7)


@pytest.mark.slow
def test_errors_hold_the_balancing_step():
    frame = workers(800)
    rows = rows_of(frame, effect="att")
    equation = Equation("e", ("y",), ("d",), ("x", "z"), "entropy_balancing", "bootstrap",
                        options={"effect": "att"}, draws=300)  # fmt: skip
    again = estimates(Study("s", "d", (equation,)), frame)
    # 300 draws: the standard error's own is 1/sqrt(600) of it
    assert again["std_error"][0] == pytest.approx(rows["std_error"][0], rel=0.14)


def test_numbers_of_rows_in_effect_are_said():
    about = json.loads(rows_of(workers())["extras"].iloc[0])
    n1 = workers()["d"].sum()
    assert about["effective_n_treated[att]"] == pytest.approx(n1)
    assert 1 < about["effective_n_untreated[att]"] < 600 - n1
    assert about["n_moments"] == 2


# --- what is refused ----------------------------------------------------------------------------


def test_without_exact_balance_the_worst_covariate_and_its_distance_are_named():
    frame = workers()
    frame["z"] = np.where(frame["d"] == 1, frame["z"] + 9, frame["z"])
    with pytest.raises(UserError, match=r"rows with d = 0 do; z is left farthest, \d"):
        rows_of(frame, effect="att")
    treated = frame.loc[frame["d"] == 1, "z"].mean()
    most = frame.loc[frame["d"] == 0, "z"].max()
    # nothing reaches beyond the largest untreated value
    with pytest.raises(UserError) as refused:
        rows_of(frame, effect="att", controls=("z",))
    left = float(str(refused.value).split("farthest, ")[1].split(" ")[0])
    assert left == pytest.approx((treated - most) / frame["z"].std(ddof=0), rel=0.02)


@pytest.mark.parametrize(("asked", "message"), [
    ({"moments": 4}, "1, 2 or 3"),
    ({"moments": 1.5}, "whole number"),
    ({"moment": 2}, "did you mean moments"),
    ({"effect": "late"}, "ate"),
    ({"controls": ()}, "controls that vary"),
    ({"controls": ("x", "x * d")}, "contains d"),
])  # fmt: skip
def test_what_it_cannot_do_is_refused_by_name(asked, message):
    with pytest.raises(UserError, match=message):
        rows_of(workers(), **asked)
