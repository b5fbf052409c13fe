"""Balance, overlap and Rosenbaum bounds after an equation."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.treatment.tests as treatment_tests
from scipy import stats
from statsmodels.discrete.discrete_model import Logit

from analysis.effects.fitting import estimates
from analysis.effects.study import After, Equation, Study
from analysis.effects.treatment.signed_ranks import bounds_at, tipping_gamma
from analysis.messages import UserError

BABIES = pd.read_csv(Path(treatment_tests.__file__).parent / "results" / "cataneo2.csv")
# lead in children's blood, 33 pairs of exposed and control (Morton et al. 1982; Rosenbaum 2002,
# Observational Studies, table 3.1)
EXPOSED = [38, 23, 41, 18, 37, 36, 23, 62, 31, 34, 24, 14, 21, 17, 16, 20, 15, 10, 45, 39, 22, 35,
           49, 48, 44, 35, 43, 39, 34, 13, 73, 25, 27]  # fmt: skip
CONTROL = [16, 18, 18, 24, 19, 11, 10, 15, 16, 18, 18, 13, 19, 10, 16, 16, 24, 13, 9, 14, 21, 19,
           7, 18, 19, 12, 11, 22, 25, 16, 13, 11, 13]  # fmt: skip
LEAD = np.array(EXPOSED, dtype=float) - np.array(CONTROL)


def rows_of(
    frame, tool, estimator="ipw", controls=("x", "z"), tool_options=None, weights="", **options
):
    equation = Equation(id="e", outcomes=("y",), treatments=("d",), controls=tuple(controls),
                        estimator=estimator, vcov="", weights=weights, options=options,
                        after=(After(tool, tool_options or {}),))  # fmt: skip
    rows = estimates(Study(id="s", data="d", equations=(equation,)), frame)
    return rows[rows["component"].str.startswith(tool)].reset_index(drop=True)


def workers(n=500, seed=1, pull=0.6):
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=n), rng.integers(0, 2, n) * 1.0
    d = (rng.random(n) < 1 / (1 + np.exp(0.5 - pull * x - 0.5 * z))) * 1.0
    y = 1 + d + x + 0.3 * z + rng.normal(size=n)
    return pd.DataFrame({"x": x, "z": z, "d": d, "y": y})


def logit_of(frame, *names, **more):
    x = np.column_stack([np.ones(len(frame)), frame[list(names)]])
    return Logit(frame["d"], x).fit(disp=0, tol=1e-12, **more)


# --- balance ------------------------------------------------------------------------------------


def test_bias_is_that_of_rosenbaum_and_rubin_before_and_after():
    frame = workers()
    rows = rows_of(frame, "balance", effect="att")
    p = logit_of(frame, "x", "z").predict()
    w = np.where(frame["d"] == 1, 1.0, p / (1 - p))
    for name, row in zip(("x", "z"), rows.to_dict("records"), strict=False):
        one, zero = (frame.loc[frame["d"] == arm, name] for arm in (1, 0))
        spread = np.sqrt((one.var() + zero.var()) / 2)
        about = json.loads(row["extras"])
        before = 100 * (one.mean() - zero.mean()) / spread
        after = 100 * (one.mean() - np.average(zero, weights=w[frame["d"] == 0])) / spread
        assert row["term"] == name
        assert about["bias_before"] == pytest.approx(before)
        assert row["estimate"] == pytest.approx(after, rel=1e-6)
        assert about["bias_reduction"] == pytest.approx(100 * (1 - abs(after / before)))
        assert about["variance_ratio_before"] == pytest.approx(one.var() / zero.var())
        welch = stats.ttest_ind(one, zero, equal_var=False)
        assert about["z_before"] == pytest.approx(welch.statistic)


def test_summaries_are_means_medians_and_the_pseudo_r2():
    frame = workers()
    rows = rows_of(frame, "balance", "matching", effect="att").set_index("component")
    each = rows.loc["balance:att"]
    biases = [abs(json.loads(text)["bias_before"]) for text in each["extras"]]
    mean = rows.loc["balance:att:mean_bias"]
    assert mean["estimate"] == pytest.approx(each["estimate"].abs().mean())
    assert json.loads(mean["extras"])["before"] == pytest.approx(np.mean(biases))
    assert rows.loc["balance:att:median_bias", "estimate"] == pytest.approx(
        each["estimate"].abs().median()
    )
    r2 = rows.loc["balance:att:pseudo_r2"]
    assert json.loads(r2["extras"])["before"] == pytest.approx(logit_of(frame, "x", "z").prsquared)
    assert r2["estimate"] < json.loads(r2["extras"])["before"] / 5


def test_entropy_balancing_leaves_no_bias_and_no_pseudo_r2():
    rows = rows_of(workers(), "balance", "entropy_balancing", tool_options={"effect": "ate"})
    np.testing.assert_allclose(rows["estimate"].astype(float), 0.0, atol=1e-7)
    assert rows["component"].str.contains("ate").all()


def test_terms_of_the_score_are_looked_at_too():
    rows = rows_of(workers(), "balance", propensity=["x", "x ** 2"], effect="att")
    assert list(rows["term"]) == ["x", "z", "x ** 2", "d", "d", "d"]


@pytest.mark.parametrize(("estimator", "options", "message"), [
    ("ols", {}, "weights or matches"),
    ("regression_adjustment", {}, "weights or matches"),
    ("ipw", {"effect": "atc"}, "did you mean at"),
    ("ipw", {"effects": "att"}, "did you mean effect"),
])  # fmt: skip
def test_balance_refuses_what_has_none(estimator, options, message):
    with pytest.raises(UserError, match=message):
        rows_of(workers(), "balance", estimator, tool_options=options)


# --- overlap ------------------------------------------------------------------------------------


def test_overlap_shows_quantiles_rows_off_support_and_large_weights():
    frame = workers(pull=2.5)
    rows = rows_of(frame, "overlap").set_index("component")
    p, d = logit_of(frame, "x", "z").predict(), frame["d"].to_numpy() == 1
    for name, arm in (("treated", d), ("untreated", ~d)):
        for q in (0.05, 0.5):
            expected = np.quantile(p[arm], q)
            assert rows.loc[f"overlap:{name}:q={q}", "estimate"] == pytest.approx(
                expected, rel=1e-6
            )
    low, high = max(p[d].min(), p[~d].min()), min(p[d].max(), p[~d].max())
    outside = (p < low - 1e-9) | (p > high + 1e-9)
    assert rows.loc["overlap:treated:off_support", "estimate"] == (outside & d).sum() > 0
    w = np.where(d, 1 / p, 1 / (1 - p))
    large = rows.loc["overlap:weights_above_10"]
    assert large["estimate"] == pytest.approx((w > 10).mean()) and large["quantity"] == "share"
    assert f"poor overlap: {100 * outside.mean():.1f} % of the rows" in large["note"]


def test_good_overlap_is_not_warned_of():
    assert not rows_of(workers(pull=0.1), "overlap")["note"].str.contains("poor").any()


@pytest.mark.parametrize("estimator", ["ols", "entropy_balancing"])
def test_overlap_needs_a_score(estimator):
    with pytest.raises(UserError, match="propensity score"):
        rows_of(workers(), "overlap", estimator)


# --- Rosenbaum bounds ---------------------------------------------------------------------------


@pytest.mark.parametrize(("gamma", "p", "low", "high"), [
    (2, 0.0018, 10.25, 19.5), (3, 0.0136, 8, 23), (4, 0.0388, 6.5, 25), (4.25, 0.0468, None, None),
    (5, 0.0740, 5, 26.5),
])  # fmt: skip
def test_bounds_of_the_lead_data_are_the_printed_ones(gamma, p, low, high):
    # Rosenbaum 2002, sections 4.3.4 and 4.3.5
    found = bounds_at(LEAD, gamma)
    assert round(found.p_high, 4) == p
    if low is not None:
        assert (found.estimate_low, found.estimate_high) == pytest.approx((low, high))


def test_without_hidden_bias_it_is_the_signed_rank_test_and_hodges_and_lehmann():
    d = np.random.default_rng(3).normal(0.4, 1, 60)
    found = bounds_at(d, 1.0)
    oracle = stats.wilcoxon(d, alternative="greater", method="approx", correction=False)
    assert found.p_low == found.p_high == pytest.approx(oracle.pvalue)
    walsh = np.add.outer(d, d)[np.triu_indices(60)] / 2
    assert found.estimate_low == found.estimate_high == pytest.approx(np.median(walsh))


def test_the_tipping_gamma_is_where_p_passes():
    at = tipping_gamma(LEAD, 0.05, 1.0, 100.0)
    assert bounds_at(LEAD, at).p_high == pytest.approx(0.05)
    assert 4.25 < at < 5
    assert tipping_gamma(LEAD, 1e-9, 1.0, 100.0) == 1.0
    assert tipping_gamma(np.ones(1000), 0.05, 1.0, 2.0) is None


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_rows_after_matching_bound_an_effect_of_either_sign(sign):
    frame = workers().assign(y=lambda f: sign * (f["y"] + 0.5 * f["d"]))
    rows = rows_of(frame, "rosenbaum", "matching", tool_options={"gammas": [1, 2, 4]}, effect="att")
    assert list(rows["component"][:3]) == [
        "rosenbaum:gamma=1",
        "rosenbaum:gamma=2",
        "rosenbaum:gamma=4",
    ]
    assert (np.diff(rows["p_value"][:3].astype(float)) > 0).all()
    assert rows["p_value"][0] < 0.001
    assert rows["ci_low"][1] < rows["estimate"][0] < rows["ci_high"][1]
    assert np.sign(rows["estimate"][0]) == sign
    assert ("positive" if sign > 0 else "negative") in rows["note"][0]
    assert rows["component"][3] == "rosenbaum:tipping_gamma" and rows["estimate"][3] > 1


@pytest.mark.parametrize(("estimator", "options", "message"), [
    ("ipw", {}, "matched pairs"),
    ("matching", {"gammas": [0.5]}, "gammas: numbers of one or more"),
    ("matching", {"gammas": "2"}, "gammas"),
    ("matching", {"alpha": 2}, "0.5"),
    ("matching", {"gamma": 2}, "did you mean gammas"),
])  # fmt: skip
def test_bounds_refuse_what_they_cannot_do(estimator, options, message):
    with pytest.raises(UserError, match=message):
        rows_of(workers(), "rosenbaum", estimator, tool_options=options)


def test_too_few_pairs_are_refused():
    frame = workers(60)
    frame = frame[(frame["d"] == 0) | (frame["d"].cumsum() <= 9)]
    with pytest.raises(UserError, match="10 matched treated rows"):
        rows_of(frame, "rosenbaum", "matching")
