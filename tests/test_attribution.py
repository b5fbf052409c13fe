"""Attributions: decided by the ledger's rule from what was read, never typed in."""

import pandas as pd
import pytest

from analysis.claims.ledger import CLAIM_COLUMNS
from analysis.claims.sections.section_2_attribution import attribution_table
from analysis.effects.designs.design import all_designs
from analysis.exhibits.tables import study_attributions
from analysis.loading import load
from analysis.messages import Text
from analysis.paths import RAW
from analysis.pipeline.tasks import designs as task
from analysis.sources import check_folder
from analysis.sources.reading import read_table

TABLE = load("analysis.sources.tables.attributions")
NAMES = {"s": Text("S", "甲")}
SIGN = {
    "attribution_id": "s:wage", "study_id": "s", "outcome": "wage", "attributed_sign": "+",
    "attributed_unit": "member", "part_read": "abstract", "where_read": "x", "stated": "sign",
    "stated_sign": "+", "stated_unit": "member", "note_en": "", "note_zh": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def attributions() -> pd.DataFrame:
    return TABLE.tidy(read_table(RAW / "attributions.csv", TABLE.SCHEMA))


@pytest.fixture(scope="module")
def table(attributions) -> pd.DataFrame:
    names = {design.id: design.name for design in all_designs()}
    return attribution_table(attributions, names)


def verdict(**changes) -> str:
    frame = pd.DataFrame([SIGN | changes])
    return attribution_table(frame, NAMES)["verdict"].item()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "reproduced"),
        ({"stated_unit": "firm"}, "reproduced_under_definition"),
        ({"stated_sign": "0"}, "not_reproduced"),
        ({"stated_sign": "-", "stated_unit": "firm"}, "not_reproduced"),
        ({"stated": "silent", "stated_sign": "", "stated_unit": ""}, "not_checkable"),
        ({"stated": "no_direction", "stated_sign": "", "stated_unit": "firm"}, "not_checkable"),
        ({"stated": "not_read", "stated_sign": "", "stated_unit": ""}, "not_checkable"),
        ({"outcome": "unit", "stated": "unit", "stated_sign": ""}, "reproduced"),
        ({"outcome": "unit", "stated": "unit", "stated_unit": "firm"}, "not_reproduced"),
        ({"attributed_sign": "0"}, "not_reproduced"),
        ({"attributed_sign": "0", "stated_sign": "0"}, "reproduced"),
    ],
)
def test_the_rule_decides_from_sign_and_unit(changes, expected):
    assert verdict(**changes) == expected


def test_columns_and_kind_are_the_ledgers_own(table):
    assert list(table.columns) == CLAIM_COLUMNS
    assert set(table["kind"]) == {"attribution"}
    assert not table["claim_id"].duplicated().any()


def test_every_study_that_the_article_cites_is_asked(attributions):
    cited = {design.id for design in all_designs() if design.cited == "article"}
    assert set(attributions["study_id"]) == cited
    six = attributions[attributions["study_id"] != "sun_he_2012"].groupby("study_id")["outcome"]
    wanted = {"unit", "wage", "hours", "benefits", "insurance", "contract"}
    assert all(set(outcomes) == wanted for _, outcomes in six)


def test_what_the_article_alone_says_is_no_evidence_for_it(table):
    sun_he = table[table["claim_id"].str.startswith("sun_he_2012")].set_index("claim_id")
    assert (sun_he.drop("sun_he_2012:unit")["verdict"] == "not_checkable").all()


def test_directions_are_those_of_the_published_effects(attributions):
    effects = pd.read_csv(RAW / "literature" / "effects.csv", dtype=str, keep_default_na=False)
    known = effects.set_index(["study_id", "outcome"])["sign"]
    stated = attributions[attributions["stated"] == "sign"]
    assert len(stated) >= 2
    for row in stated.itertuples():
        assert known[(row.study_id, row.outcome)] == row.stated_sign
    unsigned = attributions[attributions["stated"] == "no_direction"]
    assert {known[(row.study_id, row.outcome)] for row in unsigned.itertuples()} == {""}


def test_firm_studies_do_not_pass_for_studies_of_members(table):
    verdicts = table.set_index("claim_id")["verdict"]
    assert verdicts["yao_zhong_2008:unit"] == "not_reproduced"
    assert verdicts["wei_dong_huang_2013:wage"] == "reproduced_under_definition"


def test_the_raw_file_passes_its_checks():
    # every raw table at once: raises if this one does not
    check_folder(RAW)


def test_the_exhibit_shows_every_row_in_both_languages(table, attributions):
    shown = table.assign(part_read=attributions["part_read"], stated_there=attributions["stated"])
    rows = study_attributions.rows(shown)
    assert len(rows) == len(table)
    assert set(rows["stated_there"]) <= set(study_attributions.STATED)
    assert rows["statement_zh"].str.contains("[\u4e00-\u9fff]").all()


def test_the_task_is_there():
    assert [made.name for made in task.tasks()] == ["designs", "attributions"]
