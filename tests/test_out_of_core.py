"""``estimate --out-of-core``: the rows that the same study gives in memory, from Parquet blocks."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects.fitting import estimates, ready
from analysis.effects.out_of_core import rows_out_of_core
from analysis.effects.study import Equation, Study
from analysis.messages import UserError

SAME = ["estimate", "std_error", "statistic", "p_value", "ci_low", "ci_high", "n_obs",
        "n_clusters", "cov_df"]  # fmt: skip


@pytest.fixture
def data(tmp_path):
    rng = np.random.default_rng(1)
    person = np.repeat(np.arange(500), 4)
    frame = pd.DataFrame(rng.normal(size=(2000, 2)), columns=["y", "x"])
    frame = frame.assign(d=(rng.random(2000) < 0.4) * 1.0, person=person, city=person % 7,
                         year=np.tile(np.arange(4), 500))  # fmt: skip
    frame.loc[5, "x"] = np.nan
    for j in range(3):
        frame.iloc[j::3].to_parquet(tmp_path / f"part{j}.parquet")
    return frame, tmp_path / "*.parquet"


def study(**changes):
    request = {"controls": ("x", "z", "C(year)"), "estimator": "ols", "vcov": "cluster",
               "cluster": ("city",), "where": "x < 2", **changes}  # fmt: skip
    equation = Equation("e", ("y",), ("d",), **request)
    return Study("s", "d", (equation,), derive={"z": "x ** 2"})


@pytest.mark.parametrize("vcov", ["classical", "cluster", "CRV3"])
@pytest.mark.parametrize("changes", [{}, {"estimator": "fixed_effects", "absorb": ("person",)}])
def test_the_rows_are_those_of_the_study_in_memory(data, vcov, changes):
    frame, files = data
    asked = study(vcov=vcov, **changes)
    there = rows_out_of_core(asked, ready(asked.equations[0]), "y", files).set_index("term")
    here = estimates(asked, frame).set_index("term")
    np.testing.assert_allclose(
        there.loc["d", SAME].to_numpy(float), here.loc["d", SAME].to_numpy(float), rtol=1e-9
    )


@pytest.mark.parametrize(("changes", "message"), [
    ({"vcov": "HC1"}, "HC1 needs the rows"),
    ({"cluster": ()}, "one cluster column"),
    ({"estimator": "probit"}, "ols or fixed_effects"),
    ({"controls": ("group_mean(x, by=city)",)}, "no group means"),
    ({"controls": ("x", "x * 3")}, "condition"),
])  # fmt: skip
def test_what_needs_rows_is_refused(data, changes, message):
    asked = study(**changes)
    with pytest.raises(UserError, match=message):
        rows_out_of_core(asked, asked.equations[0], "y", data[1])


def test_the_command_writes_them(data, tmp_path, capsys):
    from analysis.cli import main

    path, out = tmp_path / "s.toml", tmp_path / "rows.csv"
    path.write_text('[study]\nid = "s"\ndata = "*.parquet"\ncluster = "city"\n[[equation]]\nid = "e"\n'
                    'outcome = "y"\ntreatment = "d"\ncontrols = ["x"]\nestimator = "ols"\n')  # fmt: skip
    assert main(["estimate", str(path), "--out-of-core", "--out", str(out)]) == 0
    assert pd.read_csv(out).loc[0, "n_obs"] == 1999
    assert "out of core" in capsys.readouterr().out
