"""Stepdown p values: a bootstrap written out, pyfixest, enumeration, monotonicity."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.effects.cross_products.draws import draws_of_clusters, draws_of_rows
from analysis.effects.cross_products.rows import null_of_rows
from analysis.effects.fitting import data_of, estimates
from analysis.effects.multiplicity.stepdown import raw_p_values, stepdown_p_values
from analysis.effects.study import After, Equation, Study, read_study
from analysis.messages import UserError


def workers(groups=9, n=180, seed=3, effect=0.15):
    rng = np.random.default_rng(seed)
    g = np.arange(n) % groups
    shock, common = rng.normal(size=groups) * 0.5, rng.normal(size=n)
    d = (rng.normal(size=n) + shock[g] > 0) * 1.0
    frame = pd.DataFrame({"g": g, "d": d, "x": rng.normal(size=n), "i": np.arange(n) // 3})
    for j in range(3):
        frame[f"y{j}"] = effect * j * d + 0.3 * frame["x"] + shock[g] + common + rng.normal(size=n)
    return frame


def romano_wolf(frame=None, options=None, outcomes=("y0", "y1", "y2"), cluster=("g",), **more):
    request = {"treatments": ("d",), "controls": ("x",), "estimator": "ols", "vcov": "", **more}
    equation = Equation(id="e", outcomes=outcomes, cluster=cluster,
                        after=(After("romano_wolf", options or {}),), **request)  # fmt: skip
    rows = estimates(Study("s", "d", (equation,)), workers() if frame is None else frame)
    found = rows[rows["component"] == "romano_wolf"]
    return found, pd.DataFrame([json.loads(text) for text in found["extras"]])


def null(x, y, inverse, codes, groups, vcov="cluster"):
    own = inverse @ x.T @ y
    return null_of_rows(x, y, own, inverse, 1, codes, groups, vcov, len(y) - x.shape[1])


# --- against a bootstrap written out ------------------------------------------------------------


def t_by_hand(x, y, j, codes, v):
    """The bootstrap sample itself: fitted under the null, resampled, fitted again."""
    others = [k for k in range(x.shape[1]) if k != j]
    null = np.linalg.lstsq(x[:, others], y, rcond=None)[0]
    star = x[:, others] @ null + v[codes] * (y - x[:, others] @ null)
    inverse = np.linalg.inv(x.T @ x)
    b = inverse @ x.T @ star
    scores = pd.DataFrame(x * (star - x @ b)[:, None]).groupby(codes).sum().to_numpy()
    groups, (n, k) = len(scores), x.shape
    factor = groups / (groups - 1) * (n - 1) / (n - k)
    return b[j], b[j] / np.sqrt((inverse @ scores.T @ scores @ inverse)[j, j] * factor)


@pytest.mark.parametrize("groups", [6, 15, 180])
def test_a_draw_is_the_bootstrap_sample_fitted_again(groups):
    frame = workers(groups)
    x = np.column_stack([np.ones(len(frame)), frame["d"], frame["x"]])
    codes, y = frame["g"].to_numpy(), frame["y1"].to_numpy()
    inverse, signs = np.linalg.inv(x.T @ x), np.random.default_rng(0).normal(size=(4, groups))
    one = null(x, y, inverse, codes, groups)
    expected = np.array([t_by_hand(x, y, 1, codes, v) for v in signs])
    slopes, t = one.drawn(signs)
    np.testing.assert_allclose(np.column_stack([slopes[0], t[0]]), expected, rtol=1e-8)


def test_the_draw_that_keeps_every_sign_gives_the_heteroskedastic_t_of_the_data():
    frame = workers()
    x = np.column_stack([np.ones(len(frame)), frame["d"], frame["x"]])
    y, inverse = frame["y1"].to_numpy(), np.linalg.inv(x.T @ x)
    one = null(x, y, inverse, frame["g"].to_numpy(), 9, "HC1")
    estimate, t = one.drawn(np.ones((1, 9)))
    rows = estimates(Study("s", "d", (Equation("e", ("y1",), ("d",), ("x",), "ols", vcov="HC1"),)),
                     frame).set_index("term")  # fmt: skip
    assert one.observed[0] == pytest.approx(rows.loc["d", "statistic"], rel=1e-9)
    assert estimate[0, 0] == pytest.approx(rows.loc["d", "estimate"], rel=1e-9)
    assert t[0, 0] == pytest.approx(rows.loc["d", "statistic"], rel=1e-9)


def stepdown_by_hand(observed, drawn):
    """The definition, one hypothesis after another."""
    order, values, so_far = np.argsort(-np.abs(observed)), np.empty(len(observed)), 0.0
    for place, j in enumerate(order):
        largest = np.abs(drawn[:, order[place:]]).max(axis=1)
        so_far = max(so_far, (1 + (largest >= abs(observed[j])).sum()) / (1 + len(drawn)))
        values[j] = so_far
    return values


def test_the_stepdown_is_its_definition():
    rng = np.random.default_rng(1)
    observed, drawn = rng.normal(size=6) * 2, rng.normal(size=(200, 6))
    expected = stepdown_by_hand(observed, drawn)
    np.testing.assert_allclose(stepdown_p_values(observed, drawn, complete=False), expected)


# --- against pyfixest ---------------------------------------------------------------------------

# pyfixest 0.60.0 (with wildboottest 0.3.2) on workers(30, 600, 1) with n = 600:
#   fits = [pf.feols(f"{y} ~ d + x", frame, vcov={"CRV1": "g"}) for y in ("y0", "y1", "y2")]
#   pf.rwolf(fits, "d", reps=9999, seed=5); without clusters vcov="HC1"
PYFIXEST = {
    ("g",): ([0.8698, 0.0353, 0.1004],
             [0.16473839489524383, 2.6640120940284158, 2.0304578054861264]),
    (): ([0.8502, 0.0098, 0.0217], [0.18707955133818957, 2.9481285440335125, 2.53224964283756]),
}  # fmt: skip


@pytest.mark.parametrize("cluster", [("g",), ()])
def test_many_draws_agree_with_pyfixest(cluster):
    found, _ = romano_wolf(workers(30, 600, 1), {"draws": 9999}, cluster=cluster,
                           vcov="" if cluster else "HC1")  # fmt: skip
    p, t = PYFIXEST[cluster]
    np.testing.assert_allclose(found["statistic"].to_numpy(float), t, rtol=1e-9)
    np.testing.assert_allclose(found["p_value"].to_numpy(float), p, atol=0.012)


# --- properties ---------------------------------------------------------------------------------


@pytest.mark.parametrize("cluster", [("g",), ()])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_p_values_rise_as_statistics_fall_and_none_is_below_its_raw_one(cluster, seed):
    found, extras = romano_wolf(workers(15, seed=seed), {"draws": 299}, cluster=cluster)
    p, t = (found[name].to_numpy(float) for name in ("p_value", "statistic"))
    order = np.argsort(-np.abs(t))
    assert (np.diff(p[order]) >= 0).all()
    assert (p >= extras["bootstrap_p"].to_numpy(float)).all()


def test_one_outcome_twice_costs_nothing():
    frame = workers().assign(again=lambda f: f["y1"] * 7 - 2)
    alone, _ = romano_wolf(frame, outcomes=("y1", "y2"))
    thrice, _ = romano_wolf(frame, outcomes=("y1", "y2", "again"))
    np.testing.assert_allclose(
        thrice["p_value"].to_numpy(float)[:2], alone["p_value"].to_numpy(float)
    )
    assert thrice["p_value"].iloc[2] == pytest.approx(thrice["p_value"].iloc[0])


def test_the_order_of_outcomes_does_not_matter():
    one, _ = romano_wolf(outcomes=("y0", "y1", "y2"))
    other, _ = romano_wolf(outcomes=("y2", "y0", "y1"))
    pd.testing.assert_series_equal(
        one.set_index("outcome")["p_value"].sort_index(),
        other.set_index("outcome")["p_value"].sort_index(),
    )


def test_few_clusters_are_enumerated_and_random_signs_come_near():
    frame = workers(8)
    found, extras = romano_wolf(frame)
    assert set(extras["draws"]) == {256}
    assert "all 256" in found["note"].iloc[0]
    x = np.column_stack([np.ones(len(frame)), frame["d"], frame["x"]])
    inverse, codes = np.linalg.inv(x.T @ x), frame["g"].to_numpy()
    signs = np.random.default_rng(0).choice([-1.0, 1.0], size=(40_000, 8))
    hypotheses = [null(x, frame[y].to_numpy(), inverse, codes, 8) for y in ("y0", "y1", "y2")]
    drawn = np.column_stack([one.drawn(signs)[1][0] for one in hypotheses])
    observed = np.array([one.observed[0] for one in hypotheses])
    random = stepdown_p_values(observed, drawn, complete=False)
    np.testing.assert_allclose(random, found["p_value"].to_numpy(float), atol=0.01)
    raw = raw_p_values(observed, drawn, complete=False)
    np.testing.assert_allclose(raw, extras["bootstrap_p"], atol=0.01)


def test_the_seed_decides_and_blocks_come_again_the_same():
    one, _ = romano_wolf(options={"draws": 199, "seed": 5}, cluster=())
    same, _ = romano_wolf(options={"draws": 199, "seed": 5}, cluster=())
    other, _ = romano_wolf(options={"draws": 199, "seed": 6}, cluster=())
    assert list(one["p_value"]) == list(same["p_value"])
    assert list(one["p_value"]) != list(other["p_value"])
    draws = draws_of_rows(3_000_000, 3, 1)
    assert [block.shape for block in draws.blocks()] == [(1, 3_000_000)] * 3
    assert draws_of_clusters(12, 99, 1).complete
    assert not draws_of_clusters(13, 99, 1).complete


def test_outcomes_with_other_rows_share_the_draws_of_their_clusters():
    frame = workers(10)
    frame.loc[frame["g"] == 4, "y0"] = np.nan
    found, extras = romano_wolf(frame)
    assert set(extras["draws"]) == {1024}
    plain, _ = romano_wolf(frame, outcomes=("y1", "y2"))
    assert list(found["outcome"]) == ["y0", "y1", "y2"]
    assert (found["p_value"].to_numpy(float)[1:] >= plain["p_value"].to_numpy(float) - 1e-12).all()


def test_effects_nested_in_the_clusters_are_taken():
    frame = workers(10).assign(i=lambda f: f["g"] * 100 + np.arange(len(f)) // 60)
    found, _ = romano_wolf(frame, estimator="fixed_effects", absorb=("i",))
    assert found["p_value"].between(0, 1).all()


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("changes", "message"), [
    ({"outcomes": ("y0",)}, "two tests or more"),
    ({"cluster": ("g", "i")}, "one cluster column"),
    ({"estimator": "fixed_effects", "absorb": ("i",), "cluster": ()}, "nested in one-way clusters"),
    ({"options": {"draws": 0}}, "draws is 0"),
    ({"options": {"reps": 9}}, "no option reps"),
    ({"options": {"family": "none"}}, "no family none"),
])  # fmt: skip
def test_what_cannot_be_bootstrapped_is_refused(changes, message):
    with pytest.raises(UserError, match=message):
        romano_wolf(**changes)


def test_entity_means_are_refused():
    equation = Equation(id="e", outcomes=("y0", "y1"), treatments=("d",), controls=(),
                        estimator="between", vcov="HC1", after=(After("romano_wolf"),))  # fmt: skip
    with pytest.raises(UserError, match="least squares"):
        estimates(Study("s", "d", (equation,), entity="i"), workers())


def test_a_likelihood_fit_is_refused():
    frame = workers().assign(p=lambda f: (f["y0"] > 0) * 1.0, q=lambda f: (f["y1"] > 0) * 1.0)
    with pytest.raises(UserError, match="least squares"):
        romano_wolf(frame, estimator="logit", outcomes=("p", "q"))


def test_a_study_file_asks_for_it(tmp_path):
    workers().to_csv(tmp_path / "d.csv", index=False)
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d.csv"\ncluster = "g"\n'
        '[[equation]]\nid = "e"\noutcomes = ["y0", "y2"]\ntreatment = "d"\nestimator = "ols"\n'
        '[[equation.after]]\nname = "romano_wolf"\n'
    )
    study = read_study(path)
    rows = estimates(study, data_of(study))
    assert (rows["component"] == "romano_wolf").sum() == 2


# --- size ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_family_of_true_nulls_is_rejected_in_five_percent():
    """Any of three outcomes rejected, 20 clusters, no effect: the 99.9 % band of 400."""
    rejected = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        g, d = np.arange(160) % 20, rng.normal(size=160)
        x, common = np.column_stack([np.ones(160), d]), rng.normal(size=(160, 1))
        y = rng.normal(size=(20, 3))[g] + common + rng.normal(size=(160, 3))
        inverse, draws = np.linalg.inv(x.T @ x), draws_of_clusters(20, 399, seed)
        hypotheses = [null(x, y[:, j], inverse, g, 20) for j in range(3)]
        drawn = np.column_stack([one.drawn(draws.signs)[1][0] for one in hypotheses])
        observed = np.array([one.observed[0] for one in hypotheses])
        rejected += stepdown_p_values(observed, drawn, complete=False).min() <= 0.05
    assert 8 <= rejected <= 36
