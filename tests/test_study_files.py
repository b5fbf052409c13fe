"""Study files on a user's own data: read, explained, fitted from any folder, refused by name."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.cli import main
from analysis.effects.estimates import COLUMNS
from analysis.effects.fitting import estimates, estimator_names
from analysis.effects.study import read_study
from analysis.messages import UserError

ROOT = Path(__file__).parents[1]
CONTRACT = [
    "study",
    "equation",
    "sample",
    "data_kind",
    "outcome",
    "term",
    "estimator",
    "estimate",
    "std_error",
    "statistic",
    "p_value",
    "ci_low",
    "ci_high",
    "n_obs",
    "n_clusters",
    "vcov",
    "r2",
    "extras",
    "quantity",
    "unit",
    "outcome_mean",
    "outcome_sd",
    "weights",
    "fixed_effects",
    "n_treated",
    "n_dropped",
    "cov_df",
    "contrast",
    "block",
    "column",
    "component",
    "note",
]
STUDY = """
[study]
id = "firms"
data = "firms.csv"
cluster = "city"

[derive]
log_wage = "log(wage)"

[[equation]]
id = "main"
outcome = "log_wage"
treatment = "union"
contrast = "firm_union"
controls = ["size", "C(industry)"]
estimator = "ols"
vcov = "cluster"
where = "size > 0"
"""


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(7)
    n = 400
    frame = pd.DataFrame(
        {
            "union": rng.integers(0, 2, n),
            "size": rng.normal(3, 1, n).round(3),
            "industry": rng.choice(["制造", "建筑", "服务"], n),
            "city": rng.integers(0, 30, n),
        }
    )
    noise = rng.normal(0, 0.3, n)
    frame["wage"] = np.exp(7 + 0.1 * frame["union"] + 0.05 * frame["size"] + noise).round(2)
    frame.loc[:4, "wage"] = np.nan
    frame.to_csv(tmp_path / "firms.csv", index=False)
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def estimate(folder, *arguments):
    """Run the verb in a process of its own, from the user's folder."""
    return subprocess.run(
        [sys.executable, "-m", "analysis", "estimate", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "JIELI_LANG": "en", "PYTHONUTF8": "1"},
    )


@pytest.fixture
def here(folder, monkeypatch, capsys):
    """Run the verb in this process, from the user's folder; return code, output, errors."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("JIELI_LANG", "en")

    def run(*arguments):
        code = main(["estimate", *arguments])
        return code, *capsys.readouterr()

    return run


def edited(folder, old, new):
    path = folder / "study.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_rows_are_those_of_the_contract(folder):
    assert COLUMNS == CONTRACT
    outcome = estimate(folder, "study.toml", "--out", "rows.csv")
    assert outcome.returncode == 0, outcome.stderr
    rows = pd.read_csv(folder / "rows.csv")
    assert list(rows.columns) == CONTRACT
    union = rows.set_index("term").loc["union"]
    assert union["n_clusters"] == 30
    assert union["contrast"] == "firm_union"
    assert "contrast firm_union" in union["note"]
    assert (
        union["n_dropped"] + union["n_obs"] == (pd.read_csv(folder / "firms.csv")["size"] > 0).sum()
    )


def test_it_agrees_with_statsmodels_on_the_same_rows(folder):
    import statsmodels.formula.api as smf

    frame = pd.read_csv(folder / "firms.csv").query("size > 0").dropna()
    reference = smf.ols("np.log(wage) ~ union + size + C(industry)", frame).fit(
        cov_type="cluster", cov_kwds={"groups": frame["city"]}, use_t=True
    )
    study = read_study(folder / "study.toml")
    rows = estimates(study, pd.read_csv(folder / "firms.csv")).set_index("term")
    assert rows.loc["union", "estimate"] == pytest.approx(reference.params["union"], rel=1e-9)
    assert rows.loc["union", "std_error"] == pytest.approx(reference.bse["union"], rel=1e-8)
    assert rows.loc["union", "p_value"] == pytest.approx(reference.pvalues["union"], rel=1e-6)


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".dta", ".sav", ".xlsx"])
def test_every_kind_of_file_gives_the_same_estimates(folder, here, suffix):
    import pyreadstat

    frame = pd.read_csv(folder / "firms.csv")
    frame["industry"] = frame["industry"].map({"制造": 1, "建筑": 2, "服务": 3})
    path = folder / f"again{suffix}"
    writers = {
        ".csv": lambda: frame.to_csv(path, index=False, encoding="gb18030"),
        ".parquet": lambda: frame.to_parquet(path),
        ".dta": lambda: frame.to_stata(path, write_index=False),
        ".sav": lambda: pyreadstat.write_sav(frame, str(path)),
        ".xlsx": lambda: frame.to_excel(path, index=False),
    }
    writers[suffix]()
    code, _, errors = here("study.toml", "--data", path.name, "--out", "rows.csv")
    assert code == 0, errors
    rows = pd.read_csv(folder / "rows.csv").set_index("term")
    expected = estimates(read_study(folder / "study.toml"), pd.read_csv(folder / "firms.csv"))
    assert rows.loc["union", "estimate"] == pytest.approx(
        expected.set_index("term").loc["union", "estimate"], abs=2e-6
    )


def test_the_plan_is_printed_and_nothing_fitted(folder, here):
    code, output, _ = here("study.toml", "--explain", "--out", "rows.csv")
    assert code == 0
    for text in (
        "400  rows in the file",
        "where size > 0",
        "complete",
        "C(industry)=",
        "city (30)",
    ):
        assert text in output
    assert not (folder / "rows.csv").exists()


def test_a_contrast_that_is_not_stated_is_said_so(folder, here):
    edited(folder, 'contrast = "firm_union"\n', "")
    assert "contrast not stated" in here("study.toml")[1]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("treatment =", "treatmint =", "did you mean treatment"),
        ('estimator = "ols"', 'estimator = "olss"', "did you mean ols"),
        ('"union"', '"unoin"', "did you mean union"),
        ('vcov = "cluster"', 'vcov = "clusters"', "did you mean cluster"),
        ('contrast = "firm_union"', 'contrast = "firm"', "did you mean firm_union"),
        ('where = "size > 0"', "where = '__import__(\"os\")'", "no function __import__"),
        ('where = "size > 0"', 'where = "size.__class__ > 0"', "Attribute is not permitted"),
        ('where = "size > 0"', 'where = "size > 99"', "no row is left where"),
        ('"size", ', '"industry", ', "holds text"),
        ('id = "firms"', "", "needs id"),
        ('data = "firms.csv"', 'data = "nowhere.csv"', "does not exist"),
        ('data = "firms.csv"', 'data = "nowhere"', "no data set nowhere"),
        ('cluster = "city"', 'cluster = "one"', "one cluster"),
        ('estimator = "ols"', 'estimator = "ols"\nabsorb = ["city"]', "does not use absorb"),
        ('estimator = "ols"', 'estimator = "ols"\nweights = "size"', "does not use weights"),
        ("[study]", "[study", "not valid TOML"),
        ("[derive]", "[[derive]]", "needs [derive]"),
    ],
)
def test_a_mistake_is_one_sentence_and_nothing_is_written(folder, here, old, new, says):
    edited(folder, old, new)
    if 'cluster = "one"' in new:
        frame = pd.read_csv(folder / "firms.csv").assign(one=1)
        frame.to_csv(folder / "firms.csv", index=False)
    code, _, errors = here("study.toml", "--out", "rows.csv")
    assert code == 2
    assert says in errors
    assert len(errors.strip().splitlines()) == 1, errors
    assert not (folder / "rows.csv").exists()


def test_a_treatment_that_never_varies_is_refused(folder):
    frame = pd.read_csv(folder / "firms.csv").assign(union=1)
    with pytest.raises(UserError, match="never varies"):
        estimates(read_study(folder / "study.toml"), frame)


def test_every_estimator_says_what_it_fits_needs_and_reports():
    from analysis.effects.fitting import estimator

    assert {"ols", "wls"} <= set(estimator_names())
    for name in estimator_names():
        about = estimator(name).ABOUT
        assert all(about), name


def test_an_estimator_is_one_new_file(fresh):
    source = fresh.path("analysis/effects/estimators/ols.py")
    source.with_name("a_new_estimator.py").write_bytes(source.read_bytes())
    outcome = fresh.run("estimators")
    assert outcome.returncode == 0
    assert "a_new_estimator: " in outcome.stdout
