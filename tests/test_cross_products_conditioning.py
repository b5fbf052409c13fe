"""Ill-conditioned designs: QR on the rows where there are rows, a refusal by name where not."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.effects.cross_products.rows import Rows, of_rows
from analysis.effects.cross_products.specifications import (
    WORST_CONDITION,
    equations,
    require_sound,
    solved,
)
from analysis.effects.fitting import estimates, fit_outcome
from analysis.effects.study import Equation, Study
from analysis.messages import UserError

NIST = Path(__file__).parent / "data" / "nist_strd"
POLYNOMIALS = {"filip": 10, "wampler1": 5, "wampler4": 5}


def nist(name):
    """The data, its right-hand columns and the certified slope and error of the first."""
    frame = pd.read_csv(NIST / f"{name}.csv").astype(float)
    certified = pd.read_csv(NIST / "certified.csv").query("dataset == @name").set_index("parameter")
    right = [n for n in frame if n != "y"]
    if name in POLYNOMIALS:
        right += [f"x ** {power}" for power in range(2, POLYNOMIALS[name] + 1)]
    return frame, right, certified.loc["B1", ["estimate", "std_error"]].to_numpy(float)


def curve(frame, right, options, vcov="classical"):
    equation = Equation("e", ("y",), (right[0],), tuple(right[1:]), "specification_curve",
                        vcov=vcov, options=options, draws=19)  # fmt: skip
    return fit_outcome(Study("s", "d", (equation,)), equation, "y", frame).fit


@pytest.mark.parametrize(("name", "digits"), [("longley", 8), ("wampler4", 7), ("filip", 7)])
def test_certified_digits_whatever_the_condition(name, digits):
    frame, right, certified = nist(name)
    table = curve(frame, right, {"controls": [right[1:], []]}).material["specifications"]
    whole = table[table["controls"] != ""].iloc[0]
    np.testing.assert_allclose(
        whole[["estimate", "std_error"]].to_numpy(float), certified, rtol=10.0**-digits
    )


def products(name):
    frame, right, _ = nist(name)
    columns = [np.ones(len(frame)), *(frame.eval(text) for text in right)]
    columns.append(frame["y"])
    codes = np.arange(len(frame)) % 2
    return of_rows(Rows(("const", *right, "y"), np.column_stack(columns), codes, 2)), right


@pytest.mark.parametrize("name", ["filip", "wampler1", "wampler4"])
def test_without_rows_they_are_refused_by_name(name):
    tensor, right = products(name)
    asked = equations(tensor, "y", right[0], ("const", *right[1:]), (), np.ones((1, 0), bool))
    found = solved(asked, "classical")
    assert found.condition[0] > WORST_CONDITION
    with pytest.raises(UserError, match="specification 1: condition"):
        require_sound(found)


def test_longley_is_sound():
    tensor, right = products("longley")
    asked = equations(tensor, "y", right[0], ("const", *right[1:]), (), np.ones((1, 0), bool))
    require_sound(solved(asked, "classical"))


@pytest.mark.parametrize("vcov", ["classical", "cluster", "HC0", "HC1"])
def test_collinear_and_constant_controls_count_as_ols_counts_them(vcov):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.normal(size=(200, 3)), columns=["y", "d", "x"])
    frame = frame.assign(g=np.arange(200) % 15, f=np.arange(200) % 2 * 1.0,
                         twice=2 * frame["x"] - 1)  # fmt: skip
    right = ("x", "twice", "f")
    equation = Equation("e", ("y",), ("d",), right, "specification_curve", vcov=vcov,
                        cluster=("g",), options={"samples": ["f == 1"]}, draws=19)  # fmt: skip
    found = fit_outcome(Study("s", "d", (equation,)), equation, "y", frame)
    for row in found.fit.material["specifications"].to_dict("records"):
        where = "" if row["sample"] == "all" else row["sample"]
        alone = Equation("o", ("y",), ("d",), right, "ols", vcov=vcov, cluster=("g",), where=where)
        one = estimates(Study("s", "d", (alone,)), frame).set_index("term").loc["d"]
        assert row["estimate"] == pytest.approx(one["estimate"], rel=1e-9)
        assert row["std_error"] == pytest.approx(one["std_error"], rel=1e-9)
