"""Multilevel models against lme4, MixedLM, a dense likelihood and closed forms; refusals."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.effects.estimators.multilevel import fit
from analysis.effects.fitting import data_of, estimates, fit_outcome, sample_of
from analysis.effects.inference.resampling import resampled, units_of
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError
from analysis.paths import ROOT

STUDY = Study(id="s", data="d", equations=())
LEVELS = ["city", "firm"]


def workers(cities=15, firms=4, size=5, seed=1, kept=0.8, city=0.6, slope=0.4):
    """Return workers in firms in cities: random constants of both, a random union slope of firms."""
    rng = np.random.default_rng(seed)
    c = np.repeat(np.arange(cities), firms * size)
    f = np.repeat(np.arange(cities * firms), size)
    union, x, rate = rng.integers(0, 2, len(c)), rng.normal(size=len(c)), rng.normal(size=cities)[c]
    both = 0.15 * (slope / 0.4)
    u = rng.multivariate_normal([0, 0], [[0.5, both], [both, slope**2]], cities * firms)
    y = (1 + 0.5 * x + 0.3 * union + city * rng.normal(size=cities)[c] + u[f, 0] + u[f, 1] * union
         + rng.normal(size=len(c)))  # fmt: skip
    frame = pd.DataFrame({"y": y, "x": x, "union": union * 1.0, "rate": rate, "city": c, "firm": f})
    return frame[rng.random(len(c)) < kept].reset_index(drop=True)


FRAME = workers()


def multilevel(frame=FRAME, controls=("x", "union"), levels=LEVELS, vcov="classical", parts=None,
               **options):  # fmt: skip
    rows = estimates(
        replace(STUDY, equations=(asked(controls, levels, vcov, parts, options),)), frame
    )
    return rows, json.loads(rows["extras"].iloc[0])


def asked(controls, levels, vcov, parts, options):
    equation = Equation(id="e", outcomes=("y",), treatments=(), controls=controls,
                        estimator="multilevel", vcov=vcov,
                        options={"levels": levels, **options})  # fmt: skip
    return replace(equation, **(parts or {}))


def of(rows, quantity, column="estimate"):
    found = rows[rows["quantity"] == quantity]
    return dict(
        zip(zip(found["term"], found["component"], strict=True), found[column], strict=True)
    )


# --- closed forms and other programs --------------------------------------------------------------


def test_the_benchmark_of_pastes_is_its_balanced_closed_form():
    study = read_study(ROOT / "analysis" / "effects" / "benchmarks" / "D15.toml")
    data = data_of(study)
    rows = estimates(study, data)
    extras = json.loads(rows["extras"][0])
    batch = data.groupby("batch")["strength"].transform("mean")
    cask = data.groupby(["batch", "cask"])["strength"].transform("mean")
    ms_batch = ((batch - data["strength"].mean()) ** 2).sum() / 9
    ms_cask = ((cask - batch) ** 2).sum() / 20
    ms_error = ((data["strength"] - cask) ** 2).sum() / 30
    found = of(rows, "variance")
    assert rows["estimate"][0] == pytest.approx(data["strength"].mean(), rel=1e-12)
    assert rows["std_error"][0] == pytest.approx(np.sqrt(ms_batch / 60), rel=1e-9)
    assert found["residual", ""] == pytest.approx(ms_error, rel=1e-8)
    assert found["cask", ""] == pytest.approx((ms_cask - ms_error) / 2, rel=1e-8)
    assert found["batch", ""] == pytest.approx((ms_batch - ms_cask) / 6, rel=1e-8)
    # R 4.2, lme4 1.1-31: REMLcrit(lmer(strength ~ 1 + (1 | batch/cask), Pastes)) prints 246.99074
    assert extras["minus_2_restricted_log_likelihood"] == pytest.approx(246.99074585, abs=1e-7)


# R 4.2, lme4 1.1-31, workers() and workers(cities=40, seed=2) written to CSV: lmer(formula, d, control = lmerControl(optimizer =
# "nloptwrap", optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-12, maxeval = 5000))); fixef, errors of
# vcov, VarCorr in the order reported here (city, firm, residual), REMLcrit or -2 logLik
FIRM_SLOPE = {"random_slopes": {"firm": ["union"]}}
LME4 = [
    (1, {}, [0.452837546, 0.476701249, 0.405605528], [0.249291544, 0.080572798, 0.158502388],
     [0.6004831, 0.6111837, 1.1472977], 788.46914877),
    (1, {"method": "ml"}, [0.453088123, 0.477072219, 0.405392441],
     [0.241473713, 0.080147775, 0.157669974], [0.5447956, 0.6113651, 1.1352907], 782.30491313),
    (1, {"levels": "firm"}, [0.464284312, 0.484527465, 0.392438793],
     [0.177486331, 0.081069011, 0.160399918], [1.1653771, 1.1522039], 799.10235820),
    (2, FIRM_SLOPE, [1.058849561, 0.456474044, 0.251118650],
     [0.130251859, 0.044583834, 0.097050889],
     [0.3699743, 0.6729761, 0.0325722, 0.2023428, 0.9579978], 2030.23970151),
    (2, {"random_slopes": {"firm": ["union"], "city": ["x"]}, "covariance": "diagonal"},
     [1.060685026, 0.458510283, 0.251169405], [0.130500594, 0.046266175, 0.097678615],
     [0.3656499, 0.0056688, 0.7003537, 0.2272494, 0.9462588], 2030.17817607),
    (2, {"method": "ml", **FIRM_SLOPE}, [1.058711992, 0.456536125, 0.250997741],
     [0.128653622, 0.044499836, 0.096617049],
     [0.3537346, 0.6735563, 0.0343492, 0.1932551, 0.9558903], 2020.67202180),
]  # fmt: skip


@pytest.mark.parametrize("case", LME4)
def test_estimates_are_lme4s(case):
    data, options, fixed, errors, variances, criterion = case
    rows, extras = multilevel(FRAME if data == 1 else workers(cities=40, seed=2), **options)
    np.testing.assert_allclose(rows["estimate"][:3], fixed, rtol=2e-5)
    np.testing.assert_allclose(rows["std_error"][:3], errors, rtol=5e-5)
    np.testing.assert_allclose(list(of(rows, "variance").values()), variances, rtol=5e-3, atol=1e-4)
    ours = -2.0 * extras["log_likelihood"]
    assert ours <= criterion + 1e-8  # the optimum is at least as good
    assert ours == pytest.approx(criterion, abs=1e-4)


def test_mixedlm_agrees_to_its_own_accuracy():
    import statsmodels.formula.api as smf

    other = smf.mixedlm("y ~ x + union", FRAME, groups="city", re_formula="1",
                        vc_formula={"firm": "0 + C(firm)"}).fit()  # fmt: skip
    rows, _ = multilevel()
    np.testing.assert_allclose(rows["estimate"][:3], other.fe_params, rtol=1e-4)
    np.testing.assert_allclose(rows["std_error"][:3], other.bse_fe, rtol=3e-3)
    both = [other.cov_re.iloc[0, 0], other.vcomp[0], other.scale]
    np.testing.assert_allclose(list(of(rows, "variance").values()), both, rtol=3e-3)


# --- a dense likelihood ---------------------------------------------------------------------------


def spread(values, levels):
    """Return the n by n covariance.

    ``levels``: (codes, columns (n, q)) by level; values: lower triangles by column, then s^2.
    """
    v, at = values[-1] * np.eye(len(levels[0][0])), 0
    for codes, z in levels:
        sigma = np.zeros((z.shape[1], z.shape[1]))
        for j in range(len(sigma)):
            for i in range(j, len(sigma)):
                sigma[i, j] = sigma[j, i] = values[at]
                at += 1
        v += (z @ sigma @ z.T) * (codes[:, None] == codes[None, :])
    return v


def design(frame):
    return np.column_stack([np.ones(len(frame)), frame[["x", "union"]]])


def dense(frame, values, levels, restricted=True):
    """Return -2 l at variances, by the n by n covariance; b and its covariance."""
    y, x, v = frame["y"].to_numpy(), design(frame), spread(values, levels)
    inverse = np.linalg.inv(v)
    information = x.T @ inverse @ x
    b = np.linalg.solve(information, x.T @ inverse @ y)
    e = y - x @ b
    value = np.linalg.slogdet(v)[1] + e @ inverse @ e + len(y) * np.log(2 * np.pi)
    if restricted:
        value += np.linalg.slogdet(information)[1] - x.shape[1] * np.log(2 * np.pi)
    return value, b, np.linalg.inv(information)


def levels_of(frame, slope):
    ones = np.ones((len(frame), 1))
    firm = np.column_stack([ones, frame[["union"]]]) if slope else ones
    return [(frame["city"].to_numpy(), ones), (frame["firm"].to_numpy(), firm)]


def hessian(function, at, steps):
    d = len(at)
    whole = np.empty((d, d))
    for i in range(d):
        for j in range(d):
            a, b = np.eye(d)[i] * steps, np.eye(d)[j] * steps
            whole[i, j] = (function(at + a + b) - function(at + a - b) - function(at - a + b)
                           + function(at - a - b)) / (4 * steps[i] * steps[j])  # fmt: skip
    return whole


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("slope", [False, True])
def test_criterion_estimates_and_errors_are_those_of_the_dense_likelihood(slope, restricted):
    frame = workers(cities=9, firms=3, size=5, seed=8, slope=0.9)
    options = FIRM_SLOPE if slope else {}
    rows, extras = multilevel(frame, method="reml" if restricted else "ml", **options)
    own = np.array(list(of(rows, "variance").values()))
    levels = levels_of(frame, slope)
    value, b, covariance = dense(frame, own, levels, restricted)
    assert -2 * extras["log_likelihood"] == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(rows["estimate"][:3], b, rtol=1e-9)
    np.testing.assert_allclose(rows["std_error"][:3], np.sqrt(np.diag(covariance)), rtol=1e-9)

    def at(values):
        return dense(frame, values, levels, restricted)[0]

    curvature = hessian(at, own, np.full(len(own), 2e-3))
    errors = np.sqrt(np.diag(np.linalg.inv(curvature / 2)))
    np.testing.assert_allclose(list(of(rows, "variance", "std_error").values()), errors, rtol=1e-3)
    slopes = [(at(own + h) - at(own - h)) / 2e-5 for h in np.eye(len(own)) * 1e-5]
    np.testing.assert_allclose(slopes, 0.0, atol=1e-4)


@pytest.mark.parametrize("slope", [False, True])
def test_cluster_errors_sum_the_scores_of_whole_cities(slope):
    frame = workers(cities=9, firms=3, size=5, seed=8, slope=0.9)
    options = FIRM_SLOPE if slope else {}
    rows, _ = multilevel(
        frame, method="ml", vcov="cluster", parts={"cluster": ("city",)}, **options
    )
    own = np.array(list(of(rows, "variance").values()))
    where = np.concatenate([rows["estimate"][:3], own])

    def of_city(part, theta):
        rest = part["y"] - design(part) @ theta[:3]
        return stats.multivariate_normal.logpdf(rest, cov=spread(theta[3:], levels_of(part, slope)))

    scores = np.array([
        [(of_city(part, where + h) - of_city(part, where - h)) / 2e-5 for h in np.eye(len(where)) * 1e-5]
        for _, part in frame.groupby("city")
    ])  # fmt: skip
    np.testing.assert_allclose(scores.sum(axis=0), 0.0, atol=1e-5)
    _, _, fixed = dense(frame, own, levels_of(frame, slope), restricted=False)
    curvature = hessian(lambda v: dense(frame, v, levels_of(frame, slope), False)[0], own,
                        np.full(len(own), 2e-3))  # fmt: skip
    bread = np.zeros((len(where), len(where)))
    bread[:3, :3], bread[3:, 3:] = fixed, np.linalg.inv(curvature / 2)
    matrix = bread @ scores.T @ scores @ bread * 9 / 8
    np.testing.assert_allclose(rows["std_error"][: len(where)], np.sqrt(np.diag(matrix)), rtol=2e-3)
    assert set(rows["n_clusters"]) == {9}


def test_restricted_scores_of_the_variances_sum_to_zero_too():
    equation = asked(("x", "union"), LEVELS, "cluster", {"cluster": ("city",)},
                     {"random_slopes": {"firm": ["union"], "city": ["x"]}})  # fmt: skip
    frame = workers(cities=40, seed=2)
    found = fit_outcome(STUDY, equation, "y", frame).fit
    size = np.sqrt((found.scores**2).sum(axis=0))
    np.testing.assert_allclose(found.scores.sum(axis=0) / size, 0.0, atol=1e-6)


# --- what is reported -----------------------------------------------------------------------------


def test_shares_icc_r2_and_the_test_against_none():
    rows, extras = multilevel()
    city, firm, error = of(rows, "variance").values()
    total = city + firm + error
    expected = {
        ("city", ""): city / total, ("city", "icc"): city / total,
        ("firm", ""): firm / total, ("firm", "icc"): (city + firm) / total,
        ("residual", ""): error / total,
    }  # fmt: skip
    assert of(rows, "share") == pytest.approx(expected)
    b = rows["estimate"].to_numpy()
    fixed = np.var(b[1] * FRAME["x"] + b[2] * FRAME["union"], ddof=1)
    assert extras["r2_marginal"] == pytest.approx(fixed / (fixed + total))
    assert extras["r2_conditional"] == pytest.approx(1 - error / (fixed + total))
    assert extras["sd[city]"] == pytest.approx(np.sqrt(city))
    none = dense(FRAME, np.array([0.0, 0.0, least_squares_variance()]), levels_of(FRAME, False))[0]
    assert extras["lr"] == pytest.approx(none + 2 * extras["log_likelihood"], rel=1e-9)
    assert extras["lr_p"] == pytest.approx(stats.chi2.sf(extras["lr"], 2), abs=0.0)
    assert "conservative" in rows["note"][0]
    _, one = multilevel(levels="firm")
    assert one["lr_p"] == pytest.approx(0.5 * stats.chi2.sf(one["lr"], 1), abs=0.0)


def least_squares_variance():
    x = np.column_stack([np.ones(len(FRAME)), FRAME[["x", "union"]]])
    e = FRAME["y"] - x @ np.linalg.lstsq(x, FRAME["y"], rcond=None)[0]
    return float(e @ e) / (len(e) - 3)


def test_the_share_of_a_random_slope_is_its_mean_variance_over_rows():
    frame = workers(cities=40, seed=2)
    rows, extras = multilevel(frame, random_slopes={"firm": ["union"]})
    city, a, ab, b, error = of(rows, "variance").values()
    mean = frame["union"].mean()
    firm = a + 2 * ab * mean + b * mean  # union is its own square
    assert of(rows, "share")["firm", ""] == pytest.approx(firm / (city + firm + error))
    assert extras["corr[firm: const, union]"] == pytest.approx(ab / np.sqrt(a * b))


def test_predicted_effects_are_the_shrunken_means_of_a_balanced_level():
    frame = workers(kept=1.1, firms=1, size=8)
    equation = asked((), "city", "classical", None, {})
    found = fit_outcome(STUDY, equation, "y", frame).fit
    mean, city, error = found.estimate
    rows, effect = found.material["effects"]["city"]
    means = frame.groupby("city")["y"].mean() - mean
    shrunken = means * city / (city + error / 8)
    at = frame["city"].to_numpy()[rows]
    np.testing.assert_allclose(effect[:, 0], shrunken.loc[at], rtol=1e-8)
    assert found.extras["predicted_variance[city]"] == pytest.approx((shrunken**2).mean())


# --- properties -----------------------------------------------------------------------------------


def test_units_order_and_names_change_nothing():
    options = {"random_slopes": {"firm": ["union"]}}
    frame = workers(cities=40, seed=2)
    rows, _ = multilevel(frame, **options)
    # firms numbered anew within each city, rows mixed, outcome in cents, union in per cent
    other = frame.assign(firm=frame["firm"] % 4, y=100 * frame["y"], union=100 * frame["union"])
    there, _ = multilevel(other.sample(frac=1.0, random_state=1), **options)
    factors = [100, 100, 1, 1e4, 1e4, 100, 1, 1e4]
    np.testing.assert_allclose(there["estimate"][:8], rows["estimate"][:8] * factors, rtol=1e-6)
    np.testing.assert_allclose(there["std_error"][:8], rows["std_error"][:8] * factors, rtol=1e-5)


def test_without_differences_between_groups_it_is_least_squares():
    rng = np.random.default_rng(3)
    frame = FRAME.assign(y=FRAME["x"] + rng.normal(size=len(FRAME)))
    frame["y"] -= frame.groupby("firm")["y"].transform("mean")
    rows, extras = multilevel(frame)
    ols = Equation(id="e", outcomes=("y",), treatments=(), controls=("x", "union"),
                   estimator="ols", vcov="classical")  # fmt: skip
    plain = estimates(replace(STUDY, equations=(ols,)), frame)
    np.testing.assert_allclose(rows["estimate"][:3], plain["estimate"], rtol=1e-8)
    np.testing.assert_allclose(rows["std_error"][:3], plain["std_error"], rtol=1e-8)
    assert of(rows, "variance")["city", ""] == of(rows, "variance")["firm", ""] == 0.0
    assert (extras["lr"], extras["lr_p"]) == (pytest.approx(0.0, abs=1e-9), 1.0)
    assert "a variance is estimated at 0" in rows["note"][0]


def test_a_singular_covariance_is_said_and_has_no_errors():
    # lme4, as above, y ~ x + union + (1 | city) + (1 + x | firm): singular fit, REMLcrit 495.3319
    frame = workers(cities=10, seed=17, slope=0.0)
    rows, extras = multilevel(frame, random_slopes={"firm": ["x"]})
    errors = of(rows, "variance", "std_error")
    assert extras["corr[firm: const, x]"] == pytest.approx(1.0, abs=1e-6)
    assert extras["minus_2_restricted_log_likelihood"] == pytest.approx(495.33189834, abs=1e-4)
    assert "firm: a correlation is estimated at 1 or -1" in rows["note"][0]
    assert np.isnan(errors["firm", "x"]) and errors["residual", ""] > 0.0
    diagonal, there = multilevel(frame, random_slopes={"firm": ["x"]}, covariance="diagonal")
    assert there["log_likelihood"] < extras["log_likelihood"]
    assert list(of(diagonal, "variance")) == [("city", ""), ("firm", "const"), ("firm", "x"),
                                              ("residual", "")]  # fmt: skip


def test_of_two_maxima_on_the_boundary_the_higher_is_taken():
    # lme4, as above, y ~ x + union + (1 | city) + (1 + union | firm): REMLcrit 84.00922191; with
    # the correlation at 1 in place of -1 there is another maximum, 84.832
    frame = workers(cities=6, firms=2, size=3, seed=4, city=0.3, slope=0.0)
    _, extras = multilevel(frame, random_slopes={"firm": ["union"]})
    assert extras["minus_2_restricted_log_likelihood"] == pytest.approx(84.00922191, abs=1e-6)


def test_a_bootstrap_draws_cities_and_tells_their_copies_apart():
    frame = workers(cities=40, firms=2, seed=4)
    rows, _ = multilevel(frame, parts={"cluster": ("city",), "draws": 25, "seed": 1},
                         vcov="bootstrap")  # fmt: skip
    plain, _ = multilevel(frame)
    assert (rows["std_error"][:3] / plain["std_error"][:3]).between(0.6, 1.6).all()
    equation = asked(("x", "union"), LEVELS, "bootstrap", {"cluster": ("city",)}, {})
    sample = sample_of(STUDY, equation, "y", frame)
    drawn = resampled(sample, units_of(sample), np.random.default_rng(1))
    assert len(np.unique(drawn.positions)) < 0.8 * len(frame)
    found = fit(drawn, equation).extras
    assert (found["n_groups[city]"], found["n_groups[firm]"]) == (40, 80)


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_parameters_are_recovered(method):
    frame = workers(cities=150, firms=10, size=6, seed=5)
    rows, _ = multilevel(frame, ("x", "union", "union * rate"), method=method,
                         random_slopes={"firm": ["union"]})  # fmt: skip
    truth = [1.0, 0.5, 0.3, 0.0, 0.36, 0.5, 0.15, 0.16, 1.0]
    z = (rows["estimate"][:9] - truth) / rows["std_error"][:9]
    assert abs(z).max() < 3.5
    assert rows["std_error"][:9].max() < 0.1


@pytest.mark.slow
def test_coverage_in_simulation():
    truth, covered = np.array([1.0, 0.5, 0.3]), {"classical": 0.0, "cluster": 0.0}
    equation = asked(("x", "union"), LEVELS, "cluster", {"cluster": ("city",)}, {})
    for seed in range(200):
        frame = workers(cities=60, firms=2, size=4, seed=seed, slope=0.0)
        found = fit_outcome(STUDY, equation, "y", frame)
        gap = found.fit.estimate[:3] - truth
        for vcov, matrix in (
            ("classical", found.fit.classical),
            ("cluster", found.covariance.matrix),
        ):
            covered[vcov] += abs(gap) < stats.norm.ppf(0.975) * np.sqrt(np.diag(matrix)[:3])
    low, high = stats.binom.ppf([0.0005, 0.9995], 200, 0.95)
    assert all((low <= counts).all() and (counts <= high).all() for counts in covered.values()), (
        covered
    )


# --- files and refusals ---------------------------------------------------------------------------


def test_a_study_file(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d"\ncluster = "city"\n[[equation]]\nid = "e"\noutcome = "y"\n'
        'treatment = "union"\ncontrols = ["x", "C(kind)"]\nestimator = "multilevel"\n'
        '[equation.options]\nlevels = ["city", "firm"]\ncovariance = "diagonal"\n'
        'random_slopes = {firm = ["union", "C(kind)"]}\n'
    )
    frame = workers(cities=40, seed=2).assign(kind=lambda f: np.arange(len(f)) % 3)
    rows = estimates(read_study(path), frame)
    assert set(rows["vcov"]) == {"cluster"} and set(rows["n_clusters"]) == {40}
    assert [key for key in of(rows, "variance") if key[0] == "firm"] == [
        ("firm", "const"), ("firm", "union"), ("firm", "C(kind)=1"), ("firm", "C(kind)=2"),
    ]  # fmt: skip
    assert "set aside" not in rows["note"][0]


@pytest.mark.parametrize(("options", "text"), [
    ({"levels": []}, "the outermost first"),
    ({"levels": ["city", "city"]}, "none twice"),
    ({"levels": 3}, "the outermost first"),
    ({"levels": ["firm", "city"]}, "more than one group of city"),
    ({"levels": ["city", "row"]}, "more than one row in some group of row"),
    ({"levels": ["all"]}, "two or more groups of all"),
    ({"method": "mle"}, "ml"),
    ({"covariance": "full"}, "did you mean diagonal"),
    ({"random_slopes": ["union"]}, "terms by level"),
    ({"random_slopes": {"worker": ["union"]}}, "worker"),
    ({"random_slopes": {"firm": ["rate"]}}, "rate"),
    ({"slopes": {}}, "slopes"),
])  # fmt: skip
def test_options_without_sense_are_refused(options, text):
    frame = FRAME.assign(row=np.arange(len(FRAME)), all=1)
    with pytest.raises(UserError, match=text):
        multilevel(frame, **options)


@pytest.mark.parametrize(("parts", "text"), [
    ({"weights": "x ** 2"}, "no weights"),
    ({"vcov": "HC1"}, "HC1"),
    ({"vcov": "bootstrap"}, "draws whole groups"),
    ({"vcov": "cluster", "cluster": ("firm",)}, "whole groups of city"),
    ({"vcov": "cluster", "cluster": ("city", "firm")}, "one"),
    ({"vcov": "cluster"}, "cluster"),
    ({"absorb": ("city",)}, "absorb"),
])  # fmt: skip
def test_equations_that_it_cannot_serve_are_refused(parts, text):
    with pytest.raises(UserError, match=text):
        multilevel(parts=parts)


@pytest.mark.parametrize("outcome", [lambda f: 2.0, lambda f: 0.1 * f["x"] - f["union"] / 3.0])
def test_an_outcome_without_error_is_refused(outcome):
    with pytest.raises(UserError, match="do not fit exactly"):
        multilevel(FRAME.assign(y=outcome(FRAME)))
