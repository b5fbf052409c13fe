"""Cross-products by cluster: the same numbers as fits by brute force, in any blocks, from any place."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.effects.cross_products.bootstrap import bootstrapped
from analysis.effects.cross_products.draws import draws_of_clusters
from analysis.effects.cross_products.parquet import (
    from_parquet,
    partition_sums,
    partitions,
    read_blocks,
)
from analysis.effects.cross_products.plan import (
    Plan,
    block_sums,
    from_frame,
    layout_of,
    look_at,
    sums_of_frame,
)
from analysis.effects.cross_products.specifications import (
    all_subsets,
    equations,
    leave_one_out,
    solved,
)
from analysis.effects.cross_products.tensor import finished, joined
from analysis.effects.fitting import estimates
from analysis.effects.multiplicity.stepdown import raw_p_values
from analysis.effects.specifications.joint import joint_test
from analysis.effects.study import Equation, Study
from analysis.messages import UserError

CONTROLS = ("x1", "x2", "x3")
PLAN = Plan(("y",), ("d",), CONTROLS, "city", effects=("year",), absorb="person")
YEARS = tuple(f"C(year)={year}" for year in (1, 2, 3))


def panel(persons=300, cities=8, seed=4):
    """Persons who live in one city each, four years: a fixed effect nested in the clusters."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(persons), 4)
    city = rng.integers(0, cities, persons)[person]
    x = rng.normal(size=(len(person), 3)) + 0.3 * rng.normal(size=cities)[city][:, None]
    d = (rng.normal(size=len(person)) + x[:, 0] > 0.4) * 1.0
    y = 0.3 * d + x @ [0.5, -0.2, 0.1] + rng.normal(size=persons)[person] + rng.normal(size=len(d))
    frame = pd.DataFrame(x, columns=list(CONTROLS))
    return frame.assign(y=y, d=d, person=person, city=city, year=np.tile(np.arange(4), persons),
                        w=rng.uniform(0.5, 2.0, len(d)))  # fmt: skip


def one_by_one(frame, controls, vcov, **more):
    """The same specification through a study, with dummies where the estimator needs them."""
    equation = Equation(id="e", outcomes=("y",), treatments=("d",), vcov=vcov, cluster=("city",),
                        controls=(*controls, "C(year)"), **more)  # fmt: skip
    rows = estimates(Study(id="s", data="d", equations=(equation,)), frame).set_index("term")
    return rows.loc["d", ["estimate", "std_error"]].to_numpy(float)


@pytest.mark.parametrize("vcov", ["classical", "cluster", "CRV3"])
def test_every_subset_of_controls_is_the_fit_of_its_own(vcov):
    frame = panel()
    asked = equations(from_frame(PLAN, frame), "y", "d", YEARS, CONTROLS, all_subsets(3))
    found = solved(asked, vcov)
    for m, subset in enumerate(all_subsets(3)):
        controls = [name for name, chosen in zip(CONTROLS, subset, strict=True) if chosen]
        alone = one_by_one(frame, controls, vcov, estimator="fixed_effects", absorb=("person",))
        np.testing.assert_allclose([found.estimate[m], found.std_error[m]], alone, rtol=1e-9)


@pytest.mark.parametrize("weights", ["", "w"])
def test_without_an_absorbed_effect_there_is_a_constant_and_weights_count(weights):
    frame = panel()
    plan = replace(PLAN, absorb="", weights=weights)
    asked = equations(from_frame(plan, frame), "y", "d", ("const", *YEARS), CONTROLS,
                      np.ones((1, 3), dtype=bool))  # fmt: skip
    found = solved(asked)
    alone = one_by_one(frame, CONTROLS, "cluster", weights=weights,
                       estimator="wls" if weights else "ols")  # fmt: skip
    np.testing.assert_allclose([found.estimate[0], found.std_error[0]], alone, rtol=1e-9)


def test_leaving_out_a_city_is_fitting_without_it():
    frame = panel()
    asked = equations(from_frame(PLAN, frame), "y", "d", YEARS, CONTROLS, np.ones((1, 3), bool))
    for city, slope in enumerate(leave_one_out(asked)[:, 0]):
        rest = frame[frame["city"] != city]
        alone = one_by_one(rest, CONTROLS, "classical", estimator="fixed_effects",
                           absorb=("person",))  # fmt: skip
        assert slope * asked.unit == pytest.approx(alone[0], rel=1e-9)


# --- any blocks, any place ----------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(rows=st.integers(50, 900), seed=st.integers(0, 1000))
def test_blocks_of_any_size_in_any_order_give_the_same_tensor(rows, seed):
    frame = panel()
    whole = from_frame(PLAN, frame)
    look = look_at(PLAN, frame)
    layout, _ = layout_of(PLAN, look)
    shuffled = frame.sample(frac=1.0, random_state=seed)
    parts = [block_sums(PLAN, look, layout, shuffled.iloc[a : a + rows])
             for a in range(0, len(frame), rows)]  # fmt: skip
    other = finished(joined(parts))
    scale = np.abs(whole.gram).max()
    np.testing.assert_allclose(other.gram / scale, whole.gram / scale, atol=1e-12)
    assert other.n_obs == whole.n_obs == len(frame)
    assert (other.absorbed == whole.absorbed).all()


def test_parquet_in_row_blocks_is_the_frame_also_from_several_files(tmp_path):
    frame = panel().assign(y=lambda f: f["y"].where(f.index % 97 != 0))
    plan = replace(PLAN, where="x1 < 2", derive={"x3": "x2 ** 2 - 1"})
    whole = from_frame(plan, frame)
    scale = np.abs(whole.gram).max()
    for place, part in enumerate(np.array_split(np.arange(len(frame)), 3)):
        frame.iloc[part].to_parquet(tmp_path / f"part{place}.parquet")
    for rows in (100, 100_000):
        other = from_parquet(plan, tmp_path / "*.parquet", rows)
        np.testing.assert_allclose(other.gram / scale, whole.gram / scale, atol=1e-12)
    look = look_at(plan, frame)
    files = partitions(tmp_path / "*.parquet")
    spread = finished(joined([partition_sums(plan, look, file) for file in files]))
    np.testing.assert_allclose(spread.gram / scale, whole.gram / scale, atol=1e-12)


def test_rows_that_repeat_are_grouped_first_and_count_as_often(tmp_path):
    rng = np.random.default_rng(0)
    n = 6000
    frame = pd.DataFrame({"city": rng.integers(0, 4, n), "d": rng.integers(0, 2, n) * 1.0})
    frame["y"] = (rng.random(n) < 0.3 + 0.2 * frame["d"]) * 1.0
    plan = Plan(("y",), ("d",), (), "city")
    path = tmp_path / "d.parquet"
    frame.to_parquet(path)
    assert sum(len(block) for block in read_blocks(plan, path)) == 16
    one = solved(equations(from_parquet(plan, path), "y", "d", ("const",), (), all_subsets(0)))
    other = solved(equations(from_frame(plan, frame), "y", "d", ("const",), (), all_subsets(0)))
    np.testing.assert_allclose(one.estimate, other.estimate, rtol=1e-12)
    np.testing.assert_allclose(one.std_error, other.std_error, rtol=1e-12)


@pytest.mark.parametrize(("change", "message"), [
    ({"absorb": "year"}, "nested in the clusters"),
    ({"controls": ("x9",)}, "no column x9; did you mean x"),
    ({"controls": ("x1.real",)}, "not permitted"),
])  # fmt: skip
def test_what_cannot_be_added_up_is_refused(tmp_path, change, message):
    frame = panel(60)
    frame.to_parquet(tmp_path / "d.parquet")
    with pytest.raises(UserError, match=message):
        from_frame(replace(PLAN, **change), frame)
    with pytest.raises(UserError, match=message):
        from_parquet(replace(PLAN, **change), tmp_path / "d.parquet")


def test_a_file_that_is_no_parquet_is_one_sentence(tmp_path):
    path = tmp_path / "d.parquet"
    path.write_bytes(b"PAR1 not really")
    with pytest.raises(UserError, match=r"d\.parquet could not be read"):
        from_parquet(PLAN, path)


# --- the bootstrap ------------------------------------------------------------------------------


def test_the_bootstrap_of_a_specification_is_the_one_of_its_own_fit():
    frame = panel()
    asked = equations(from_frame(PLAN, frame), "y", "d", YEARS, CONTROLS, all_subsets(3))
    draws = draws_of_clusters(8, 999, 1)
    found = bootstrapped(asked, draws)
    p_values = raw_p_values(found.observed, found.statistics.T, draws.complete)
    equation = Equation(id="e", outcomes=("y",), treatments=("d",), vcov="wild_bootstrap",
                        controls=(*CONTROLS, "C(year)"), estimator="fixed_effects",
                        absorb=("person",), cluster=("city",))  # fmt: skip
    rows = estimates(Study(id="s", data="d", equations=(equation,)), frame).set_index("term")
    assert p_values[-1] == pytest.approx(rows.loc["d", "p_value"], abs=1e-12)
    assert found.statistics.shape == (8, 256)


def test_a_curve_without_an_effect_is_no_surprise_and_with_one_it_is():
    frame = panel(600)
    draws = draws_of_clusters(8, 999, 1)

    def joint(values):
        asked = equations(from_frame(PLAN, frame.assign(y=values)), "y", "d", YEARS, CONTROLS,
                          all_subsets(3))  # fmt: skip
        found = solved(asked)
        drawn = bootstrapped(asked, draws)
        return joint_test(found.estimate, found.estimate / found.std_error, drawn.slopes.T,
                          drawn.statistics.T, 2.365, draws.complete)  # fmt: skip

    effect = joint(frame["y"])
    assert effect.values[0] > 0.3  # most subsets leave out x1, which selects into the treatment
    assert effect.values[2] == 1.0
    assert effect.p_values[0] < 0.02
    noise = np.random.default_rng(1).normal(size=len(frame))
    assert joint(noise).p_values[0] > 0.05


# --- samples in one tensor ----------------------------------------------------------------------


@pytest.mark.parametrize("absorb", ["", "person"])
def test_a_sample_of_the_tensor_is_the_tensor_of_its_rows(absorb):
    frame = panel()
    plan = replace(PLAN, absorb=absorb, samples=("x1 > 0", "d == 1"))
    sums = sums_of_frame(plan, frame, 300)
    constant = () if absorb else ("const",)
    for sample, rows in ((None, frame), (0, frame[frame["x1"] > 0]), (1, frame[frame["d"] == 1])):
        whole, part = finished(sums, sample), from_frame(replace(plan, samples=()), rows)
        assert whole.n_obs == part.n_obs == len(rows)
        assert whole.absorbed.sum() == part.absorbed.sum()
        asked = [equations(one, "y", "x2", (*constant, *YEARS), ("x1", "x3"), all_subsets(2))
                 for one in (whole, part)]  # fmt: skip
        one, other = (solved(each) for each in asked)
        np.testing.assert_allclose(one.estimate, other.estimate, rtol=1e-9)
        np.testing.assert_allclose(one.std_error, other.std_error, rtol=1e-9)


@pytest.mark.parametrize("text", ["lag(x1)", "group_mean(x1, by=city)"])
def test_what_looks_beyond_its_row_has_no_place_in_a_plan(text):
    for change in ({"controls": (text,)}, {"derive": {"z": text}}, {"samples": (f"{text} > 0",)}):
        with pytest.raises(UserError, match="no group means"):
            replace(PLAN, **change)
