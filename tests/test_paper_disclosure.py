"""`paper` on a real survey: nothing that under ten persons share, in no table and no figure."""

import numpy as np
import pandas as pd
import pytest
from test_paper import STUDY, survey

from analysis.cli import main
from analysis.effects.paper import STEPS, read_plan, start
from analysis.effects.study import read_study
from analysis.loading import load
from analysis.messages import UserError

RARE = 9


def real(rows=1500, **columns):
    return survey(False, rows).assign(**columns)


def made(folder, frame, old="", new="", more=""):
    """Make the paper of a frame in which one text of the study file is another."""
    frame.to_parquet(folder / "survey.parquet")
    text = STUDY.replace("MORE", more).replace("CITED", "")
    assert old in text
    (folder / "study.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    out = folder / "out"
    return main(["paper", str(folder / "study.toml"), "--out", str(out), "--lang", "en"]), out


def plotted(out, name):
    return pd.read_csv(out / "plotted" / f"{name}.csv")


def first(n, of=1500):
    return (np.arange(of) < n) * 1.0


@pytest.fixture(scope="module")
def rare(tmp_path_factory):
    """A paper with a rare control that is a group and a mediator too."""
    frame = real(rare=first(RARE))
    more = 'matching = ["age", "rare"]'
    text = 'groups = ["female"]\nmediators = ["contract"]'
    code, out = made(tmp_path_factory.mktemp("rare"), frame, text,
                     'groups = ["rare", "female"]\nmediators = ["rare"]', more)  # fmt: skip
    assert code == 0
    return out


def test_a_rare_mediator_is_refused_and_the_rest_of_the_table_stands(rare):
    rows = plotted(rare, "table7_mechanism")
    assert rows.groupby("column")["kind"].agg(set)[2] == {"refused"}
    assert "term" in set(rows.loc[rows["column"] == 1, "kind"])
    assert "rare" not in set(rows["key"])
    note = (rare / "table7_mechanism_en.md").read_text(encoding="utf-8")
    assert "(2) was not made: not shown: under 10 persons in a cell." in note


def test_a_rare_group_hides_its_whole_grouping_and_no_other(rare):
    rows = plotted(rare, "table6_heterogeneity")
    assert set(rows.loc[rows["column"] == 1, "kind"]) == {"refused"}
    assert rows.loc[rows["column"] > 1, "heading_en"].unique().tolist() == [
        "female = 0",
        "female = 1",
    ]


def test_a_rare_covariate_keeps_an_empty_row_of_the_balance(rare):
    rows = plotted(rare, "table5_matching").set_index("variable")
    assert rows.loc["rare", ["mean_treated_before", "bias_after"]].isna().all()
    assert rows.loc["age", ["mean_treated_before", "bias_after"]].notna().all()


def test_percentiles_stand_in_place_of_the_ends(rare):
    rows = plotted(rare, "table2_description").set_index("variable")
    assert not {"min", "max"} & set(rows)
    assert 20.0 < rows.loc["age", "p1"] < 22.0 and 58.0 < rows.loc["age", "p99"] < 60.0
    heads = (rare / "table2_description_en.md").read_text(encoding="utf-8")
    assert "1st pct. | 99th pct." in heads and "in place of minimum and maximum" in heads


def test_no_end_of_the_score_is_drawn(rare):
    rows = plotted(rare, "figure1_propensity")
    assert rows[["support_low", "support_high"]].isna().all(axis=None)


def step(frame, name, old="", new="", more="", folder=None):
    """Return the rows of one table or figure, nothing printed."""
    text = STUDY.replace("MORE", more).replace("CITED", "")
    assert old in text
    path = folder / "study.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    work = start(read_study(path), read_plan(path), frame)
    return load(f"{STEPS}.{name}").rows(work)


def test_a_variable_of_few_has_no_moments(tmp_path):
    rows = step(
        real(rare=first(RARE)), "table2_description", '"female"]', '"rare"]', folder=tmp_path
    )
    rows = rows.set_index("variable")
    assert rows.loc["rare", ["n", "mean", "difference"]].isna().all()
    assert rows.loc["age", "n"] == 1500


def test_ends_of_few_persons_are_left_out(tmp_path):
    rows = step(real(600), "table2_description", folder=tmp_path).set_index("variable")
    assert rows.loc["age", ["p1", "p99"]].isna().all()
    assert rows.loc["female", ["p1", "p99"]].tolist() == [0.0, 1.0]
    # the figure's curves would end at them
    with pytest.raises(UserError, match=r"10 persons|10人"):
        step(real(600), "figure1_propensity", folder=tmp_path)


def test_the_score_s_curves_end_at_its_percentiles(tmp_path):
    real_rows = step(real(), "figure1_propensity", folder=tmp_path)["score"]
    whole = step(real().assign(simulated=True), "figure1_propensity", folder=tmp_path)["score"]
    assert whole.min() < real_rows.min() and real_rows.max() < whole.max()


def test_a_rare_control_has_no_coefficient(tmp_path):
    rare = real(rare=first(RARE))
    asked = ("table3_baseline", '"female"]', '"rare"]')
    keys = set(step(rare, *asked, folder=tmp_path)["key"])
    assert "rare" not in keys and "age" in keys
    # simulated data hide nobody
    assert "rare" in set(step(rare.assign(simulated=True), *asked, folder=tmp_path)["key"])


def test_a_rare_answer_of_an_outcome_is_a_refused_column(tmp_path):
    frame = real(hours=first(RARE))
    rows = step(frame, "table3_baseline", folder=tmp_path)
    assert set(rows.loc[rows["outcome"] == "hours", "kind"]) == {"refused"}


def test_a_quantile_with_few_persons_beyond_it_is_left_out(tmp_path):
    rows = step(real(), "figure2_quantiles", more="quantiles = [0.01, 0.5]", folder=tmp_path)
    assert rows["quantile"].tolist() == [0.5]


def test_nine_treated_persons_make_no_paper_however_often_they_were_asked(tmp_path, capsys):
    frame = real()
    asked = frame["member"] == 1.0
    frame.loc[asked, "person_id"] = (np.arange(asked.sum()) % RARE).astype(str)
    code, out = made(tmp_path, frame)
    assert code == 2 and not out.exists()
    assert "under 10 persons" in capsys.readouterr().err
