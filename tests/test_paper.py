"""`paper`: the tables of a paper from one study file, on a small simulated survey."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.cli import main
from analysis.exhibits.regression_table import Coefficient, Model, regression_table

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
        assert "*" not in text.replace("β*", "") and "p=" not in text and "p值 |" not in text


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


def test_a_cell_under_ten_persons_is_not_shown(tmp_path):
    frame = survey(False)
    frame["rare"] = (np.arange(len(frame)) < 9) * 1.0
    frame.to_parquet(tmp_path / "survey.parquet")
    text = STUDY.replace("MORE", "").replace("CITED", "").replace('"female"]', '"rare"]', 1)
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    assert main(["paper", str(tmp_path / "study.toml"), "--out", str(tmp_path / "out")]) == 0
    rows = pd.read_csv(tmp_path / "out" / "plotted" / "table2_description.csv")
    rows = rows.set_index("variable")
    assert rows.loc["rare", ["n", "mean", "difference"]].isna().all()
    assert rows.loc["age", "n"] == len(frame)


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ('matchings = ["age"]', "matching"),
        ('instruments = ["zz"]', "zz"),
        ("quantiles = [1.5]", "quantiles"),
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


def test_a_regression_table_has_errors_beneath_and_stars_by_habit():
    model = Model(("y",), {"x": Coefficient(0.5, 0.2, 0.02)}, {"N": "10"})
    for stars, cell in (("off", "0.500"), ("econ", "0.500**"), ("soc", "0.500*")):
        headings, rows = regression_table([model], {"x": "X"}, ["Outcome"], stars)
        assert headings == ["", "(1)"]
        assert rows == [["Outcome", "y"], ["X", cell], ["", "(0.200)"], ["N", "10"]]
