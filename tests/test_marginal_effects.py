"""Average marginal effects of regressors that stand in several terms, against brute force."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from scipy.stats import norm

from analysis.effects.estimates import Fitted
from analysis.effects.fitting import fit_study
from analysis.effects.study import Equation, Study
from analysis.messages import UserError

TERMS = ("educ", "educ ** 2", "union", "union * educ", "log(size)", "union * log(size)", "C(kind)")


def data(n=500):
    rng = np.random.default_rng(7)
    frame = pd.DataFrame({
        "educ": rng.uniform(0.6, 2.0, n),
        "union": rng.integers(0, 2, n).astype(float),
        "size": rng.lognormal(3, 1, n),
        "kind": rng.integers(1, 4, n),
    })  # fmt: skip
    chance = expit(frame["educ"] - 2 + frame["union"] * frame["educ"] - 0.3 * (frame["kind"] == 2))
    return frame.assign(y=(rng.uniform(size=n) < chance).astype(float))


def fit(frame, terms, estimator="logit", **options) -> Fitted:
    equation = Equation("e", ("y",), (), tuple(terms), estimator, vcov="HC0", options=options)
    return next(fit_study(Study("s", "d", (equation,)), frame))


def chance(frame, b):
    """The mean chance with the terms written out by hand."""
    d, educ, log_size = frame["union"], frame["educ"], np.log(frame["size"])
    columns = [1 + 0 * d, educ, educ**2, d, d * educ, log_size, d * log_size,
               frame["kind"] == 2, frame["kind"] == 3]  # fmt: skip
    return expit(np.column_stack(columns).astype(float) @ b).mean()


def by_hand(frame, name, b):
    if name.startswith("C(kind)="):
        level = int(name[-1])
        return chance(frame.assign(kind=level), b) - chance(frame.assign(kind=1), b)
    if name == "union":
        return chance(frame.assign(union=1.0), b) - chance(frame.assign(union=0.0), b)
    step = 1e-5
    up = {"educ": frame["educ"] + step, "size": frame["size"] * np.exp(step)}
    down = {"educ": frame["educ"] - step, "size": frame["size"] * np.exp(-step)}
    key = "size" if "size" in name else name
    high, low = frame.assign(**{key: up[key]}), frame.assign(**{key: down[key]})
    return (chance(high, b) - chance(low, b)) / (2 * step)


def test_each_regressor_has_one_effect_that_moves_all_its_terms():
    frame = data()
    found = fit(frame, TERMS).fit
    assert [d.term for d in found.derived] == [
        "educ",
        "union",
        "log(size)",
        "C(kind)=2",
        "C(kind)=3",
    ]
    assert found.notes == ()
    for derived in found.derived:
        assert derived.value == pytest.approx(
            by_hand(frame, derived.term, found.estimate), rel=1e-7
        )
        bump = np.eye(len(found.estimate)) * 1e-5
        gradient = [
            (
                by_hand(frame, derived.term, found.estimate + h)
                - by_hand(frame, derived.term, found.estimate - h)
            )
            / 2e-5
            for h in bump
        ]
        assert derived.gradient == pytest.approx(np.array(gradient), rel=1e-4, abs=1e-6)


def test_a_column_that_is_no_term_is_named_by_an_option_or_in_a_note():
    frame = data()
    lone = fit(frame, ("educ ** 2", "union * educ", "union")).fit
    assert "educ ** 2, union * educ" in lone.notes[0] and "ame_columns" in lone.notes[0]
    assert [d.term for d in lone.derived] == ["educ ** 2", "union * educ", "union"]
    named = fit(frame, ("educ ** 2", "union * educ", "union"), ame_columns=["educ"]).fit
    assert named.notes == () and [d.term for d in named.derived] == ["union", "educ"]
    with pytest.raises(UserError, match="ame_columns"):
        fit(frame, ("educ",), ame_columns=3)
    square = fit(frame, ("educ ** 2",), ame_columns="educ").fit
    p = expit(square.estimate[0] + square.estimate[1] * frame["educ"] ** 2)
    expected = (p * (1 - p) * 2 * frame["educ"] * square.estimate[1]).mean()
    assert square.derived[0].value == pytest.approx(expected, rel=1e-10)


def test_dummies_times_a_regressor_move_with_both():
    frame = data()
    found = fit(frame, ("educ", "C(kind)", "C(kind) * educ")).fit
    names = [d.term for d in found.derived]
    assert names == ["educ", "C(kind)=2", "C(kind)=3"] and found.notes == ()
    b = dict(zip(found.terms, found.estimate, strict=True))
    at = dict.fromkeys((1, 2), b["const"] + b["educ"] * frame["educ"])
    at[2] = at[2] + b["C(kind)=2"] + b["C(kind)=2 * educ"] * frame["educ"]
    expected = (expit(at[2]) - expit(at[1])).mean()
    assert found.derived[1].value == pytest.approx(expected, rel=1e-10)


def test_a_square_made_before_the_study_is_told():
    frame = data().assign(educsq=lambda f: f["educ"] ** 2)
    assert "educsq is educ squared" in fit(frame, ("educ", "educsq")).fit.notes[0]


@pytest.mark.parametrize(("name", "law"), [("ordered_logit", expit), ("ordered_probit", norm.cdf)])
def test_effects_on_each_level_have_the_gradient_of_their_definition(name, law):
    frame = data()
    frame = frame.assign(y=frame["y"] + (frame["size"] > 20))
    found = fit(frame, ("educ", "union"), name).fit
    assert found.terms == ("educ", "union", "cut1", "cut2")

    def effect(b, term, level):
        cuts = np.array([-np.inf, b[2], b[3], np.inf])

        def chance(educ, union):
            index = b[0] * educ + b[1] * union
            return (law(cuts[level + 1] - index) - law(cuts[level] - index)).mean()

        if term == "union":
            return chance(frame["educ"], 1.0) - chance(frame["educ"], 0.0)
        up, down = (chance(frame["educ"] + h, frame["union"]) for h in (1e-4, -1e-4))
        return (up - down) / 2e-4

    assert [d.component for d in found.derived] == [f"Pr(y={j})" for j in (0, 0, 1, 1, 2, 2)]
    for derived in found.derived:
        level = int(derived.component[-2])
        assert derived.value == pytest.approx(effect(found.estimate, derived.term, level), rel=1e-6)
        bumps = np.eye(4) * 1e-4
        gradient = [
            (
                effect(found.estimate + h, derived.term, level)
                - effect(found.estimate - h, derived.term, level)
            )
            / 2e-4
            for h in bumps
        ]
        assert derived.gradient == pytest.approx(np.array(gradient), abs=1e-6)
