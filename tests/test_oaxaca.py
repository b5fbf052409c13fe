"""Oaxaca and Blinder's decomposition: Stata's and statsmodels' numbers, identities, errors."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels.datasets import wage_panel
from scipy import stats
from statsmodels.datasets import ccard
from statsmodels.stats.oaxaca import OaxacaBlinder

from analysis.effects.estimators import oaxaca_blinder
from analysis.effects.fitting import estimates
from analysis.effects.inference.covariance import covariance
from analysis.effects.sample import take_sample
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError

CARD = ("AGE", "INCOME", "INCOMESQ")


def decomposed(frame, outcome="y", group="g", controls=("x", "z"), vcov="HC1", cluster=(),
               weights="", draws=None, **options):  # fmt: skip
    equation = Equation(id="e", outcomes=(outcome,), treatments=(group,), controls=controls,
                        estimator="oaxaca_blinder", vcov=vcov, cluster=cluster, weights=weights,
                        options=options, draws=draws)  # fmt: skip
    return estimates(Study("s", "d", (equation,)), frame)


def value(rows, component, term=None, column="estimate"):
    found = rows[rows["component"] == component]
    found = found.head(1) if term is None else found[found["term"] == term]
    return float(found[column].iloc[0])


def parts_of(rows, *components):
    return [value(rows, component) for component in components]


def people(n=600, seed=1):
    rng = np.random.default_rng(seed)
    g = (rng.random(n) < 0.4).astype(float)
    x = rng.normal(size=n) + 0.5 * g
    kind = np.minimum(rng.integers(0, 4, n) + (rng.random(n) < 0.3 * g), 3)
    y = 1 + 0.2 * g + x * (1 + 0.3 * g) + 0.4 * (kind == 2) * g - 0.2 * (kind == 1)
    shock = rng.normal(size=30)[np.arange(n) % 30]
    return pd.DataFrame({
        "g": g, "x": x, "z": rng.exponential(size=n), "kind": kind.astype(int),
        "y": y + rng.normal(size=n) * (1 + 0.5 * g) + 0.3 * shock, "team": np.arange(n) % 30,
        "w": rng.uniform(0.5, 2.0, n),
    })  # fmt: skip


# --- others' numbers ----------------------------------------------------------------------------

# statsmodels' stats/tests/test_oaxaca.py: results of Stata's `oaxaca` for its data ccard by OWNRENT
STATA = [
    ({}, ("gap", "explained", "unexplained"), (158.7504, 130.8095, 27.94091)),
    ({"reference": "pooled_without"}, ("explained", "unexplained"), (139.22577, 19.52467)),
    ({"reference": "group_1"}, ("explained", "unexplained"), (83.29673, 75.45370)),
    ({"reference": "group_0"}, ("explained", "unexplained"), (321.7482, -162.9978)),
    ({"threefold": True}, ("endowments", "coefficients", "interaction"),
     (321.7482, 75.45371, -238.4515)),
]  # fmt: skip


@pytest.mark.parametrize(("options", "components", "printed"), STATA)
def test_the_parts_are_statas(options, components, printed):
    rows = decomposed(ccard.load_pandas().data, "AVGEXP", "OWNRENT", CARD, **options)
    np.testing.assert_allclose(parts_of(rows, *components), printed, atol=5e-4)


def test_reimers_and_cotton_are_between_the_groups_coefficients():
    data = ccard.load_pandas().data
    model = OaxacaBlinder(data["AVGEXP"], data[[*CARD, "OWNRENT"]], "OWNRENT", hasconst=False)
    rows = decomposed(data, "AVGEXP", "OWNRENT", CARD, reference="reimers")
    unexplained, explained, _ = model.two_fold(two_fold_type="reimers").params
    assert parts_of(rows, "unexplained", "explained") == pytest.approx([unexplained, explained])
    # Cotton weighs a group's coefficients by its own size (statsmodels, having swapped the groups,
    # by the other's), so that the explained part lies at 27/72 from Stata's 321.7482 to 83.29673
    rows = decomposed(data, "AVGEXP", "OWNRENT", CARD, reference="cotton")
    expected = 27 / 72 * 83.29673 + 45 / 72 * 321.7482
    assert value(rows, "explained") == pytest.approx(expected, abs=5e-4)


def test_the_raw_union_gap_of_the_wage_panel_comes_out():
    panel = wage_panel.load().reset_index(drop=True)
    controls = ("educ", "exper", "expersq", "married", "C(year)")
    rows = decomposed(panel, "lwage", "union", controls, "cluster", ("nr",))
    assert value(rows, "gap") == pytest.approx(0.179264, abs=5e-7)
    extras = json.loads(rows["extras"].iloc[0])
    assert (extras["n_group_1"], extras["n_group_0"]) == (1064, 3296)
    assert extras["share[explained]"] + extras["share[unexplained]"] == pytest.approx(1.0)
    # the unexplained part of the pooled form is the union coefficient of one regression (Jann)
    x = pd.get_dummies(panel["year"], drop_first=True).astype(float)
    x = pd.concat([panel[["union", "educ", "exper", "expersq", "married"]], x], axis=1)
    pooled = sm.OLS(panel["lwage"], sm.add_constant(x)).fit()
    assert value(rows, "unexplained") == pytest.approx(pooled.params["union"], rel=1e-9)


# --- identities ---------------------------------------------------------------------------------

FORMS = [{"reference": r} for r in ("pooled", "pooled_without", "group_0", "group_1", "reimers",
                                    "cotton")]  # fmt: skip
FORMS += [{"threefold": True}, {"reweight": True}]
WHOLE = {"threefold": ("endowments", "coefficients", "interaction"),
         "reweight": ("pure_explained", "specification_error", "pure_unexplained",
                      "reweighting_error")}  # fmt: skip
CONTROLS = ("x", "z", "C(kind)")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("weights", ["", "w"])
def test_parts_add_to_the_gap_and_terms_to_the_parts(form, weights):
    frame = people()
    rows = decomposed(frame, controls=CONTROLS, weights=weights, **form)
    parts = WHOLE.get(next(iter(form)), ("explained", "unexplained"))
    assert sum(parts_of(rows, *parts)) == pytest.approx(value(rows, "gap"), abs=1e-12)
    w = frame["w"] if weights else np.ones(len(frame))
    means = [np.average(frame["y"][frame["g"] == g], weights=w[frame["g"] == g]) for g in (1, 0)]
    assert parts_of(rows, "group_1", "group_0") == pytest.approx(means, abs=1e-12)
    for part in (*parts, *(("explained", "unexplained") if "reweight" in form else ())):
        own = rows[(rows["component"] == part) & (rows["term"] != "g")]
        single = own[own["term"] != "C(kind)"]
        assert single["estimate"].sum() == pytest.approx(value(rows, part), abs=1e-12)
        dummies = own[own["term"].str.startswith("C(kind)=")]
        assert len(dummies) == 4
        assert dummies["estimate"].sum() == pytest.approx(value(rows, part, "C(kind)"), abs=1e-12)


@pytest.mark.parametrize(("form", "mirrored"), [
    ("pooled", "pooled"), ("pooled_without", "pooled_without"), ("reimers", "reimers"),
    ("cotton", "cotton"), ("group_0", "group_1"), ("group_1", "group_0"),
])  # fmt: skip
def test_the_other_group_first_changes_signs_alone(form, mirrored):
    frame = people()
    one = decomposed(frame, controls=CONTROLS, reference=form)
    other = decomposed(frame.assign(g=1 - frame["g"]), controls=CONTROLS, reference=mirrored)
    level = one["component"].isin(["group_1", "group_0"])
    np.testing.assert_allclose(one["estimate"][~level], -other["estimate"][~level], atol=1e-11)
    np.testing.assert_allclose(one["std_error"][~level], other["std_error"][~level], rtol=1e-8)


@pytest.mark.parametrize("form", [{}, {"reference": "group_0"}, {"threefold": True},
                                  {"reweight": True}])  # fmt: skip
def test_no_base_level_matters_unless_asked(form):
    frame = people()

    def table(base, **more):
        rows = decomposed(frame, controls=("x", f"C(kind, {base})"), **form, **more)
        rows = rows.assign(term=rows["term"].str.replace("=base", f"={base}"))
        return rows.set_index(["component", "term"])[["estimate", "std_error"]].sort_index()

    pd.testing.assert_frame_equal(table(0), table(3), rtol=1e-7, atol=1e-10)
    both = [table(base, normalise=False)["estimate"].xs("const", level="term") for base in (0, 3)]
    assert (both[0] - both[1]).abs().min() > 1e-3


def test_a_level_without_rows_is_no_level():
    frame = people()
    whole = decomposed(frame[frame["kind"] != 0].reset_index(drop=True), controls=CONTROLS)
    part = Equation(id="e", outcomes=("y",), treatments=("g",), controls=CONTROLS, vcov="HC1",
                    estimator="oaxaca_blinder", where="kind != 0")  # fmt: skip
    rows = estimates(Study("s", "d", (part,)), frame)
    own = rows[~rows["term"].isin(["C(kind)=3"]) | (rows["component"] != "")]
    one = whole.assign(term=whole["term"].replace("C(kind)=base", "C(kind)=1"))
    both = one.merge(own, on=["term", "component"])
    assert len(both) == len(whole)
    np.testing.assert_allclose(both["estimate_x"], both["estimate_y"], atol=1e-10)


def test_parts_that_depend_on_a_base_level_are_said_to():
    def note(*controls, **more):
        return decomposed(people(), controls=controls, **more)["note"].iloc[0]

    assert "base level" not in note("x", "C(kind)")
    assert "base level" in note("x", "C(kind)", normalise=False)
    assert "products with C(x)" in note("x", "C(kind) * x")


def test_named_groups_add_their_terms():
    rows = decomposed(people(), controls=CONTROLS, groups={"job": ["z", "C(kind)"], "x only": "x"})
    for part in ("explained", "unexplained"):
        expected = value(rows, part, "z") + value(rows, part, "C(kind)")
        assert value(rows, part, "job") == pytest.approx(expected, abs=1e-12)
        assert value(rows, part, "x only") == value(rows, part, "x")
    assert set(decomposed(people(), detailed=False)["term"]) == {"g"}


# --- errors -------------------------------------------------------------------------------------


def stacked_errors(frame, clusters=None):
    """Errors of explained (by pooled with dummy) and unexplained from stacked moments, derivatives
    taken numerically: means, both regressions and the pooled one as one system."""
    x = np.column_stack([np.ones(len(frame)), frame["x"], frame["z"]])
    g, y = frame["g"].to_numpy(), frame["y"].to_numpy()
    xg = np.column_stack([x, g])

    def moments(p):
        m0, m1, b0, b1, b = p[:3], p[3:6], p[6:9], p[9:12], p[12:16]
        return np.hstack([
            (1 - g)[:, None] * (x - m0), g[:, None] * (x - m1),
            ((1 - g) * (y - x @ b0))[:, None] * x, (g * (y - x @ b1))[:, None] * x,
            (y - xg @ b)[:, None] * xg,
        ])  # fmt: skip

    one, zero = g == 1, g == 0
    fits = [np.linalg.lstsq(a, c, rcond=None)[0]
            for a, c in ((x[zero], y[zero]), (x[one], y[one]), (xg, y))]  # fmt: skip
    p = np.concatenate([x[zero].mean(0), x[one].mean(0), *fits])
    steps = 1e-5 * np.eye(len(p))
    slope = np.array([(moments(p + h) - moments(p - h)).sum(0) / 2e-5 for h in steps]).T
    f = -moments(p) @ np.linalg.inv(slope).T
    if clusters is not None:
        f = pd.DataFrame(f).groupby(np.asarray(clusters)).sum().to_numpy()

    def parts(p):
        m0, m1, b0, b1, b = p[:3], p[3:6], p[6:9], p[9:12], p[12:15]
        return np.array([(m1 - m0) @ b, m1 @ (b1 - b) + m0 @ (b - b0)])

    d = np.array([(parts(p + h) - parts(p - h)) / 2e-5 for h in steps]).T
    return np.sqrt(np.diag(d @ (f.T @ f) @ d.T))


def test_errors_are_those_of_the_stacked_system():
    frame = people()
    rows = decomposed(frame, vcov="HC0")
    ours = [value(rows, part, column="std_error") for part in ("explained", "unexplained")]
    assert ours == pytest.approx(stacked_errors(frame), rel=1e-6)
    rows = decomposed(frame, vcov="cluster", cluster=("team",))
    ours = [value(rows, part, column="std_error") for part in ("explained", "unexplained")]
    expected = stacked_errors(frame, frame["team"]) * np.sqrt(30 / 29)
    assert ours == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("form", FORMS)
def test_a_rows_influence_is_what_its_weight_moves(form):
    """f_i is the derivative by w_i: first steps, shares and pooled fits counted (Jaeckel 1972)."""
    frame = people(200).assign(w=1.0)
    equation = Equation(id="e", outcomes=("y",), treatments=("g",), controls=("x", "C(kind)"),
                        estimator="oaxaca_blinder", vcov="HC0", weights="w",
                        options=form)  # fmt: skip
    sample = take_sample(Study("s", "d", (equation,)), equation, "y", frame)
    scores = oaxaca_blinder.fit(sample, equation).scores
    for row in (0, 1, 2, 77, 150):
        ends = []
        for step in (-1e-5, 1e-5):
            w = np.ones(200)
            w[row] += step
            ends.append(oaxaca_blinder.fit(replace(sample, weights=w), equation).estimate)
        np.testing.assert_allclose((ends[1] - ends[0]) / 2e-5, scores[row], rtol=1e-4, atol=1e-8)


@pytest.mark.parametrize("form", [{}, {"reweight": True}])
def test_errors_are_near_the_bootstraps(form):
    frame = people(1000)
    close = decomposed(frame, **form, detailed=False)
    drawn = decomposed(frame, vcov="bootstrap", draws=200, **form, detailed=False)
    ratio = close["std_error"] / drawn["std_error"]
    assert (abs(np.log(ratio)) < 0.25).all()


def test_fixed_means_leave_the_regressors_out_of_the_errors():
    frame = people()
    rows = decomposed(frame, vcov="HC0", reference="group_0", fixed_means=True)
    part = frame[frame["g"] == 0]
    ols = sm.OLS(part["y"], sm.add_constant(part[["x", "z"]])).fit(cov_type="HC0")
    apart = frame.groupby("g")[["x", "z"]].mean().diff().iloc[1].to_numpy()
    expected = np.sqrt(apart @ ols.cov_params().to_numpy()[1:, 1:] @ apart)
    assert value(rows, "explained", column="std_error") == pytest.approx(expected, rel=1e-8)


def again(equation, frame, kept=[]):  # noqa: B006
    """Fit without the way from a file: one sample taken, then its columns replaced."""
    if not kept:
        kept.append(take_sample(Study("s", "d", (equation,)), equation, "y", frame))
    return oaxaca_blinder.fit(
        replace(kept[0], outcome=frame["y"].to_numpy(), regressors=frame[["g", "x"]]), equation
    )


@pytest.mark.slow
def test_intervals_cover_the_parts():
    # y = 1 + x + g (0.5 + 0.5 x) + e, x of mean 0.5 g: by group 0 explained 0.5, unexplained 0.75
    rng, hits, draws = np.random.default_rng(7), np.zeros(2), 1000
    equation = Equation(id="e", outcomes=("y",), treatments=("g",), controls=("x",), vcov="HC1",
                        estimator="oaxaca_blinder",
                        options={"reference": "group_0", "detailed": False})  # fmt: skip
    for _ in range(draws):
        g = np.arange(300) % 3 == 0
        x = rng.normal(size=300) + 0.5 * g
        y = 1 + x + g * (0.5 + 0.5 * x) + rng.normal(size=300) * (0.5 + abs(x))
        frame = pd.DataFrame({"g": g * 1.0, "x": x, "y": y})
        found = again(equation, frame)
        errors = np.sqrt(np.diag(covariance(found, "HC1", pd.DataFrame()).matrix))
        hits += (abs(found.estimate - [0, 0, 0, 0.5, 0.75]) < 1.96 * errors)[3:]
    assert found.components[3:] == ("explained", "unexplained")
    band = stats.binom.ppf([0.0005, 0.9995], draws, 0.95)
    assert (band[0] <= hits).all() and (hits <= band[1]).all(), hits


# --- refusals and study files -------------------------------------------------------------------


@pytest.mark.parametrize(("change", "options", "text"), [
    ({"g": 2.0}, {}, "0 and 1"),
    ({"g": 1.0}, {}, "0 and 1"),
    ({}, {"reference": "poled"}, "pooled"),
    ({}, {"threefold": True, "reference": "pooled"}, "no reference"),
    ({}, {"threefold": True, "reweight": True}, "not both"),
    ({}, {"normalise": "yes"}, "true or false"),
    ({}, {"groups": ["x"]}, "groups = "),
    ({}, {"groups": {"a": ["xx"]}}, "xx"),
    ({}, {"groups": {"x": ["z"]}}, "no term has"),
    ({}, {"refrence": "pooled"}, "reference"),
    ({"w": -1.0}, {"weights": "w"}, "weights"),
])  # fmt: skip
def test_refusals(change, options, text):
    with pytest.raises(UserError, match=text):
        decomposed(people().assign(**change), **options)


def test_a_control_that_does_not_vary_in_a_group_is_refused_by_name():
    frame = people()
    frame["z"] *= frame["g"]
    with pytest.raises(UserError, match=r"z \(group 0\)"):
        decomposed(frame)
    with pytest.raises(UserError, match="controls"):
        decomposed(frame, controls=())
    with pytest.raises(UserError, match="vcov"):
        decomposed(frame, vcov="HC3")
    frame["z"] = frame["g"] + 0.01 * np.arange(len(frame)) / len(frame)
    with pytest.raises(UserError, match="overlap"):
        decomposed(frame, reweight=True)


def test_from_a_study_file(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "d"\n[[equation]]\nid = "e"\noutcome = "y"\ntreatment = "g"\n'
        'controls = ["x", "twin"]\nestimator = "oaxaca_blinder"\n[equation.options]\n'
        'reference = "group_1"\ngroups = {both = ["x"]}\n'
    )
    frame = people()
    rows = estimates(read_study(path), frame.assign(twin=2 * frame["x"]))
    assert value(rows, "explained", "both") == value(rows, "explained", "x")
    assert "set aside" in rows.set_index("term").loc["twin", "note"]
    assert rows["vcov"].iloc[0] == "HC1"
