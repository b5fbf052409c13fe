"""Lee's bounds: his variance written out, simulated effects inside, cells that tighten."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.effects.fitting import estimates
from analysis.effects.sensitivity.trimming import (
    Selected,
    averaged,
    bounds_of,
    imbens_manski,
)
from analysis.effects.study import After, Equation, Study, read_study
from analysis.messages import UserError


def bounded(frame, controls=(), estimator="ols", vcov="HC0", weights="", cluster=(), outcome="y",
            treatment="d", where="", **options):  # fmt: skip
    equation = Equation(id="e", outcomes=(outcome,), treatments=(treatment,), controls=controls,
                        estimator=estimator, vcov=vcov, weights=weights, cluster=cluster,
                        where=where, after=(After("lee_bounds", options),))  # fmt: skip
    rows = estimates(Study("s", "d", (equation,)), frame)
    rows = rows[rows["component"].str.startswith("lee")]
    return rows.assign(part=rows["component"].str.partition(":")[2]).set_index("part")


def trial(n=2000, seed=1, effect=0.5, up=0.2):
    """Types: always seen, seen if treated (share ``up``), never; outcome y + effect if treated."""
    rng = np.random.default_rng(seed)
    d = (np.arange(n) % 2).astype(float)
    x = rng.integers(0, 3, n)
    y0 = rng.normal(size=n) + 0.8 * x
    chance = rng.random(n)
    always, moved = chance < 0.5, (chance >= 0.5) & (chance < 0.5 + up)
    seen = always | (moved & (d == 1))
    y = y0 + effect * d + 0.3 * moved
    return pd.DataFrame({"y": np.where(seen, y, np.nan), "d": d, "x": x, "s": seen.astype(float),
                         "g": np.arange(n) // 2 % 50, "w": rng.uniform(0.5, 2, n)})  # fmt: skip


def selected(frame, w=None):
    return Selected(frame["y"].fillna(0).to_numpy(), frame["d"].to_numpy() == 1,
                    frame["s"].to_numpy() == 1, np.ones(len(frame)) if w is None else w)  # fmt: skip


def test_bounds_are_means_after_trimming_by_hand():
    # 4 of 4 treated seen, 2 of 4 controls: half of the treated is trimmed
    frame = pd.DataFrame({"y": [1.0, 2, 4, 8, 0, 3, np.nan, np.nan], "d": [1.0] * 4 + [0] * 4,
                          "s": [1.0] * 6 + [0, 0]})  # fmt: skip
    rows = bounded(frame)
    assert rows.loc["lower", "estimate"] == pytest.approx(1.5 - 1.5)
    assert rows.loc["upper", "estimate"] == pytest.approx(6.0 - 1.5)
    extras = json.loads(rows["extras"].iloc[0])
    assert (extras["trimmed_share"], extras["trimmed_arm"]) == (0.5, "treated")
    # the other way round the controls are trimmed, and signs change
    other = bounded(frame.assign(d=1 - frame["d"]))
    assert other.loc["lower", "estimate"] == pytest.approx(-4.5)
    assert other.loc["upper", "estimate"] == pytest.approx(0.0)
    assert json.loads(other["extras"].iloc[0])["trimmed_arm"] == "control"


def test_errors_are_lees_analytic_ones():
    """Lee 2009, proposition 3, written out for the lower bound."""
    frame = trial(4000)
    seen, d, y = frame["s"] == 1, frame["d"] == 1, frame["y"]
    q1, q0 = seen[d].mean(), seen[~d].mean()
    p, share = (q1 - q0) / q1, d.mean()
    own, control = np.sort(y[seen & d]), y[seen & ~d]
    keep = own[: int(np.ceil((1 - p) * len(own)))]
    edge, mean = keep[-1], keep.mean()
    per = share * q1 * (1 - p)  # E[SD] (1 - p)
    v_mean = keep.var() / per + (edge - mean) ** 2 * p / per
    v_p = (1 - p) ** 2 * ((1 - q0 / (1 - p)) / (share * q0 / (1 - p)) +
                          (1 - q0) / ((1 - share) * q0))  # fmt: skip
    v_share = ((edge - mean) / (1 - p)) ** 2 * v_p
    v_control = control.var() / ((1 - share) * q0)
    expected = np.sqrt((v_mean + v_share + v_control) / len(frame))
    rows = bounded(frame)
    assert rows.loc["lower", "std_error"] == pytest.approx(expected, rel=2e-3)
    assert rows.loc["lower", "estimate"] == pytest.approx(mean - control.mean(), abs=2e-3)


def test_a_share_that_ends_within_a_row_counts_it_in_part():
    # 5 of 5 treated seen, 3 of 4 controls: the lowest 3.75 of 5 treated are kept
    frame = pd.DataFrame({"y": [1.0, 2, 4, 8, 9, 0, 3, 6, np.nan], "d": [1.0] * 5 + [0] * 4})
    rows = bounded(frame)
    assert rows.loc["lower", "estimate"] == pytest.approx((1 + 2 + 4 + 0.75 * 8) / 3.75 - 3)
    assert rows.loc["upper", "estimate"] == pytest.approx((9 + 8 + 4 + 0.75 * 2) / 3.75 - 3)


@pytest.mark.parametrize("up", [0.2, -0.2])
def test_a_rows_influence_is_what_its_weight_moves(up):
    """f_i is the derivative by w_i, rates and sizes of the cells counted."""
    frame = trial(300, up=abs(up))
    if up < 0.0:
        frame["d"] = 1 - frame["d"]

    def average(w):
        one = selected(frame, w)
        cells = [(at, bounds_of(one.rows(at)))
                 for at in (frame["x"].to_numpy() == x for x in range(3))]  # fmt: skip
        return averaged(cells, len(frame))

    influence = average(np.ones(300))[1]
    for row in (0, 1, 2, 3, 100, 151):
        ends = []
        for step in (-1e-6, 1e-6):
            w = np.ones(300)
            w[row] += step
            ends.append(average(w)[0])
        np.testing.assert_allclose((ends[1] - ends[0]) / 2e-6, influence[row], rtol=1e-3, atol=1e-8)


def test_errors_are_near_those_of_samples_drawn_again_with_cells_weights_clusters():
    frame = trial(3000)
    rng = np.random.default_rng(5)

    def once(rows):
        part = frame.iloc[rows]
        one = selected(part, part["w"].to_numpy())
        cells = [(at, bounds_of(one.rows(at)))
                 for at in (part["x"].to_numpy() == x for x in range(3))]  # fmt: skip
        return averaged(cells, len(part))[0]

    drawn = np.array([once(rng.integers(0, 3000, 3000)) for _ in range(250)])
    rows = bounded(frame, estimator="wls", weights="w", within="x")
    np.testing.assert_allclose(rows.loc[["lower", "upper"], "estimate"], once(np.arange(3000)))
    np.testing.assert_allclose(rows.loc[["lower", "upper"], "std_error"], drawn.std(0), rtol=0.12)
    grouped = bounded(frame, vcov="cluster", cluster=("g",))
    # rows of a cluster are independent here
    ratio = grouped.loc["lower", "std_error"] / bounded(frame).loc["lower", "std_error"]
    assert 0.7 < ratio < 1.4 and ratio != 1.0


def test_the_effect_lies_inside_and_cells_tighten():
    frame = trial(40_000, effect=0.5)
    wide = bounded(frame)
    assert wide.loc["lower", "estimate"] < 0.5 < wide.loc["upper", "estimate"]
    tight = bounded(frame, within=["x"])
    assert tight.loc["lower", "estimate"] > wide.loc["lower", "estimate"] + 0.02
    assert tight.loc["upper", "estimate"] < wide.loc["upper", "estimate"] - 0.02
    assert tight.loc["lower", "estimate"] < 0.5 < tight.loc["upper", "estimate"]


def test_without_differential_selection_bounds_meet_at_the_difference_of_means():
    frame = trial(400, up=0.0)
    # the same number seen in each arm
    one, other = (frame.index[(frame["d"] == d) & (frame["s"] == 1)] for d in (1, 0))
    fewer = min(len(one), len(other))
    frame.loc[[*one[fewer:], *other[fewer:]], ["y", "s"]] = [np.nan, 0.0]
    rows = bounded(frame)
    gap = frame.groupby("d")["y"].mean().diff().iloc[1]
    assert rows.loc[["lower", "upper"], "estimate"].tolist() == pytest.approx([gap, gap])


def test_ties_at_the_edge_count_in_part_whatever_their_order():
    frame = trial(500)
    frame["y"] = frame["y"].round(0)
    one = bounded(frame)
    other = bounded(frame.sample(frac=1.0, random_state=3))
    for column in ("estimate", "std_error", "ci_low"):
        np.testing.assert_allclose(one[column].to_numpy(float), other[column].to_numpy(float))


def test_the_interval_is_imbens_and_manskis():
    rows = bounded(trial())
    ends = rows.loc["interval", ["ci_low", "ci_high"]].to_numpy(float)
    value, errors = (rows.loc[["lower", "upper"], c].to_numpy(float)
                     for c in ("estimate", "std_error"))  # fmt: skip
    c = (value[0] - ends[0]) / errors[0]
    assert (ends[1] - value[1]) / errors[1] == pytest.approx(c)
    width = (value[1] - value[0]) / errors.max()
    assert stats.norm.cdf(c + width) - stats.norm.cdf(-c) == pytest.approx(0.95)
    # at width zero the usual one, at large width one-sided
    assert imbens_manski(np.zeros(2), np.ones(2), 0.95)[1] == pytest.approx(1.959964, abs=1e-6)
    far = imbens_manski(np.array([0.0, 99.0]), np.ones(2), 0.95)
    assert far[0] == pytest.approx(-1.644854, abs=1e-6)


def test_selected_by_an_expression_is_the_missing_outcome():
    frame = trial()
    frame["filled"] = frame["y"].fillna(0.0)
    one, other = bounded(frame), bounded(frame, outcome="filled", selected="s")
    np.testing.assert_allclose(one["ci_low"].astype(float), other["ci_low"].astype(float))
    assert "controls are not used" in bounded(frame, ("x",)).loc["lower", "note"]


def test_opposite_directions_in_cells_are_said():
    frame = trial()
    away = (frame["x"] == 0) & (frame["d"] == 1) & (frame.index % 4 != 1)
    frame.loc[away, "y"] = np.nan
    assert "down in others" in bounded(frame, within="x").loc["lower", "note"]


@pytest.mark.slow
def test_the_interval_covers_the_effect():
    # width small beside errors: coverage is near 95 %; the true lower bound is estimated without it
    hits, draws, effect = 0, 1000, 0.5
    for seed in range(draws):
        frame = trial(400, seed=seed + 10, effect=effect, up=0.0)
        found = bounds_of(selected(frame))
        errors = np.sqrt((found.influence**2).sum(axis=0))
        low, high = imbens_manski(found.value, errors, 0.95)
        hits += low <= effect <= high
    # the bounds widen by chance alone, so that coverage is at least nominal
    assert hits >= stats.binom.ppf(0.0005, draws, 0.95), hits


@pytest.mark.slow
def test_each_bounds_interval_covers_the_true_bound():
    # all outcomes of one law: the true lower bound is effect + E[y | y < quantile at c], c = 5/7
    effect, c = 0.5, 0.5 / 0.7
    edge = stats.norm.ppf(c)
    truth = effect - stats.norm.pdf(edge) / c
    hits, draws = 0, 1000
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        d, chance = np.arange(800) % 2 == 1, rng.random(800)
        seen = chance < np.where(d, 0.7, 0.5)
        found = bounds_of(Selected(rng.normal(size=800) + effect * d, d, seen, np.ones(800)))
        hits += abs(found.value[0] - truth) < 1.96 * np.sqrt((found.influence[:, 0] ** 2).sum())
    low, high = stats.binom.ppf([0.0005, 0.9995], draws, 0.95)
    assert low <= hits <= high, hits


@pytest.mark.parametrize(("change", "more", "text"), [
    ({}, {"outcome": "w"}, "selected out"),
    ({"d": 2.0}, {"treatment": "x"}, "0 and 1"),
    ({}, {"selected": "x"}, "0 and 1"),
    ({"s": 1.0}, {"selected": "s"}, "rows have none"),
    ({}, {"within": 3}, "within"),
    ({}, {"within": "g * 2 + d"}, "both arms"),
    ({}, {"level": 2}, "level"),
    ({}, {"selekted": "s"}, "selected"),
    ({}, {"estimator": "quantile", "vcov": ""}, "linear"),
])  # fmt: skip
def test_refusals(change, more, text):
    with pytest.raises(UserError, match=text):
        bounded(trial(400).assign(**change), **more)


def test_from_a_study_file(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d"\n[[equation]]\nid = "e"\noutcome = "y"\ntreatment = "d"\n'
        'estimator = "ols"\nvcov = "HC1"\n[[equation.after]]\nname = "lee_bounds"\nwithin = "x"\n'
    )
    rows = estimates(read_study(path), trial())
    assert list(rows["component"][-3:]) == [
        f"lee_bounds:{n}" for n in ("lower", "upper", "interval")
    ]
    assert json.loads(rows["extras"].iloc[-1])["cells"] == 3
