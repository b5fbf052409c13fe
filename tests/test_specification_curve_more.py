"""The curve within an absorbed effect, its influence, its band; and from files out of memory."""

import numpy as np
import pandas as pd
import pytest

from analysis.cli import main
from analysis.effects.fitting import estimates, fit_outcome, ready
from analysis.effects.out_of_core import rows_out_of_core
from analysis.effects.study import Equation, Study
from analysis.messages import UserError

CONTROLS = ("x", "z", "C(year)")


def panel(persons=240, cities=10, seed=3):
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(persons), 4)
    frame = pd.DataFrame(rng.normal(size=(4 * persons, 2)), columns=["x", "z"])
    frame = frame.assign(person=person, city=person % cities, year=np.tile(np.arange(4), persons))
    frame["d"] = (frame["x"] + rng.normal(size=len(frame)) > 0) * 1.0
    frame["y"] = 0.3 * frame["d"] + 0.4 * frame["x"] + rng.normal(size=persons)[person]
    frame["y"] += rng.normal(size=len(frame)) + rng.normal(size=cities)[person % cities] * 0.2
    frame.loc[7, "z"] = np.nan
    return frame.assign(hours=lambda f: 2 - f["y"] + rng.normal(size=len(f)))


def study(options=None, vcov="cluster", **more):
    request = {"controls": CONTROLS, "cluster": ("city",), "draws": 99, **more}
    options = {"controls": "all_subsets", "samples": ["z > 0"], "outcomes": ["hours"]} | (
        options or {}
    )
    equation = Equation("c", ("y",), ("d",), estimator="specification_curve", vcov=vcov,
                        options=options, **request)  # fmt: skip
    return Study("s", "-", (equation,))


@pytest.mark.parametrize("vcov", ["cluster", "classical", "HC1"])
def test_within_an_absorbed_effect_it_is_the_fixed_effects_fit(vcov):
    asked, frame = study(absorb=("person",), vcov=vcov), panel()
    fit = fit_outcome(asked, asked.equations[0], "y", frame).fit
    for row in fit.material["specifications"].iloc[::7].to_dict("records"):
        controls = tuple(row["controls"].split("+")) if row["controls"] else ()
        where = "" if row["sample"] == "all" else row["sample"]
        whole = frame[frame["z"].notna()]
        alone = Equation("e", (row["outcome"],), ("d",), controls, "fixed_effects", vcov=vcov,
                         absorb=("person",), cluster=("city",), where=where)  # fmt: skip
        one = estimates(Study("s", "-", (alone,)), whole).set_index("term").loc["d"]
        assert row["estimate"] == pytest.approx(one["estimate"], rel=1e-8)
        assert row["std_error"] == pytest.approx(one["std_error"], rel=1e-8)


@pytest.mark.parametrize("changes", [{"absorb": ("year",)}, {"absorb": ("person",), "cluster": ()},
                                     {"absorb": ("person", "year")}])  # fmt: skip
def test_an_effect_that_is_not_nested_is_refused(changes):
    asked = study(**changes, vcov="classical")
    with pytest.raises(UserError, match="nested in one-way clusters"):
        fit_outcome(asked, asked.equations[0], "y", panel())


def test_influence_is_the_median_of_fits_without_a_cluster():
    frame = panel()
    rows = estimates(study({"influence": True, "samples": [], "outcomes": []}), frame)
    found = rows[rows["component"].str.startswith("median_without")]
    medians = {}
    for city in range(10):
        rest = frame[frame["city"] != city]
        curve = estimates(study({"samples": [], "outcomes": []}), rest).set_index("component")
        medians[city] = float(curve.loc["median", "estimate"])
    low, high = min(medians, key=medians.get), max(medians, key=medians.get)
    assert list(found["component"]) == [
        f"median_without_lowest: {low}",
        f"median_without_highest: {high}",
    ]
    np.testing.assert_allclose(
        found["estimate"].astype(float), [medians[low], medians[high]], rtol=1e-9
    )


def test_the_band_of_the_null_is_that_of_the_ordered_draws():
    asked, frame = study({"null_band": True}), panel()
    fitted = fit_outcome(asked, asked.equations[0], "y", frame)
    table = fitted.fit.material["specifications"]
    assert (table["null_low"] < table["null_high"]).all()
    assert table["null_low"].is_monotonic_increasing
    rows = estimates(asked, frame).set_index("component")["estimate"].astype(float)
    assert rows["null_low=0"] == pytest.approx(table["null_low"].iloc[0])
    assert rows["null_high=1"] == pytest.approx(table["null_high"].iloc[-1])
    assert rows["null_low=0.5"] < 0.0 < rows["null_high=0.5"]


# --- out of memory ------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path):
    frame = panel()
    for j in range(3):
        frame.iloc[j::3].to_parquet(tmp_path / f"part{j}.parquet")
    return frame, tmp_path


@pytest.mark.parametrize("more", [{}, {"absorb": ("person",)}, {"vcov": "classical"}])
def test_from_files_the_curve_is_the_one_in_memory(files, more):
    frame, folder = files
    asked = study({"influence": True, "null_band": True}, where="x < 2", **more)
    there = rows_out_of_core(asked, ready(asked.equations[0]), "y", folder).set_index("component")
    here = estimates(asked, frame).set_index("component")
    assert list(there.index) == list(here.index)
    for name in ("estimate", "std_error", "p_value", "ci_low"):
        np.testing.assert_allclose(
            there[name].astype(float), here[name].astype(float), rtol=1e-8, atol=1e-12
        )


@pytest.mark.parametrize(("changes", "message"), [
    ({"vcov": "HC1"}, "HC1 needs the rows"),
    ({"options": {"samples": ["z > 99"]}}, "rows where z > 99"),
    ({"options": {"sample": ["z > 0"]}}, "did you mean samples"),
])  # fmt: skip
def test_a_curve_that_needs_rows_is_refused(files, changes, message):
    asked = study(changes.pop("options", None), **changes)
    with pytest.raises(UserError, match=message):
        rows_out_of_core(asked, asked.equations[0], "y", files[1])


def test_the_command_takes_a_folder_explains_and_marks_what_is_simulated(files, tmp_path, capsys):
    _, folder = files
    path, out = tmp_path / "s.toml", tmp_path / "rows.csv"
    path.write_text('[study]\nid = "s"\ndata = "-"\ncluster = "city"\n[[equation]]\nid = "e"\n'
                    'outcome = "y"\ntreatment = "d"\ncontrols = ["x"]\nestimator = "ols"\n')  # fmt: skip
    command = ["estimate", str(path), "--out-of-core", "--data", str(folder)]
    assert main([*command, "--explain"]) == 0
    said = capsys.readouterr().out
    assert "960  rows in 3 files" in said
    assert "clusters: city (10)" in said
    for part in folder.glob("*.parquet"):
        pd.read_parquet(part).assign(simulated=True).to_parquet(part)
    assert main([*command, "--out", str(out)]) == 0
    rows = pd.read_csv(out)
    assert rows["p_value"].isna().all()
    assert rows["note"].str.startswith("simulated data").all()
