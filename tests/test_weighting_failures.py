"""Weighting: what is refused, by name; errors and coverage in simulation."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from test_weighting import FAMILY, one, rows_of, workers

from analysis.effects.fitting import estimates
from analysis.effects.study import Equation, Study
from analysis.messages import UserError

# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(("change", "options", "message"), [
    (lambda f: f.assign(d=f["d"] * 2), {}, "d has the value 2"),
    (lambda f: f.assign(d=1.0), {}, "all 300 rows have d = 1"),
    (lambda f: f.assign(d=(f["x"] > 0) * 1.0), {}, r"x predicts d of \d+ rows perfectly"),
    (lambda f: f, {"controls": ("x", "d * x")}, r"d \* x contains d"),
    (lambda f: f, {"controls": ()}, "controls"),
    (lambda f: f, {"propensity": ["d"]}, "without the treatment"),
    (lambda f: f, {"trim": 0.7}, "below 0.5"),
    (lambda f: f, {"trim": 0.499}, "overlap: no row"),
    (lambda f: f, {"score": "probbit"}, "probit"),
    (lambda f: f, {"effect": "atc"}, "did you mean at"),
    (lambda f: f, {"trimm": 0.1}, "did you mean trim"),
    (lambda f: f, {"vcov": "HC3"}, "HC0"),
    (lambda f: f.assign(w=-1.0), {"weights": "w"}, "weights above zero"),
])  # fmt: skip
def test_what_ipw_cannot_do_is_refused_by_name(change, options, message):
    with pytest.raises(UserError, match=message):
        rows_of(change(workers(300)), "ipw", **options)


def test_rows_without_overlap_are_counted_and_their_side_named():
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.normal(size=500), [40.0, 45.0, 50.0]])
    d = np.concatenate([(rng.random(500) < 1 / (1 + np.exp(-x[:500]))) * 1.0, [1.0, 1.0, 1.0]])
    frame = pd.DataFrame({"x": x, "d": d, "y": x + rng.normal(size=503)})
    with pytest.raises(UserError, match=r"3 rows have a score above 1 - 1e-5"):
        rows_of(frame, "ipw")
    flipped = frame.assign(d=1 - frame["d"])
    with pytest.raises(UserError, match=r"3 rows have a score below 1e-5"):
        rows_of(flipped, "ipw", effect="ate")
    # nobody is asked what treatment does to those never treated
    assert np.isfinite(one(rows_of(flipped, "ipw", effect="att"), "att"))
    assert json.loads(rows_of(frame, "ipw", trim=0.01)["extras"].iloc[0])["n_trimmed"] >= 3


@pytest.mark.parametrize(("estimator", "options", "message"), [
    ("aipw", {"controls": ()}, "controls"),
    ("aipw", {"outcome_model": "logit"}, "from 0 to 1"),
    ("regression_adjustment", {"outcome_model": "poisson"}, "zero or more"),
    ("regression_adjustment", {"products": []}, "products"),
    ("regression_adjustment", {"trim": 0.1}, "trim"),
])  # fmt: skip
def test_outcome_models_refuse_what_they_cannot_hold(estimator, options, message):
    with pytest.raises(UserError, match=message):
        rows_of(workers(300), estimator, **options)


def test_a_level_that_one_arm_lacks_is_named():
    frame = workers(300)
    frame["k"] = np.where((frame["d"] == 1) & (frame["x"] > 0), 1.0, 0.0)
    with pytest.raises(UserError, match=r"rows with d = 0 k adds nothing"):
        rows_of(frame, "regression_adjustment", ("x", "k"))


# --- slow ---------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("estimator", [*FAMILY, "entropy_balancing"])
def test_intervals_cover_in_nineteen_of_twenty(estimator):
    # 1,000 where nothing is iterated
    draws = 1000 if estimator == "regression_adjustment" else 300
    truth, hits = {"ate": 0.5, "att": None}, {"ate": 0, "att": 0}
    # the effect 0.5 + 0.4 x, mean of x among the treated by numerical integration
    x = np.linspace(-8, 8, 20_001)
    p = stats.norm.pdf(x) / (1 + np.exp(0.3 - 0.6 * x))
    truth["att"] = 0.5 + 0.4 * (x * p).sum() / p.sum()
    for seed in range(draws):
        rows = rows_of(workers(500, seed + 100), estimator, ("x", "z"))
        for effect in hits:
            hits[effect] += (
                one(rows, effect, "ci_low") <= truth[effect] <= one(rows, effect, "ci_high")
            )
    low, high = stats.binom.ppf([0.0005, 0.9995], draws, 0.95)
    assert all(low <= count <= high for count in hits.values()), hits


@pytest.mark.slow
@pytest.mark.parametrize("outcome_model", ["logit", "poisson"])
@pytest.mark.parametrize("estimator", ["regression_adjustment", "ipw_regression_adjustment"])
def test_errors_of_curved_outcome_models_are_those_of_a_bootstrap(estimator, outcome_model):
    frame = workers(800)
    frame["y"] = (frame["y"] > 1) * 1.0
    rows = rows_of(frame, estimator, ("x", "z"), outcome_model=outcome_model, effect="ate")
    study = Study("s", "d", (Equation("e", ("y",), ("d",), ("x", "z"), estimator, "bootstrap",
                  options={"outcome_model": outcome_model, "effect": "ate"}, draws=200),))  # fmt: skip
    again = estimates(study, frame)
    assert one(again) == one(rows)
    # 200 draws: the standard error's own is 1/sqrt(400) of it
    assert one(again, column="std_error") == pytest.approx(one(rows, column="std_error"), rel=0.17)
