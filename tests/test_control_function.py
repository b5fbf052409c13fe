"""Control functions: Wooldridge's example 15.7, two-stage least squares, linearmodels, simulation."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels.iv import IV2SLS
from scipy import stats

from analysis.effects.benchmarking import benchmark_table
from analysis.effects.estimates import Fitted, rows_of
from analysis.effects.estimators import control_function
from analysis.effects.fitting import estimates, sample_of
from analysis.effects.inference.covariance import covariance
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError
from analysis.paths import ROOT


def asked(estimator="control_function", vcov="classical", **more):
    request = {"treatments": (), "controls": ("x",), "endogenous": ("d",),
               "instruments": ("z1", "z2"), **more}  # fmt: skip
    return Equation(id="e", outcomes=("y",), estimator=estimator, vcov=vcov, **request)


def fitted(frame, *request, **more):
    return estimates(Study(id="s", data="d", equations=(asked(*request, **more),)), frame)


def firms(n=500, seed=1, share=0.6):
    """Outcome 1 + 0.5 d + x + u; the errors of y and d share ``share``; forty towns."""
    rng = np.random.default_rng(seed)
    x, z1, z2, v, e, town = rng.normal(size=(6, n))
    g = rng.integers(0, 40, n)
    d = 0.2 + 0.7 * z1 - 0.5 * z2 + 0.3 * x + v
    spread = 1.0 + 0.5 * np.abs(x)
    return pd.DataFrame({
        "g": g, "x": x, "z1": z1, "z2": z2, "d": d, "w": rng.uniform(0.5, 2.0, n),
        "d2": z1 + 0.8 * z2 + v - e, "y": 1 + 0.5 * d + x + share * v + spread * e + 0.5 * town[g],
    })  # fmt: skip


def test_example_15_7_of_wooldridge_c8b():
    table = pd.read_csv(ROOT / "data" / "raw" / "published_benchmarks.csv", dtype=str)
    found = benchmark_table(table[table["benchmark"] == "C8b"]).set_index("quantity")
    residual = found.loc[["CF v2 coef (Ex15.7)", "CF v2 t"]]
    assert (residual["agrees"] == "true").all()
    np.testing.assert_allclose(
        residual["measured"].astype(float), [0.0581666128318879, 1.6711050113350894], rtol=1e-9
    )


EQUATIONS = [
    {},
    {"instruments": ("z1",)},
    {"endogenous": ("d", "d2")},
    {"endogenous": ("d", "d2"), "instruments": ("z1", "z2", "z1 * z2"), "weights": "w"},
    {"weights": "w", "treatments": ("x",), "controls": ()},
    {"options": {"constant": False}},
]


@pytest.mark.parametrize("more", EQUATIONS)
def test_coefficients_and_robust_errors_are_those_of_two_stage_least_squares(more):
    """HC0 exactly; HC1 and clusters up to n - k, which counts the residuals here."""
    frame = firms()
    for vcov in ("HC0", "HC1", "cluster"):
        clusters = {"cluster": ("g",)} if vcov == "cluster" else {}
        ours = fitted(frame, vcov=vcov, **more, **clusters)
        other = fitted(frame, "two_stage_least_squares", vcov, **more, **clusters)
        main, residual = (ours[ours["component"] == part] for part in ("", "residual"))
        assert list(main["term"]) == list(other["term"])
        assert list(residual["term"]) == list(more.get("endogenous", ("d",)))
        k, p, n = len(main), len(residual), len(frame)
        factor = 1.0 if vcov == "HC0" else np.sqrt((n - k) / (n - k - p))
        np.testing.assert_allclose(main["estimate"], other["estimate"], rtol=1e-10)
        np.testing.assert_allclose(main["std_error"], other["std_error"] * factor, rtol=1e-9)


def test_hc0_errors_and_the_wu_hausman_test_are_linearmodels():
    frame = firms().assign(const=1.0)
    data = frame["y"], frame[["const", "x"]], frame["d"], frame[["z1", "z2"]]
    robust = IV2SLS(*data).fit(cov_type="robust")
    rows = fitted(frame, vcov="HC0")
    main = rows[rows["component"] == ""].set_index("term")
    np.testing.assert_allclose(main["std_error"][["const", "x", "d"]], robust.std_errors, rtol=1e-9)
    test = IV2SLS(*data).fit(cov_type="unadjusted").wu_hausman()
    extras = json.loads(fitted(frame)["extras"].iloc[0])
    assert extras["wu_hausman_f"] == pytest.approx(test.stat, rel=1e-9)
    assert extras["wu_hausman_p"] == pytest.approx(test.pval, rel=1e-9)
    first = IV2SLS(*data).fit(cov_type="unadjusted", debiased=True).first_stage.diagnostics
    assert extras["first_stage_f"] == pytest.approx(first["f.stat"]["d"], rel=1e-9)


def test_classical_is_least_squares_as_printed_and_says_so():
    frame = firms()
    first = sm.OLS(frame["d"], sm.add_constant(frame[["x", "z1", "z2"]])).fit()
    design = sm.add_constant(frame[["d", "x"]]).assign(v=first.resid)
    other = sm.OLS(frame["y"], design).fit()
    rows = fitted(frame)
    for column, value in (("estimate", other.params), ("std_error", other.bse),
                          ("p_value", other.pvalues)):  # fmt: skip
        np.testing.assert_allclose(rows[column], value, rtol=1e-8, atol=1e-300)
    assert "take the first-stage residuals as data" in rows["note"].iloc[0]
    assert "as data" not in fitted(frame, vcov="HC1")["note"].iloc[0]


def test_robust_wu_hausman_of_two_terms_is_the_wald_test_of_their_residuals():
    frame = firms()
    more = {"endogenous": ("d", "d2"), "instruments": ("z1", "z2"), "vcov": "HC1"}
    rows = fitted(frame, **more)
    extras = json.loads(rows["extras"].iloc[0])
    z = rows[rows["component"] == "residual"]["statistic"]
    assert extras["wu_hausman_f"] >= z.pow(2).max() / 2
    assert {"first_stage_f[d]", "first_stage_f[d2]"} <= set(extras)
    one = json.loads(fitted(frame, vcov="HC1")["extras"].iloc[0])
    t = fitted(frame, vcov="HC1")["statistic"].iloc[-1]
    assert one["wu_hausman_f"] == pytest.approx(t**2, rel=1e-9)


def test_weak_instruments_are_noted():
    frame = firms()
    frame["d"] = np.random.default_rng(3).normal(size=len(frame)) + 0.05 * frame["z1"]
    assert "weak instruments: first_stage_f" in fitted(frame)["note"].iloc[0]


@pytest.mark.parametrize(("change", "more", "text"), [
    (lambda t: t, {"instruments": ()}, "instruments"),
    (lambda t: t, {"endogenous": ()}, "endogenous"),
    (lambda t: t, {"endogenous": ("d", "d2"), "instruments": ("z1",)}, "2 instruments or more"),
    (lambda t: t, {"instruments": ("d",)}, "is both"),
    (lambda t: t.assign(d=t["z1"] - t["x"]), {}, "do not explain fully .d."),
    (lambda t: t, {"options": {"method": "ml"}}, "method"),
    (lambda t: t, {"absorb": ("g",)}, "absorb"),
    (lambda t: t, {"vcov": "HC3"}, "HC3"),
    (lambda t: t.head(4), {"instruments": ("z1",)}, "4 "),
    (lambda t: t.assign(d=1.0), {}, "d never varies"),
])  # fmt: skip
def test_refusals(change, more, text):
    with pytest.raises(UserError, match=text):
        fitted(change(firms()), **more)


def test_a_study_file_and_a_bootstrap(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d"\n[[equation]]\nid = "e"\noutcome = "y"\ncontrols = ["x"]\n'
        'endogenous = ["d"]\ninstruments = ["z1", "z2"]\nestimator = "control_function"\n'
        'vcov = "bootstrap"\n[equation.options]\ndraws = 50\n'
    )
    frame = firms()
    rows = estimates(read_study(path), frame)
    ratio = rows["std_error"] / fitted(frame, vcov="HC1")["std_error"]
    assert ratio.between(0.6, 1.5).all()


def tables(frame, vcovs, **more):
    """Return the rows under each covariance, fitted once."""
    equation = asked(**more)
    study = Study(id="s", data="d", equations=(equation,))
    sample = sample_of(study, equation, "y", frame)
    fit = control_function.fit(sample, equation)
    for vcov in vcovs:
        found = covariance(fit, vcov, sample.clusters)
        one = Fitted(study, replace(equation, vcov=vcov), "y", sample, fit, found)
        yield vcov, rows_of(one).set_index(["component", "term"])


@pytest.mark.slow
def test_coverage():
    vcovs, replications = ("HC1", "cluster"), 1000
    truth = {("", "d"): 0.5, ("", "x"): 1.0, ("residual", "d"): 0.6}
    hits = {(vcov, *key): 0 for vcov in vcovs for key in truth}
    for seed in range(replications):
        frame = firms(800, seed=seed)
        for vcov, rows in tables(frame, vcovs, cluster=("g",)):
            for key, value in truth.items():
                hits[vcov, *key] += rows.loc[key, "ci_low"] <= value <= rows.loc[key, "ci_high"]
    low, high = stats.binom.ppf([0.0005, 0.9995], replications, 0.95) / replications
    shares = {key: count / replications for key, count in hits.items()}
    assert all(low <= share <= high for share in shares.values()), shares
