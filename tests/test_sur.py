"""Systems: seemingly unrelated regressions against linearmodels; Mantel-Haenszel against its table."""

import json

import numpy as np
import pandas as pd
import pytest
from linearmodels.system import SUR
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable

from analysis.effects.fitting import estimates
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError


def fitted(frame, outcome, estimator, treatment="d", **more):
    request = {"vcov": "classical", "treatments": (treatment,), **more}
    equation = Equation(id="e", outcomes=(outcome,), estimator=estimator,
                        **{"controls": (), **request})  # fmt: skip
    rows = estimates(Study(id="s", data="d", equations=(equation,)), frame)
    return rows, json.loads(rows["extras"].iloc[0])


# --- seemingly unrelated regressions ------------------------------------------------------------


def workers(n=500, seed=3):
    rng = np.random.default_rng(seed)
    g = rng.integers(0, 40, n)
    d, x = rng.integers(0, 2, n).astype(float), rng.normal(size=n)
    common, shock = rng.normal(size=n), rng.normal(size=40)[g]
    return pd.DataFrame({
        "g": g, "d": d, "x": x,
        "wage": 1 + 0.3 * d + x + common + shock,
        "hours": 2 - 0.1 * d + 0.5 * x - 0.7 * common + rng.normal(size=n),
        "pension": 0.3 * d + common * (1 + d) + rng.normal(size=n),
    })  # fmt: skip


def system(frame, vcov="classical", **more):
    return fitted(frame, "wage", "sur", controls=("x",), vcov=vcov, cluster=("g",),
                  options={"also": ["hours", "pension"]}, **more)  # fmt: skip


@pytest.mark.parametrize(("vcov", "kind"), [
    ("classical", "unadjusted"), ("HC1", "robust"), ("cluster", "clustered"),
])  # fmt: skip
def test_sur_is_linearmodels_and_so_is_the_test_across_equations(vcov, kind):
    frame = workers()
    exogenous = frame[["d", "x"]].assign(const=1.0)[["const", "d", "x"]]
    data = {y: {"dependent": frame[y], "exog": exogenous} for y in ("wage", "hours", "pension")}
    config = {"clusters": frame["g"]} if vcov == "cluster" else {}
    other = SUR(data).fit(cov_type=kind, debiased=True, **config)
    rows, extras = system(frame, vcov)
    n, k, groups = len(frame), 3, frame["g"].nunique()
    # ours over linearmodels' under clusters: it has n/(n-k) and G/(G-1) only as stated here
    factor = FACTORS[vcov](n, k, groups)
    own = rows[rows["component"] == ""]
    np.testing.assert_allclose(own["estimate"], other.params, rtol=1e-8)
    np.testing.assert_allclose(own["std_error"], other.std_errors * factor, rtol=1e-8)
    contrast = np.zeros((2, 9))
    contrast[[0, 1], [4, 7]], contrast[:, 1] = 1.0, -1.0
    gap, cov = contrast @ other.params, contrast @ (other.cov * factor**2) @ contrast.T
    f = gap @ np.linalg.solve(cov, gap) / 2
    assert extras["equality_f[d]"] == pytest.approx(f, rel=1e-8)
    differences = rows[rows["component"] != ""]
    np.testing.assert_allclose(differences["estimate"], gap, rtol=1e-8)
    np.testing.assert_allclose(differences["std_error"], np.sqrt(np.diag(cov)), rtol=1e-8)
    assert list(differences["component"]) == ["hours less wage", "pension less wage"]
    errors = other.resids.to_numpy()
    r = errors.T @ errors / np.sqrt(np.outer(*[(errors**2).sum(axis=0)] * 2))
    assert extras["breusch_pagan"] == pytest.approx(n * (r[np.triu_indices(3, 1)] ** 2).sum())


FACTORS = {
    "classical": lambda n, k, groups: 1.0,
    "HC1": lambda n, k, groups: 1.0,
    "cluster": lambda n, k, groups: np.sqrt(groups / (groups - 1) * (n - 1) / n),
}


def test_every_sur_equation_is_least_squares_of_its_own_also_with_absorbed_effects():
    frame = workers()
    for more in ({}, {"absorb": ("g",)}):
        rows, _ = system(frame, "HC1", **more)
        for outcome, term in (("hours", "hours: d"), ("pension", "pension: d")):
            controls = ("x",) if not more else ("x", "C(g)")
            ols, _ = fitted_ols(frame, outcome, controls)
            ours = rows.set_index("term").loc[term, ["estimate", "std_error"]]
            np.testing.assert_allclose(list(ours), ols, rtol=1e-8)


def fitted_ols(frame, outcome, controls):
    equation = Equation(id="e", outcomes=(outcome,), treatments=("d",), controls=controls,
                        estimator="ols", vcov="HC1")  # fmt: skip
    rows = estimates(Study(id="s", data="d", equations=(equation,)), frame).set_index("term")
    return list(rows.loc["d", ["estimate", "std_error"]]), rows


def test_sur_from_a_study_file_and_its_refusals(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d"\n[[equation]]\nid = "e"\noutcome = "wage"\n'
        'treatment = "d"\nestimator = "sur"\n[equation.options]\nalso = "hours"\n'
    )
    frame = workers()
    frame.loc[0, "hours"] = np.nan
    rows = estimates(read_study(path), frame)
    assert list(rows["term"]) == ["const", "d", "hours: const", "hours: d", "d"]
    assert (rows["n_obs"] == len(frame) - 1).all()
    for options, text in (({}, "also"), ({"also": ["hours"], "alos": 1}, "alos")):
        with pytest.raises(UserError, match=text):
            fitted(frame, "wage", "sur", options=options)
    with pytest.raises(UserError, match="never varies"):
        fitted(frame.assign(d=1.0), "wage", "sur", options={"also": ["hours"]})
    rows, _ = fitted(frame.assign(twin=frame["x"] * 3), "wage", "sur", controls=("x", "twin"),
                     options={"also": ["hours"]})  # fmt: skip
    assert "set aside" in rows.set_index("term").loc["twin", "note"]


# --- Mantel-Haenszel ----------------------------------------------------------------------------


def smoking():
    """Four rows a city with their counts, from the table that statsmodels ships."""
    from statsmodels.datasets import china_smoking

    rows = []
    for city, row in china_smoking.load_pandas().data.iterrows():
        for smokes in ("yes", "no"):
            for cancer in ("yes", "no"):
                count = row[f"smoking_{smokes}_cancer_{cancer}"]
                rows.append((str(city), float(smokes == "yes"), float(cancer == "yes"), count))
    return pd.DataFrame(rows, columns=["city", "d", "y", "count"])


def pooled(frame, **more):
    return fitted(frame, "y", "mantel_haenszel", **{"absorb": ("city",), **more})


def test_smoking_in_eight_cities_c18(shared_facts):
    rows, extras = pooled(smoking(), weights="count")
    table = pd.read_csv(shared_facts / "published_benchmarks.csv", dtype={"published": str})
    table = table[table["benchmark"] == "C18"].set_index("quantity")
    ratio = rows[rows["quantity"] == "odds_ratio"].iloc[0]
    log = rows[rows["quantity"] == "coefficient"].iloc[0]
    measured = {
        "MH OR": ratio["estimate"], "homog chi2": extras["breslow_day"], "CMH": extras["cmh"],
        "MH OR lo": extras["odds_ratio_low"], "MH OR hi": extras["odds_ratio_high"],
    }  # fmt: skip
    for quantity, value in measured.items():
        digits = len(table.loc[quantity, "published"].partition(".")[2])
        assert f"{value:.{digits}f}" == table.loc[quantity, "published"]
        assert value == pytest.approx(table.loc[quantity, "reference_value"], rel=1e-6)
    assert np.exp(log["ci_low"]) == pytest.approx(extras["odds_ratio_low"], rel=1e-12)
    assert ratio["std_error"] == pytest.approx(ratio["estimate"] * log["std_error"], rel=1e-12)
    long = smoking().loc[lambda t: t.index.repeat(t["count"].astype(int))].sample(frac=1)
    again, _ = pooled(long)
    np.testing.assert_allclose(again["std_error"], rows["std_error"], rtol=1e-12)


def test_strata_without_variation_are_left_out_and_counted():
    frame = smoking()
    lonely = pd.DataFrame({"city": ["Nowhere"], "d": 1.0, "y": 1.0, "count": 1.0})
    same, _ = pooled(frame, weights="count")
    rows, extras = pooled(pd.concat([frame, lonely]), weights="count")
    np.testing.assert_allclose(rows["std_error"], same["std_error"], rtol=1e-12)
    assert extras["strata"] == 8
    assert "1 strata without variation" in rows["note"].iloc[0]


def test_breslow_day_is_statsmodels_and_stands_at_a_ratio_of_one():
    rng = np.random.default_rng(1)
    tables = [rng.integers(3, 30, (2, 2)) for _ in range(5)]
    rows, extras = pooled(from_tables(tables), weights="count")
    other = StratifiedTable(tables)
    assert extras["breslow_day"] == pytest.approx(other.test_equal_odds().statistic, rel=1e-8)
    assert rows["estimate"].iloc[0] == pytest.approx(other.logodds_pooled, rel=1e-10)
    even = [np.array([[10, 5], [5, 10]]), np.array([[5, 10], [10, 5]])]
    with np.errstate(all="ignore"):
        assert np.isnan(StratifiedTable(even).test_equal_odds().statistic)
    _, extras = pooled(from_tables(even), weights="count")
    chi2 = sum(stats.chi2_contingency(t, correction=False)[0] for t in even)
    assert extras["breslow_day"] == pytest.approx(chi2, rel=1e-10)


def from_tables(tables):
    return pd.DataFrame([
        (f"s{k}", 1.0 - i, 1.0 - j, float(table[i, j]))
        for k, table in enumerate(tables) for i in (0, 1) for j in (0, 1)
    ], columns=["city", "d", "y", "count"])  # fmt: skip


@pytest.mark.parametrize(("change", "text"), [
    ({"absorb": ()}, "absorb"),
    ({"vcov": "HC1"}, "vcov = classical"),
    ({"controls": ("count",)}, "no controls"),
    ({"weights": "count / 3"}, "whole frequency weights"),
    ({"options": {"correction": True}}, "correction"),
    ({"where": "y == 1"}, "both outcomes"),
    ({"where": "d == 1"}, "never varies"),
    ({"treatments": ("2 * d",)}, "0 and 1"),
])  # fmt: skip
def test_mantel_haenszel_refusals(change, text):
    with pytest.raises(UserError, match=text):
        pooled(smoking(), **{"weights": "count", **change})
