"""`paper`: the tables of a paper from one study file, on a small simulated survey."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.cli import main
from analysis.effects.paper import STEPS, making, read_plan, start
from analysis.effects.paper.columns import stat
from analysis.effects.study import read_study
from analysis.exhibits.paper import Facts
from analysis.exhibits.paper.regressions import regression_cells
from analysis.loading import load
from analysis.messages import Text

STUDY = """
[study]
id = "small"
title_en = "Membership and wages"
title_zh = "会员与工资"
data = "survey.parquet"
CITED
[derive]
ln_wage = "log(wage)"
[paper]
outcomes = ["ln_wage", "hours"]
treatment = "member"
contrast = "member_vs_uncovered"
blocks = [["age", "female"], ["C(wave)"]]
groups = ["female"]
mediators = ["contract"]
placebo_draws = 50
stars = "soc"
MORE
[paper.variables]
ln_wage = { en = "log wage", zh = "工资对数" }
wave = { en = "wave", zh = "调查年份", levels = { 2010 = { en = "2010", zh = "2010年" } } }
"""
NONE = Text("", "")
FACTS = Facts(NONE, "survey", {}, NONE, None, "", "", "off")
TEACHING = """
[study]
id = "panel"
title_en = "Union membership and wages"
data = "wage_panel"
entity = "nr"
time = "year"
cluster = "nr"
[paper]
outcomes = ["lwage", "hours"]
treatment = "union"
blocks = [["expersq", "married"], ["C(year)"]]
ABSORB
groups = ["black"]
placebo_draws = 50
"""


def survey(simulated: bool, n: int = 1500) -> pd.DataFrame:
    draw = np.random.default_rng(3)
    place = draw.integers(0, 60, n)
    age, female, z = draw.uniform(20, 60, n), draw.integers(0, 2, n), draw.normal(size=n)
    member = (z + 0.02 * (age - 40) + draw.normal(size=n) > 0.5) * 1.0
    contract = (member + draw.normal(size=n) > 0.5) * 1.0
    wage = np.exp(7.0 + 0.3 * member + 0.01 * age + draw.normal(size=n) * 0.3)
    return pd.DataFrame(
        {"person_id": np.arange(n).astype(str), "psu": place.astype(str), "wage": wage,
         "hours": 45 + draw.normal(size=n), "member": member, "age": age,
         "female": female * 1.0, "contract": contract, "wave": draw.choice([2010, 2012], n),
         "z": z, "weight": draw.uniform(0.5, 1.5, n), "simulated": simulated}
    )  # fmt: skip


def paper(
    folder: Path, simulated: bool = True, more: str = "", cited: str = ""
) -> tuple[int, Path]:
    survey(simulated).to_parquet(folder / "survey.parquet")
    text = STUDY.replace("MORE", more).replace("CITED", cited)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    out = folder / "out"
    return main(["paper", str(folder / "study.toml"), "--out", str(out), "--lang", "en"]), out


@pytest.fixture(scope="module")
def simulated_paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    code, out = paper(tmp_path_factory.mktemp("simulated"), more='instruments = ["z"]')
    assert code == 0
    return out


@pytest.fixture(scope="module")
def real_paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    code, out = paper(tmp_path_factory.mktemp("real"), simulated=False)
    assert code == 0
    return out


def test_eight_tables_and_three_figures_in_both_languages(simulated_paper):
    for language in ("en", "zh"):
        for kind in ("csv", "md", "tex", "html"):
            assert len(list(simulated_paper.glob(f"table*_{language}.{kind}"))) == 8
        for kind in ("png", "svg"):
            assert len(list(simulated_paper.glob(f"figure*_{language}.{kind}"))) == 3
    assert len(list((simulated_paper / "plotted").glob("*.csv"))) == 11


def test_simulated_tables_say_so_and_have_neither_stars_nor_p(simulated_paper):
    for path in simulated_paper.glob("table*_zh.md"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# 模拟数据：")
        assert "*" not in text.replace("β\\*", "") and "p=" not in text and "p值 |" not in text


def test_no_plotted_row_of_simulated_data_has_a_p_value(simulated_paper):
    for path in (simulated_paper / "plotted").glob("*.csv"):
        rows = pd.read_csv(path)
        assert "p_value" not in rows and rows["simulated"].all()


def test_the_baseline_recovers_the_effect_put_in(simulated_paper):
    rows = pd.read_csv(simulated_paper / "plotted" / "table3_baseline.csv")
    main_effect = rows[(rows["column"] == 3) & (rows["key"] == "member")].iloc[0]
    assert abs(main_effect["estimate"] - 0.3) < 4 * main_effect["std_error"]
    assert set(rows["column"]) == {1, 2, 3, 4}


def test_errors_cluster_by_the_sampling_unit(simulated_paper):
    rows = pd.read_csv(simulated_paper / "plotted" / "table3_baseline.csv")
    assert set(rows.loc[rows["key"] == "n_clusters", "estimate"]) == {60.0}


def test_the_interaction_is_the_difference_of_the_groups(simulated_paper):
    rows = pd.read_csv(simulated_paper / "plotted" / "table6_heterogeneity.csv")
    by_group = rows[rows["key"] == "member"].set_index("column")["estimate"]
    difference = rows.loc[rows["key"] == "difference", "estimate"].item()
    assert difference == pytest.approx(by_group[2] - by_group[1], rel=1e-8)


def test_weighted_stands_beside_unweighted(simulated_paper):
    rows = pd.read_csv(simulated_paper / "plotted" / "table8_robustness.csv")
    estimates = rows[rows["key"] == "member"].set_index("heading_en")["estimate"]
    assert estimates["weighted"] != estimates["baseline"]


def test_what_cannot_be_made_is_named_with_its_reason(real_paper):
    assert "Table 4. Endogeneity (table4_endogeneity): not made: the study file names no" in (
        real_paper / "contents_en.md"
    ).read_text(encoding="utf-8")
    assert not list(real_paper.glob("table4*"))


def test_a_real_survey_has_stars_where_asked_for(real_paper):
    assert "***" in (real_paper / "table3_baseline_en.md").read_text(encoding="utf-8")


def test_dummies_name_the_level_that_they_leave_out(simulated_paper):
    text = (simulated_paper / "table3_baseline_en.md").read_text(encoding="utf-8")
    assert "wave effects (reference: 2010)" in text
    text = (simulated_paper / "table3_baseline_zh.md").read_text(encoding="utf-8")
    assert "调查年份固定效应（参照组：2010年）" in text


def test_no_p_value_is_printed_as_zero(real_paper):
    printed = pd.read_csv(real_paper / "table2_description_en.csv", dtype=str)["p"].dropna()
    assert "<0.001" in set(printed) and "0.000" not in set(printed)
    rows = pd.DataFrame(
        [about("y") | stat("wild_bootstrap_p", 0.0), about("y") | stat("hansen_j", 9.0, 0.0)]
    )
    cells = dict(regression_cells(rows, FACTS, "en")[1])
    assert cells == {"Hansen J": "9.000 [p<0.001]", "Wild bootstrap p": "<0.001"}


def about(outcome):
    return {"column": 1, "heading_en": outcome, "heading_zh": outcome, "outcome": outcome}


def test_an_outcome_that_is_refused_is_a_column_that_says_why(tmp_path, capsys):
    frame = survey(True).assign(hours=7.0)
    frame.to_parquet(tmp_path / "survey.parquet")
    text = STUDY.replace("MORE", "").replace("CITED", "").replace('"hours"', '"none", "hours"')
    path = tmp_path / "study.toml"
    path.write_text(text.replace("[derive]", '[derive]\nnone = "hours / 0"'), encoding="utf-8")
    work = start(read_study(path), read_plan(path), frame)
    rows = load(f"{STEPS}.table3_baseline").rows(work)
    refused = rows[rows["kind"] == "refused"]
    assert (
        refused["outcome"].tolist() == ["none"]
        and "no row is complete" in refused["text_en"].item()
    )
    assert "term" in set(rows.loc[rows["outcome"] == "ln_wage", "kind"])


@pytest.mark.slow
@pytest.mark.parametrize("absorb", ["", 'absorb = ["nr"]'])
def test_a_teaching_data_set_makes_a_paper_that_is_titled_by_its_country(tmp_path, absorb):
    (tmp_path / "study.toml").write_text(TEACHING.replace("ABSORB", absorb), encoding="utf-8")
    out = tmp_path / "out"
    assert main(["paper", str(tmp_path / "study.toml"), "--out", str(out), "--lang", "en"]) == 0
    text = (out / "table3_baseline_zh.md").read_text(encoding="utf-8")
    assert text.startswith("# 教学数据（美国）：表3")
    assert ("个体固定效应" in text) == bool(absorb)
    rows = pd.read_csv(out / "plotted" / "table3_baseline.csv")
    effect = rows.loc[(rows["key"] == "union") & (rows["outcome"] == "lwage"), "estimate"].iloc[-1]
    # Vella and Verbeek's panel: about 0.18 by least squares, 0.08 within persons
    assert 0.05 < effect < 0.1 if absorb else 0.15 < effect < 0.2


def test_data_given_in_place_of_a_teaching_set_are_no_teaching_data(tmp_path, monkeypatch):
    monkeypatch.setattr(making, "step_names", lambda: ["table1_definitions"])
    survey(False).to_parquet(tmp_path / "survey.parquet")
    text = (
        STUDY.replace("MORE", "").replace("CITED", "").replace('"survey.parquet"', '"wage_panel"')
    )
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    data = ["--data", str(tmp_path / "survey.parquet")]
    assert main(["paper", str(tmp_path / "study.toml"), *data, "--out", str(out)]) == 0
    assert "Teaching" not in (out / "contents_en.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ('matchings = ["age"]', "matching"),
        ('instruments = ["zz"]', "zz"),
        ("quantiles = [1.5]", "quantiles"),
        ("[paper.variables.age]\nlevels = { 1 = 2 }", "levels"),
        ('[[paper.robustness]]\ntitle_en = "x"\nestimator = "olss"', "olss"),
    ],
)
def test_a_bad_study_file_is_refused_whole(tmp_path, capsys, more, word):
    code, out = paper(tmp_path, more=more)
    assert code == 2
    assert word in capsys.readouterr().err
    assert not out.exists()


def test_no_cited_name_over_simulated_numbers(tmp_path, capsys):
    code, out = paper(tmp_path, cited='citation = "Somebody 2014"')
    assert code == 2
    assert "simulated" in capsys.readouterr().err
    assert not out.exists()
