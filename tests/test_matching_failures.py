"""Matching: what is refused, by name; coverage and speed in simulation."""

import json

import numpy as np
import pytest
from scipy import stats
from test_matching import rows_of, workers

from analysis.messages import UserError

# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(("change", "options", "message"), [
    (lambda f: f.assign(d=f["d"] + 1), {}, "d has the value 2"),
    (lambda f: f.assign(d=0.0), {}, "all 300 rows have d = 0"),
    (lambda f: f.assign(d=(f["x"] > 0) * 1.0), {}, "x predicts d"),
    (lambda f: f, {"caliper": 1e-12}, "no treated row has one within the caliper"),
    (lambda f: f[(f["d"] == 1) | (f["x"] > 1.2)], {"neighbours": 50}, r"50 rows in each arm: \d+ have d = 0"),
    (lambda f: f, {"neighbours": 0}, "whole number from 1"),
    (lambda f: f, {"caliper": -1}, "above 0"),
    (lambda f: f, {"kernel": "gauss"}, "did you mean gaussian"),
    (lambda f: f, {"kernel": "gaussian", "neighbours": 2}, "kernel without neighbours"),
    (lambda f: f, {"radius": 0.1, "caliper": 0.2}, "radius without caliper"),
    (lambda f: f, {"bandwidth": 0.1}, "kernel where bandwidth"),
    (lambda f: f, {"on": "covariates", "kernel": "gaussian"}, "on = covariates without kernel"),
    (lambda f: f, {"bias_adjustment": True}, "on = propensity without bias_adjustment"),
    (lambda f: f, {"on": "covariate"}, "did you mean covariates"),
    (lambda f: f, {"common_support": 1}, "true or false"),
    (lambda f: f, {"neighbors": 2}, "did you mean neighbours"),
    (lambda f: f.assign(w=1.0), {"weights": "w"}, "no weights"),
    (lambda f: f, {"vcov": "abadie_imben"}, "did you mean abadie_imbens"),
    (lambda f: f, {"controls": ("x", "d")}, "d contains d"),
])  # fmt: skip
def test_what_matching_cannot_do_is_refused_by_name(change, options, message):
    with pytest.raises(UserError, match=message):
        rows_of(change(workers()), **options)


def test_a_bootstrap_of_neighbours_is_refused():
    with pytest.raises(UserError, match="bootstrap is not valid"):
        rows_of(workers(), vcov="bootstrap", draws=10)


def test_clusters_that_errors_do_not_use_are_said():
    assert "clusters are not used" in rows_of(workers(), cluster=("s",))["note"][0]


# --- slow ---------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "options", [{}, {"neighbours": 3}, {"kernel": "epanechnikov", "bandwidth": 0.06}]
)
def test_intervals_cover_in_nineteen_of_twenty(options):
    draws, hits = 300, {"ate": 0, "att": 0}
    x = np.linspace(-8, 8, 20_001)
    p = stats.norm.pdf(x) / (1 + np.exp(0.8 - 0.6 * x))
    truth = {"ate": 0.5, "att": 0.5 + 0.4 * (x * p).sum() / p.sum()}
    for seed in range(draws):
        rows = rows_of(workers(1000, seed + 500), **options)
        for row in rows.to_dict("records"):
            hits[row["quantity"]] += row["ci_low"] <= truth[row["quantity"]] <= row["ci_high"]
    low, high = stats.binom.ppf([0.0005, 0.9995], draws, 0.95)
    # a kernel's errors take the score as known, which for everybody's effect is on the safe side
    high = draws if "kernel" in options else high
    assert all(low <= count <= high for count in hits.values()), hits


@pytest.mark.slow
def test_a_hundred_thousand_rows_with_few_points_take_seconds():
    frame = workers(100_000).assign(x=lambda f: f["x"].round(1), z=lambda f: f["z"].round())
    rows = rows_of(frame, effect="att")
    about = json.loads(rows["extras"][0])
    assert about["matches_a_treated_row"] > 50
    assert abs(rows["estimate"][0] - 0.68) < 0.1


@pytest.mark.slow
def test_kernel_errors_are_near_the_bootstrap():
    frame = workers(400)
    analytic = rows_of(frame, kernel="epanechnikov", effect="att")
    drawn = rows_of(frame, kernel="epanechnikov", effect="att", vcov="bootstrap", draws=100)
    # 100 draws: the standard error's own is 1/sqrt(200) of it
    assert drawn["std_error"][0] == pytest.approx(analytic["std_error"][0], rel=0.3)
    assert "kernel weights and score as known" in analytic["note"][0]
