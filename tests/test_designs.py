"""Design files: what they may say, what their sheets and table say, equations that run."""

import re

import numpy as np
import pandas as pd
import pytest

from analysis.effects.designs import design as designs
from analysis.effects.designs.design import READY, all_designs, read_design
from analysis.effects.designs.needs import needed
from analysis.effects.designs.sheet import sheet
from analysis.effects.designs.table import COLUMNS, facts_table
from analysis.effects.fitting import estimates
from analysis.effects.study import read_study
from analysis.exhibits.tables import study_designs
from analysis.messages import UserError
from analysis.paths import RAW
from analysis.pipeline.tasks import designs as task

GOOD = """
[design]
id = "s"
name_en = "S"
name_zh = "甲"
cited = "beside"
[unit]
en = "worker"
zh = "职工"
confidence = "read"
address = "somewhere"
"""
CITED = ["li_xu_2014", "liu_aiyu_et_al_2014", "liu_et_al_2013", "sun_he_2012",
         "wei_dong_huang_2013", "yao_et_al_2009", "yao_zhong_2008"]  # fmt: skip


@pytest.fixture(scope="module")
def found():
    return {design.id: design for design in all_designs()}


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("JIELI_LANG", "en")


def written(tmp_path, text):
    path = tmp_path / "s.toml"
    path.write_text(text, encoding="utf-8")
    return path


def cfps_like(n=1500, seed=20170101):
    """A frame in the harmonised columns that the equations use; no survey, made-up numbers."""
    random = np.random.default_rng(seed)
    waves = np.tile([2010, 2014, 2016, 2018], n)
    person = np.repeat(np.arange(n), 4)
    member = random.binomial(1, 0.3, 4 * n).astype(float)
    wage = np.exp(7.5 + 0.1 * member + random.normal(0.0, 0.4, 4 * n))
    wage[random.random(4 * n) < 0.03] = np.nan
    wage[:5] = 0.0
    kinds = np.array(["private", "state_enterprise", "foreign"])
    return pd.DataFrame(
        {
            "wave": waves,
            "person_id": person.astype(str),
            "psu": (person % 60).astype(str),
            "province": np.array(["110000", "310000", "440000"])[person % 3],
            "urban": 1.0,
            "employee": random.binomial(1, 0.9, 4 * n).astype(float),
            "union_member": member,
            "union_question": np.where(waves < 2016, "multi_response", "direct"),
            "wage_month_yuan": wage,
            "age": 25.0 + person % 30 + waves - 2010,
            "female": (person % 2).astype(float),
            "education_years": 9.0 + person % 7,
            "rural_hukou": random.binomial(1, 0.4, 4 * n).astype(float),
            "married": random.binomial(1, 0.7, 4 * n).astype(float),
            "party_member": random.binomial(1, 0.1, 4 * n).astype(float),
            "ownership": kinds[random.integers(0, 3, 4 * n)],
        }
    )


# --- the files --------------------------------------------------------------------------------


def test_every_study_of_the_articles_review_has_a_design(found):
    assert [d.id for d in found.values() if d.cited == "article"] == CITED


def test_every_published_effect_is_of_a_study_with_a_design(found):
    effects = pd.read_csv(RAW / "literature" / "effects.csv", dtype=str)
    assert set(effects["study_id"]) - set(found) == set()


def test_a_study_that_was_not_identified_keeps_its_row_and_guesses_nothing(found):
    unknown = found["liu_aiyu_et_al_2014"]
    assert not unknown.identified
    assert set(unknown.facts) == {"reference", "headline"}
    assert "could not be identified" in sheet(unknown, "en")
    assert "未能识别" in sheet(unknown, "zh")


def test_nothing_is_read_without_an_address(found):
    facts = [fact for d in found.values() for group in d.facts.values() for fact in group]
    assert len(facts) > 200
    assert [f.text.en for f in facts if f.confidence == "read" and not f.address] == []
    assert [f.text.en for f in facts if f.uncertain and f.confidence != "unverified"] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("cited =", "city ="), "cited"),
        (('"beside"', '"nearby"'), "nearby; did you mean"),
        (('id = "s"', 'id = "t"'), 'id = "s"'),
        (('address = "somewhere"', ""), "unit: address"),
        (('confidence = "read"', 'confidence = "reed"'), "read"),
        (('zh = "职工"', ""), "zh"),
        (("[unit]", "[unti]"), "unit"),
        (("[unit]", "[[unit]]"), "[unit]"),
        (("[unit]", "[[estimators]]\npackage = ['olss']"), "ols"),
        (("[unit]", "[unit]\npackage = ['ols']"), "[[estimators]]"),
        (("[design]", "[design"), "s.toml"),
        (('cited = "beside"', 'cited = "beside"\nsurvey = "cfp"'), "cfps"),
    ],
)
def test_a_bad_design_is_refused_with_what_is_wrong(tmp_path, change, words):
    assert change[0] in GOOD
    with pytest.raises(UserError, match=re.escape(words)):
        read_design(written(tmp_path, GOOD.replace(*change)))


# --- sheets and table -------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_sheet_says_every_fact_what_is_missing_and_leaves_the_table_empty(found, language):
    for design in found.values():
        text = sheet(design, language)
        for facts in design.facts.values():
            assert all(f.text.in_language(language) in text for f in facts)
        assert all(need.in_language(language) in text for need in needed(design))
        shell = text.split("## ")[-1]
        assert not re.search(r"\|\s*-?\d", shell)
        outcomes = len(design.facts.get("outcomes", ()))
        assert shell.count("\n|---") == (1 if outcomes else 0)
        assert len(design.missing()) == text.split("## ")[2].count("\n- ")


def test_a_cell_cannot_break_its_table(tmp_path):
    text = GOOD.replace('en = "worker"', 'en = "a | b <script>"')
    page = sheet(read_design(written(tmp_path, text)), "en")
    assert "a \\| b &lt;script>" in page


def test_the_table_has_a_row_a_fact_and_a_row_for_what_is_missing(found):
    table = facts_table(list(found.values()))
    assert list(table.columns) == COLUMNS
    for study, rows in table.groupby("study"):
        assert list(dict.fromkeys(rows["field"])) == list(designs.FIELDS)
        missing = rows.loc[rows["position"] == 0, "field"].tolist()
        assert missing == found[study].missing()
    assert not table.duplicated(["study", "field", "position"]).any()


def test_the_overview_marks_what_is_not_verified(found):
    rows = study_designs.rows(facts_table(list(found.values()))).set_index("study_en")
    assert rows.loc["Booth et al. 2022", "estimators_en"].endswith("?")
    assert rows.loc["Wang and Lien 2018", "estimators_en"].endswith("decomposition")
    assert rows.loc["Liu Aiyu et al. 2014", "data_en"] == ""
    assert len(rows) == len(found)


def test_the_task_makes_what_it_promises():
    made = task.tasks()[0]
    contents = made.run(made.inputs, made.arguments)
    assert set(contents) == set(made.products)


# --- ready equations --------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(READY.glob("*.toml")), ids=lambda path: path.stem)
def test_ready_equations_run_on_a_frame_in_the_surveys_columns(found, path):
    study = read_study(path)
    assert study.id == path.stem
    assert found[study.id].survey == study.data
    assert "equations of this package" in study.citation
    rows = estimates(study, cfps_like())
    assert set(rows["equation"]) == {equation.id for equation in study.equations}
    main = rows[(rows["term"] == "union_member") & (rows["estimator"] == "ols")]
    assert main["estimate"].between(0.03, 0.17).all()
    assert (main["n_clusters"] > 10).all()


def test_every_established_study_on_a_survey_that_the_package_reads_has_equations(found):
    on_survey = {d.id for d in found.values() if d.survey}
    assert on_survey == {path.stem for path in READY.glob("*.toml")}
