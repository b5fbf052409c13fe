"""Least squares against NIST's certified values; covariances against brute force and libraries."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.effects.inference.covariance import covariance
from analysis.effects.linear_models.least_squares import solve
from analysis.effects.linear_models.linear import fit_linear
from analysis.messages import UserError

DEGREE = {"pontius": 2, "filip": 10, **{f"wampler{i}": 5 for i in range(1, 6)}}
# digits on Linux's extended precision; NIST's worst cases are polynomials of high degree
DIGITS = {
    "longley": 12, "norris": 11, "pontius": 11, "noint1": 11, "noint2": 11, "filip": 7,
    "wampler1": 7, "wampler2": 7, "wampler3": 7, "wampler4": 7, "wampler5": 7,
}  # fmt: skip


def nist(folder, name):
    data = pd.read_csv(folder / "nist_strd" / f"{name}.csv")
    y = data["y"].to_numpy(float)
    if name in DEGREE:
        x = np.column_stack([data["x"].to_numpy(float) ** k for k in range(1, DEGREE[name] + 1)])
    else:
        x = data.drop(columns="y").to_numpy(float)
    return x, y, not name.startswith("noint")


def digits(found, certified):
    found, certified = np.asarray(found, float), np.asarray(certified, float)
    error = np.abs(found - certified) / np.where(certified == 0, 1.0, np.abs(certified))
    return -np.log10(np.maximum(error, 1e-16)).min()


@pytest.mark.parametrize("name", DIGITS)
def test_nist_digits_of_coefficients_and_errors(shared_facts, name):
    x, y, constant = nist(shared_facts, name)
    certified = pd.read_csv(shared_facts / "nist_strd" / "certified.csv")
    certified = certified[certified["dataset"] == name]
    fit = fit_linear([f"x{j}" for j in range(x.shape[1])], x, y, constant=constant)
    assert digits(fit.estimate, certified["estimate"]) >= DIGITS[name]
    if (certified["std_error"] > 0).all():
        errors = np.sqrt(np.diag(fit.classical))
        assert digits(errors, certified["std_error"]) >= DIGITS[name]


@pytest.fixture
def problem():
    rng = np.random.default_rng(20261123)
    x = rng.normal(size=(300, 3)) * [1.0, 100.0, 0.01] + [0.0, 5000.0, 1.0]
    groups = pd.DataFrame({"firm": rng.integers(0, 12, 300), "year": rng.integers(0, 5, 300)})
    y = x @ [1.0, 0.01, 50.0] + rng.normal(size=300) * (1 + (groups["firm"] % 3)) + groups["firm"]
    return x, y.to_numpy(), groups


def fitted(problem):
    x, y, _ = problem
    return fit_linear(["a", "b", "c"], x, y, constant=True)


@pytest.mark.parametrize("kind", ["HC0", "HC1", "HC2", "HC3"])
def test_robust_covariances_are_statsmodels(problem, kind):
    x, y, groups = problem
    reference = sm.OLS(y, sm.add_constant(x)).fit(cov_type=kind).cov_params()
    found = covariance(fitted(problem), kind, groups[[]])
    np.testing.assert_allclose(found.matrix, reference, rtol=1e-8)


def test_cluster_covariance_is_statsmodels_whose_factor_is_the_same(problem):
    x, y, groups = problem
    result = sm.OLS(y, sm.add_constant(x)).fit(
        cov_type="cluster", cov_kwds={"groups": groups["firm"], "use_correction": True}
    )
    found = covariance(fitted(problem), "cluster", groups[["firm"]])
    np.testing.assert_allclose(found.matrix, result.cov_params(), rtol=1e-8)
    assert found.n_clusters == 12
    assert found.cov_df == 11


def test_two_way_covariance_is_the_sum_of_its_parts(problem):
    _x, _y, groups = problem
    both = groups.assign(both=groups["firm"] * 100 + groups["year"])
    fit = fitted(problem)
    parts = [covariance(fit, "cluster", both[[name]]).matrix for name in ("firm", "year", "both")]
    found = covariance(fit, "cluster", groups)
    np.testing.assert_allclose(found.matrix, parts[0] + parts[1] - parts[2], rtol=1e-10)
    assert found.cov_df == 4


def test_crv3_is_the_jackknife_by_brute_force(problem):
    x, y, groups = problem
    fit = fitted(problem)
    spread = np.zeros((4, 4))
    for firm in groups["firm"].unique():
        keep = (groups["firm"] != firm).to_numpy()
        without = sm.OLS(y[keep], sm.add_constant(x[keep])).fit().params
        spread += np.outer(without - fit.estimate, without - fit.estimate)
    np.testing.assert_allclose(
        covariance(fit, "CRV3", groups[["firm"]]).matrix, spread * 11 / 12, rtol=1e-6
    )


def test_petersens_published_errors(shared_facts):
    """Two-way clustering on Petersen's simulated panel (statsmodels ships it)."""
    import statsmodels.stats.tests as folder

    path = f"{folder.__path__[0]}/test_data.txt"
    data = pd.read_csv(path, sep=r"\s+", header=None, names=["firm", "year", "x", "y"])
    fit = fit_linear(["x"], data[["x"]].to_numpy(float), data["y"].to_numpy(float), constant=True)
    published = pd.read_csv(shared_facts / "published_benchmarks.csv", dtype=str)
    published = published[published["benchmark"] == "D16"].set_index("quantity")["published"]

    def error(kind, *columns):
        matrix = covariance(fit, kind, data[list(columns)]).matrix
        return float(np.sqrt(matrix[1, 1]))

    found = {
        "b": fit.estimate[1],
        "OLS se": error("classical"),
        "White": error("HC1"),
        "cl firm": error("cluster", "firm"),
        "cl year": error("cluster", "year"),
        "cl both": error("cluster", "firm", "year"),
    }
    for quantity, text in published.items():
        decimals = len(text.partition(".")[2])
        assert f"{found[quantity]:.{decimals}f}".lstrip("0") == text.lstrip("0"), quantity


def test_a_collinear_column_is_set_aside_by_name(problem):
    x, y, _ = problem
    doubled = np.column_stack([x, x[:, 0] * 2.0 + 1.0])
    fit = fit_linear(["a", "b", "c", "again"], doubled, y, constant=True)
    assert fit.dropped == ("again",)
    np.testing.assert_allclose(fit.estimate, fitted(problem).estimate, rtol=1e-9)


def test_units_do_not_matter(problem):
    x, y, _ = problem
    scaled = fit_linear(["a", "b", "c"], x * [1e6, 1e-6, 1.0], y, constant=True)
    expected = fitted(problem).estimate / [1.0, 1e6, 1e-6, 1.0]
    np.testing.assert_allclose(scaled.estimate, expected, rtol=1e-9)


def test_weights_of_two_are_rows_twice(problem):
    x, y, _ = problem
    weights = np.where(np.arange(300) % 2, 2.0, 1.0)
    weighted = fit_linear(["a", "b", "c"], x, y, constant=True, weights=weights)
    twice = np.repeat(np.arange(300), weights.astype(int))
    repeated = fit_linear(["a", "b", "c"], x[twice], y[twice], constant=True)
    np.testing.assert_allclose(weighted.estimate, repeated.estimate, rtol=1e-8)
    assert weighted.r2 == pytest.approx(repeated.r2)


def test_more_parameters_than_rows_is_refused(problem):
    x, y, _ = problem
    with pytest.raises(UserError, match="rows for"):
        fit_linear(["a", "b", "c"], x[:3], y[:3], constant=True)


def test_one_cluster_is_refused(problem):
    groups = pd.DataFrame({"firm": np.zeros(300, int)})
    with pytest.raises(UserError, match="one cluster"):
        covariance(fitted(problem), "cluster", groups)


def test_a_solution_satisfies_the_normal_equations(problem):
    x, y, _ = problem
    full = np.column_stack([np.ones(300), x])
    solution = solve(full, y, 0)
    assert np.abs(full.T @ solution.residuals).max() < 1e-6
    np.testing.assert_allclose(solution.bread, np.linalg.inv(full.T @ full), rtol=1e-6)
