"""System GMM against plm's pgmm, pydynpd and a computation entity by entity; its properties."""

import json

import numpy as np
import pytest
from test_arellano_bond import FRAMES, dynamic, in_band, panel

from analysis.effects.fitting import estimates
from analysis.effects.study import read_study
from analysis.messages import UserError


def system(frame, controls=("x", "z"), **more):
    return dynamic(frame, controls, estimator="system_gmm", **more)


# --- other programs -------------------------------------------------------------------------------

# R 4.2, plm 2.6-2, on panel(holes=0.08) and panel(seed=2): pgmm(y ~ lag(y, 1) + x | lag(y, 2:99) +
# lag(x, 2:99), d, effect = "twoways", transformation = "ld", model = "onestep" | "twosteps");
# coefficients of lag(y, 1) and x, errors of summary(z, robust = TRUE), errors of vcov(z),
# sargan(z, "twosteps"). (Its m tests of "ld" leave the residuals in levels out of Z'e and are not
# held to; pydynpd's, below, agree.)
PGMM = {
    ("holes", False): ([0.5313022576, 0.4817789220], [0.0755097427, 0.1328116311], None),
    ("holes", True): ([0.5039273921, 0.4607622305], [0.0801175285, 0.1396119964],
                      ([0.0285020203, 0.0523803564], 38.2613429845)),
    ("whole", False): ([0.7788279150, 0.2757344215], [0.0723261210, 0.1509257260], None),
    ("whole", True): ([0.7479434844, 0.2828320299], [0.0970399731, 0.1908001823],
                      ([0.0388453471, 0.0813821302], 48.5162513702)),
}  # fmt: skip


@pytest.mark.parametrize(("data", "two_step"), PGMM)
def test_coefficients_errors_and_hansen_are_pgmm(data, two_step):
    estimate, errors, second = PGMM[data, two_step]
    asked = {"endogenous_terms": ["x"], "time_dummies": True, "two_step": two_step}
    rows, extras = system(FRAMES[data], ("x",), **asked)
    np.testing.assert_allclose(rows["estimate"][:2], estimate, atol=2e-10)
    np.testing.assert_allclose(rows["std_error"][:2], errors, atol=2e-10)
    assert (extras["overidentifying"], extras["n_instruments"]) == (38, 46)
    if second:
        plain, _ = system(FRAMES[data], ("x",), vcov="classical", **asked)
        np.testing.assert_allclose(plain["std_error"][:2], second[0], atol=2e-10)
        assert extras["hansen"] == pytest.approx(second[1], abs=1e-8)


# pydynpd 0.2.2, numpy 2.3: regression.abond("y L1.y x z | gmm(y, 2:6) gmm(x, 1:6) iv(z)", frame,
# ["firm", "year"]); "... gmm(y, 2:3) gmm(x, 2:3) iv(z) | collapse"; "y L1.y x | gmm(y, 2:6)
# gmm(x, 1:6) | fod"
PYDYNPD = [
    ("holes", ("x", "z"), {"predetermined": ["x"]},
     [0.5070604516, 0.5696414593, 0.1572208577, -0.0183987503],
     [0.0629675939, 0.0679685267, 0.0462564137, 0.0942240413],
     45.7192441653, 48, [-3.9496121195, -0.2591439769]),
    ("holes", ("x", "z"), {"endogenous_terms": ["x"], "max_lag": 3, "collapse": True},
     [0.3935773927, 0.7388566571, 0.1623521458, -0.0504850788],
     [0.1113798809, 0.1642662220, 0.0546764003, 0.1294360681],
     3.7919821456, 8, [-4.4474208863, -0.1286586551]),
    ("whole", ("x",), {"predetermined": ["x"], "transformation": "orthogonal"},
     [0.7153312554, 0.3606769356, 0.0403194027], [0.0525256638, 0.0741830617, 0.0684172724],
     48.1561104325, 47, [-5.1242989784, 0.3660761640]),
]  # fmt: skip


@pytest.mark.parametrize("case", PYDYNPD)
def test_exogenous_terms_collapsing_deviations_and_ar_tests_are_pydynpd(case):
    data, controls, options, estimate, errors, hansen, count, m = case
    rows, extras = system(FRAMES[data], controls, **options)
    assert list(rows.index) == ["lag(y)", *controls, "const"]
    np.testing.assert_allclose(rows["estimate"], estimate, atol=1e-9)
    np.testing.assert_allclose(rows["std_error"], errors, atol=1e-9)
    assert extras["hansen"] == pytest.approx(hansen, abs=1e-7)
    assert extras["n_instruments"] == count
    np.testing.assert_allclose([extras["ar1_z"], extras["ar2_z"]], m, atol=1e-7)


# --- entity by entity -----------------------------------------------------------------------------


PERIODS = 7


def moved(level, orthogonal):
    """Return, by period 1 .., the weights of the errors in levels in each transformed equation.

    Orthogonal deviations: from the mean of the later equations that the entity has.
    """
    found = {}
    for t in range(1, PERIODS):
        weights, later = np.zeros(PERIODS), [s for s in level if s >= t]
        if orthogonal and t - 1 in level and later:
            weights[t - 1], weights[later] = 1.0, -1.0 / len(later)
            found[t] = weights * np.sqrt(len(later) / (len(later) + 1))
        if not orthogonal and t in level and t - 1 in level:
            weights[t], weights[t - 1] = 1.0, -1.0
            found[t] = weights
    return found


def of_entity(own, orthogonal):
    """Return an entity's rows [y, lag y, x, 1], instruments, map from errors in levels, differences.

    Collapsed instruments; x is predetermined.
    """
    at = {year - 2000: (y, x) for year, y, x in own[["year", "y", "x"]].itertuples(index=False)}
    level = {t: np.array([at[t][0], at[t - 1][0], at[t][1], 1.0])
             for t in range(1, PERIODS) if t in at and t - 1 in at}  # fmt: skip
    rows, z, p = [], [], []
    for t, weights in moved(level, orthogonal).items():
        rows.append(sum(weights[s] * level[s] for s in level))
        p.append(weights)
        ys = [at[t - lag][0] if t - lag in at else 0.0 for lag in range(2, PERIODS)]
        xs = [at[t - lag][1] if t - lag in at else 0.0 for lag in range(1, PERIODS)]
        z.append([*ys, *xs, 0.0, 0.0, 0.0])
    for t, row in level.items():
        rows.append(row)
        p.append(np.eye(PERIODS)[t])
        dy = at[t - 1][0] - at[t - 2][0] if t - 2 in at else 0.0
        z.append([0.0] * (2 * PERIODS - 3) + [dy, at[t][1] - at[t - 1][1], 1.0])
    pairs = [level[t] - level[t - 1] if t in level and t - 1 in level else np.zeros(4)
             for t in range(PERIODS)]  # fmt: skip
    return np.array(rows), np.array(z), np.array(p), np.array(pairs)


def by_hand(frame, orthogonal):
    """Return coefficients of y's lag, x and a constant in one step, robust errors, and m1."""
    entities = [of_entity(own, orthogonal) for _, own in frame.groupby("firm")]
    entities = [one for one in entities if len(one[0])]
    weight = np.linalg.inv(sum(z.T @ p @ p.T @ z for _, z, p, _ in entities))
    cross = sum(z.T @ rows for rows, z, _, _ in entities)
    inner = np.linalg.inv(cross[:, 1:].T @ weight @ cross[:, 1:])
    gain = inner @ cross[:, 1:].T @ weight
    b = gain @ cross[:, 0]
    moments = [z.T @ (rows[:, 0] - rows[:, 1:] @ b) for rows, z, _, _ in entities]
    v = gain @ sum(np.outer(m, m) for m in moments) @ gain.T
    errors = [pairs[:, 0] - pairs[:, 1:] @ b for *_, pairs in entities]
    products = np.array([e[1:] @ e[:-1] for e in errors])
    c = sum(pairs[1:, 1:].T @ e[:-1] for (*_, pairs), e in zip(entities, errors, strict=True))
    mixed = sum(m * r for m, r in zip(moments, products, strict=True))
    variance = products @ products - 2 * c @ gain @ mixed + c @ v @ c
    return b, np.sqrt(np.diag(v)), products.sum() / np.sqrt(variance)


@pytest.mark.parametrize("transformation", ["difference", "orthogonal"])
def test_one_step_with_gaps_is_the_computation_entity_by_entity(transformation):
    estimate, errors, m1 = by_hand(FRAMES["holes"], transformation == "orthogonal")
    rows, extras = system(FRAMES["holes"], ("x",), predetermined=["x"], collapse=True,
                          two_step=False, transformation=transformation)  # fmt: skip
    np.testing.assert_allclose(rows["estimate"], estimate, rtol=1e-8)
    np.testing.assert_allclose(rows["std_error"], errors, rtol=1e-8)
    assert extras["ar1_z"] == pytest.approx(m1, rel=1e-7)


# --- properties -----------------------------------------------------------------------------------


@pytest.mark.parametrize("t", [4, 6])
def test_levels_add_one_instrument_a_period_or_one_in_all_where_collapsed(t):
    frame = panel(entities=150, periods=t)
    for options, more in (
        ({}, t - 2), ({"endogenous_terms": ["x"]}, 2 * (t - 2)),
        ({"predetermined": ["x"]}, (t - 2) + (t - 1)),
        ({"predetermined": ["x"], "collapse": True}, 2),
    ):  # fmt: skip
        difference = dynamic(frame, **options)[1]["n_instruments"]
        both = system(frame, **options)[1]
        assert both["n_instruments"] == difference + more + 1  # and the constant
        assert both["n_level_rows"] == both["n_transformed_rows"] + 150


@pytest.mark.parametrize("rho", [0.2, 0.5, 0.8])
def test_persistence_is_recovered_more_precisely_than_by_differences(rho):
    frame = panel(entities=2500, periods=6, rho=rho, seed=9)
    rows, extras = system(frame, predetermined=["x"])
    for term, truth in (("lag(y)", rho), ("x", 0.4), ("z", 0.2)):
        estimate, error = rows.loc[term, ["estimate", "std_error"]]
        assert abs(estimate - truth) < 3.5 * error
    difference, _ = dynamic(frame, predetermined=["x"])
    assert rows.loc["lag(y)", "std_error"] < 0.8 * difference.loc["lag(y)", "std_error"]
    assert extras["hansen_p"] > 0.01 and extras["difference_hansen_p[levels equation]"] > 0.01


def test_the_test_of_the_levels_finds_outcomes_that_start_far_from_their_mean():
    frame = panel(entities=1500, periods=6, seed=3)
    effect = frame.groupby("firm")["y"].transform("mean")
    # a deviation in proportion to the entity's effect that dies out as rho^t
    started = frame.assign(y=frame["y"] + effect * 0.5 ** (frame["year"] - 2000))
    _, right = system(frame, predetermined=["x"])
    _, wrong = system(started, predetermined=["x"])
    assert right["difference_hansen_p[levels equation]"] > 0.01
    assert wrong["difference_hansen_p[levels equation]"] < 1e-4
    assert wrong["difference_hansen_df[levels equation]"] == 10  # 4 of dy, 5 of dx, the constant


def test_time_dummies_and_a_constant_take_up_what_all_periods_share():
    frame = FRAMES["whole"]
    shifted = frame.assign(y=frame["y"] + 3.0 * (frame["year"] == 2004))
    plain, _ = system(frame, predetermined=["x"], time_dummies=True)
    rows, _ = system(shifted, predetermined=["x"], time_dummies=True)
    assert list(rows.index[3:8]) == [f"C(year)={year}" for year in range(2002, 2007)]
    assert rows.loc["C(year)=2004", "estimate"] > plain.loc["C(year)=2004", "estimate"] + 1.0
    assert rows.loc["lag(y)", "estimate"] == pytest.approx(plain.loc["lag(y)", "estimate"], abs=0.2)


@pytest.mark.slow
def test_coverage_in_simulation():
    covered = {"lag(y)": 0, "x": 0, "z": 0}
    for seed in range(200):
        rows, _ = system(panel(entities=300, periods=5, seed=seed), predetermined=["x"],
                         collapse=True)  # fmt: skip
        for term, truth in (("lag(y)", 0.5), ("x", 0.4), ("z", 0.2)):
            covered[term] += rows.loc[term, "ci_low"] <= truth <= rows.loc[term, "ci_high"]
    assert all(in_band(count, 0.95) for count in covered.values()), covered


# --- files and refusals ---------------------------------------------------------------------------


def test_a_study_file(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d"\nentity = "firm"\ntime = "year"\n'
        '[[equation]]\nid = "e"\noutcome = "y"\ntreatment = "x"\nestimator = "system_gmm"\n'
        '[equation.options]\nendogenous_terms = ["x"]\ntime_dummies = true\ntwo_step = false\n'
    )
    rows = estimates(read_study(path), FRAMES["whole"])
    np.testing.assert_allclose(rows["estimate"][:2], PGMM["whole", False][0], atol=2e-10)
    assert json.loads(rows["extras"][0])["n_instruments"] == 46
    assert rows["fixed_effects"][0] == "firm (differenced)"


@pytest.mark.parametrize(("options", "text"), [
    ({"max_lags": 3}, "max_lag"),
    ({"lags": 6}, "8 periods or more"),
    ({"endogenous_terms": "w"}, "w"),
])  # fmt: skip
def test_options_without_sense_are_refused(options, text):
    with pytest.raises(UserError, match=text):
        system(FRAMES["whole"], **options)
