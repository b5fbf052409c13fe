"""CRV3, leave-one-cluster-out and the wild bootstrap against refits with a dummy for each person."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects.cross_products.bootstrap import bootstrapped
from analysis.effects.cross_products.draws import draws_of_clusters
from analysis.effects.cross_products.plan import Plan, from_frame
from analysis.effects.cross_products.specifications import (
    all_subsets,
    equations,
    leave_one_out,
    solved,
)

CITIES, YEARS = 7, (1, 2)
PLAN = Plan(("y",), ("d",), ("x",), "city", effects=("year",), absorb="person")
DUMMIES = tuple(f"C(year)={year}" for year in YEARS)


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(5)
    person = np.repeat(np.arange(35), 3)
    rows = pd.DataFrame(
        {"person": person, "city": person % CITIES, "year": np.tile(np.arange(3), 35)}
    )
    rows["x"] = rng.normal(size=len(rows)) + rows["city"] * 0.2
    rows["d"] = (rows["x"] + rng.normal(size=len(rows)) > 0.5) * 1.0
    rows["y"] = (
        0.4 * rows["d"] + 0.3 * rows["x"] + rng.normal(size=35)[person] + rng.normal(size=len(rows))
    )
    return rows.drop(index=[4, 50, 51])


def design(frame):
    """Treatment first, control, a dummy a person, a dummy a later year."""
    people = pd.get_dummies(frame["person"]).to_numpy(float)
    years = np.column_stack([frame["year"] == year for year in YEARS])
    return np.column_stack([frame["d"], frame["x"], people, years])


def asked_of(frame):
    return equations(from_frame(PLAN, frame), "y", "d", DUMMIES, ("x",), np.ones((1, 1), bool))


def slope(x, y):
    return np.linalg.lstsq(x, y, rcond=None)[0][0]


def without(frame):
    rest = [frame[frame["city"] != city] for city in range(CITIES)]
    return np.array([slope(design(one), one["y"].to_numpy()) for one in rest])


def test_leave_one_cluster_out_is_a_refit_without_it(frame):
    asked = asked_of(frame)
    np.testing.assert_allclose(leave_one_out(asked)[:, 0] * asked.unit, without(frame), rtol=1e-9)


def test_crv3_is_the_jackknife_of_refits(frame):
    whole = slope(design(frame), frame["y"].to_numpy())
    variance = (CITIES - 1) / CITIES * ((without(frame) - whole) ** 2).sum()
    found = solved(asked_of(frame), "CRV3")
    assert found.estimate[0] == pytest.approx(whole, rel=1e-9)
    assert found.std_error[0] == pytest.approx(np.sqrt(variance), rel=1e-9)


def t_of(x, y, codes, k):
    """The clustered t of the first column, the factor's k leaving out persons but for one."""
    inverse = np.linalg.pinv(x.T @ x)
    b = inverse @ (x.T @ y)
    scores = np.array([x[codes == g].T @ (y - x @ b)[codes == g] for g in range(CITIES)])
    meat = inverse @ scores.T @ scores @ inverse
    factor = CITIES / (CITIES - 1) * (len(y) - 1) / (len(y) - k)
    return b[0] / np.sqrt(factor * meat[0, 0])


def test_each_draw_of_the_bootstrap_is_a_refit(frame):
    x, y, codes = design(frame), frame["y"].to_numpy(), frame["city"].to_numpy()
    k = 2 + len(YEARS) + 1
    draws = draws_of_clusters(CITIES, 99, 1)
    found = bootstrapped(asked_of(frame), draws)
    assert found.observed[0] == pytest.approx(t_of(x, y, codes, k), rel=1e-9)
    others = x[:, 1:]
    fitted = others @ np.linalg.lstsq(others, y, rcond=None)[0]
    signs = np.concatenate(list(draws.blocks()))
    for place in range(0, len(signs), 16):
        drawn = fitted + signs[place][codes] * (y - fitted)
        assert found.slopes[0, place] == pytest.approx(slope(x, drawn), rel=1e-8, abs=1e-10)
        assert found.statistics[0, place] == pytest.approx(
            t_of(x, drawn, codes, k), rel=1e-7, abs=1e-9
        )


def test_years_taken_out_first_would_not_do(frame):
    """What the design forbids: demeaned by year beforehand, the jackknife is another number."""
    early = frame.copy()
    for name in ("y", "d", "x"):
        early[name] -= early.groupby("year")[name].transform("mean")
    plan = Plan(("y",), ("d",), ("x",), "city", absorb="person")
    asked = equations(from_frame(plan, early), "y", "d", ("x",), (), all_subsets(0))
    assert (
        abs(solved(asked, "CRV3").std_error[0] / solved(asked_of(frame), "CRV3").std_error[0] - 1)
        > 1e-3
    )
