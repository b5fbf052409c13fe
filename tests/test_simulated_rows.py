"""Simulated rows under a study: never a cited name over them, never a p value."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.cli import main
from analysis.effects.propositions import __main__ as verb
from analysis.effects.propositions.plan import read_plan
from analysis.effects.propositions.tested import decided_propositions
from analysis.effects.propositions.worlds import WORLDS, simulated_workers
from analysis.messages import UserError
from analysis.paths import ROOT

STUDY = """
[study]
id = "s"
data = "data.csv"
CITED
[[equation]]
id = "e"
outcome = "y"
treatment = "x"
estimator = "ols"
"""
PLAN = """
[study]
id = "p"
data = "mine.csv"
[propositions]
treatment = "union_member"
controls = ["education_years"]
classifications = "sun_he_2012"
draws = 20
[propositions.outcomes]
ln_wage = "log(wage_month_yuan)"
social_insurance = "insured"
"""


def estimate(folder, simulated, cited=""):
    frame = pd.DataFrame({"y": [1.0, 2.5, 2.0, 4.0, 3.5], "x": [0, 1, 0, 1, 1]})
    if simulated is not None:
        frame["simulated"] = simulated
    frame.to_csv(folder / "data.csv", index=False)
    (folder / "s.toml").write_text(STUDY.replace("CITED", cited), encoding="utf-8")
    out = folder / "out.csv"
    return main(["estimate", str(folder / "s.toml"), "--out", str(out), "--lang", "en"]), out


def test_simulated_rows_have_no_p_value_and_say_what_they_are(tmp_path, capsys):
    code, out = estimate(tmp_path, True)
    rows = pd.read_csv(out)
    assert code == 0 and rows["p_value"].isna().all() and rows["estimate"].notna().all()
    assert rows["note"].str.startswith("simulated data").all()
    assert "simulated data" in capsys.readouterr().out


@pytest.mark.parametrize("mark", [False, None])
def test_other_rows_keep_theirs(tmp_path, mark):
    code, out = estimate(tmp_path, mark, 'citation = "Somebody 2014"')
    assert code == 0 and pd.read_csv(out)["p_value"].notna().all()


def test_one_simulated_row_and_a_citation_are_refused(tmp_path, capsys):
    code, out = estimate(tmp_path, [False, False, True, False, False], 'citation = "Somebody 2014"')
    assert code == 2 and not out.exists()
    assert "Somebody 2014" in capsys.readouterr().err


@pytest.mark.parametrize("marked", [True, False])
def test_propositions_on_marked_rows_print_no_p_value(tmp_path, marked):
    frame = simulated_workers(WORLDS["both"], 800, np.random.default_rng(1))
    frame.assign(simulated=marked).to_csv(tmp_path / "mine.csv", index=False)
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    out = tmp_path / "out.csv"
    assert verb.main([str(tmp_path / "plan.toml"), "--out", str(out)]) == 0
    rows = pd.read_csv(out)
    assert rows["p_value"].isna().all() == marked and rows["estimate"].notna().any()


def test_propositions_refuse_it_too():
    plan = read_plan(ROOT / "analysis" / "effects" / "propositions" / "template.toml")
    frame = pd.DataFrame({"simulated": [True]})
    with pytest.raises(UserError, match=r"Somebody 2014"):
        decided_propositions(replace(plan, citation="Somebody 2014"), frame)
