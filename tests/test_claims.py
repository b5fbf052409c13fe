"""The ledger: its columns, its verdicts against the compiled ones, and what they rest on."""

import re

import pandas as pd
import pytest

from analysis.claims import entries, facts_from, ledger_table
from analysis.paths import ROOT
from analysis.sources import process_raw
from analysis.status import STATUSES, is_provisional, weakest

COLUMNS = (
    "claim_id,section,kind,statement_en,statement_zh,stated,unit,recomputed,definition,verdict,"
    "note,sensitivity,inputs_status,provisional"
)
VERDICTS = {"reproduced", "reproduced_under_definition", "not_reproduced", "not_checkable"}
SCORED = ("reproduced", "reproduced_under_definition", "not_reproduced")
ADJECTIVES = ("x-fiscal-ratio", "x-tax-340-implied", "disp-post-dip", "fee-quota-low-rate")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# which number of expected_value is the recomputed one, where it is not the first
POSITION = {"disp-post-dip": 3}


@pytest.fixture(scope="module")
def ledger(small_once) -> pd.DataFrame:
    return read(small_once.path("reports/results/claims.csv"))


@pytest.fixture(scope="module")
def derivations(small_once) -> pd.DataFrame:
    return read(small_once.path("reports/results/derivations.csv"))


@pytest.fixture(scope="module")
def compiled(shared_facts) -> pd.DataFrame:
    return read(shared_facts / "article_claims.csv")


@pytest.fixture(scope="module")
def tables():
    return process_raw().tables


def read(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def decided(tables, **changes):
    """Return the ledger by claim_id after changing cases accepted of some years (y2008=...)."""
    disputes = tables["national_disputes"].copy()
    for year, value in changes.items():
        here = (disputes["variable"] == "cases_accepted") & (disputes["year"] == int(year[1:]))
        assert here.any()
        disputes.loc[here, "value"] = float(value)
    facts = facts_from(tables["article_claims"], disputes, tables["national_denominators"])
    return ledger_table(entries(facts)).set_index("claim_id")


def numbers(text):
    return [float(found) for found in NUMBER.findall(text)]


def to_compare(compiled):
    keys = ("fee-312", "share-60", "share-40", "share-25", "task-vs-tax")
    exact = {*(f"x-{key}" for key in keys), "full-collection", "fee-34", "j-leak-100"}
    mine = compiled["id"].isin(exact) | compiled["id"].str.match("disp-|split-")
    return compiled[mine & (compiled["expected_value"] != "")].set_index("id")["expected_value"]


def test_columns_are_the_contracts(ledger):
    assert ",".join(ledger.columns) == COLUMNS


def test_every_compiled_statement_has_its_row_in_order(ledger, compiled, tables):
    assert list(ledger["claim_id"]) == list(compiled["id"])
    assert list(ledger["kind"]) == list(compiled["kind"])
    assert list(ledger["section"]) == list(tables["article_claims"]["section"].astype(str))


def test_derived_numbers_get_no_verdict_and_all_else_one_of_four(ledger):
    derived = ledger["kind"] == "derived"
    assert derived.any()
    assert set(ledger.loc[derived, "verdict"]) == {""}
    assert set(ledger.loc[~derived, "verdict"]) == VERDICTS


def test_a_verdict_that_differs_from_the_compiled_one_is_explained(ledger, compiled):
    joined = ledger.merge(compiled[["id", "expected_verdict"]], left_on="claim_id", right_on="id")
    differs = joined["verdict"] != joined["expected_verdict"]
    unexplained = joined[differs & (joined["kind"] != "derived") & (joined["note"] == "")]
    assert unexplained["claim_id"].tolist() == []


def test_recomputed_numbers_agree_with_the_compiled_ones(ledger, compiled):
    recomputed = ledger.set_index("claim_id")["recomputed"]
    expected = to_compare(compiled)
    assert len(expected) >= 18
    for claim_id, text in expected.items():
        if text.startswith("4/7 years"):
            assert numbers(recomputed[claim_id]) == [4.0, 7.0]
            continue
        printed = NUMBER.findall(text)[POSITION.get(claim_id, 0)]
        # half a unit of the last digit that is printed
        tolerance = 0.5 * 10.0 ** -len(printed.partition(".")[2]) + 1e-9
        assert numbers(recomputed[claim_id])[0] == pytest.approx(float(printed), abs=tolerance), (
            claim_id
        )


def test_the_total_closes_only_with_an_unstated_20(ledger):
    rows = ledger.set_index("claim_id")
    assert numbers(rows.loc["x-other-20", "recomputed"]) == [20.0]
    total = rows.loc["x-total-420"]
    assert numbers(total["recomputed"]) == [420.0]
    assert total["verdict"] == "reproduced_under_definition"
    assert 20.0 in numbers(total["note"])
    assert "named_channels 390 to 410" in total["sensitivity"]


def test_scope_decides_whether_the_target_was_a_cap(ledger, derivations):
    row = ledger.set_index("claim_id").loc["x-task-vs-tax"]
    assert row["definition"].startswith("tax_office_only")
    steps = derivations[derivations["claim_id"] == "x-task-vs-tax"]
    tried = steps.loc[steps["role"] == "definition", "value"]
    assert [round(numbers(text)[0], 1) for text in tried] == [113.5, 108.1, 91.9]


def test_the_average_holds_for_one_printed_value_of_1996_only(ledger):
    row = ledger.set_index("claim_id").loc["disp-avg-growth"]
    assert (row["verdict"], row["definition"]) == ("reproduced_under_definition", "arithmetic_mean")
    assert "with 47951 for cases_accepted 1996: not_reproduced" in row["sensitivity"]
    assert row["provisional"] == "true"


def test_status_is_the_weakest_of_the_inputs(ledger, derivations):
    inputs = derivations[derivations["role"] == "input"].groupby("claim_id")["status"]
    behind = {claim_id: weakest(statuses) for claim_id, statuses in inputs}
    assert len(behind) > 40
    assert [behind.get(claim_id, "") for claim_id in ledger["claim_id"]] == list(
        ledger["inputs_status"]
    )


def test_inputs_carry_the_status_of_the_published_figure(tables, derivations):
    figures = tables["national_disputes"]
    accepted = figures[(figures["variable"] == "cases_accepted") & figures["in_use"]]
    mine = derivations[
        (derivations["claim_id"] == "disp-avg-growth") & (derivations["role"] == "input")
    ]
    window = accepted[accepted["year"].between(1996, 2007)].sort_values("year")
    assert list(mine["status"]) == list(window["status"])
    assert list(mine["value"].astype(float)) == list(window["value"])


def test_provisional_is_below_corroborated(ledger):
    below = set(STATUSES[STATUSES.index("corroborated") + 1 :])
    assert set(ledger["provisional"]) == {"true", "false"}
    assert [text == "true" for text in ledger["provisional"]] == [
        s in below for s in ledger["inputs_status"]
    ]
    assert not is_provisional("")


@pytest.mark.parametrize("claim_id", ADJECTIVES)
def test_an_adjective_gets_numbers_and_no_verdict(ledger, claim_id):
    row = ledger.set_index("claim_id").loc[claim_id]
    assert row["verdict"] == "not_checkable"
    assert numbers(row["recomputed"])


def test_what_cannot_be_checked_says_what_it_would_take(ledger, tables):
    rows = ledger[ledger["verdict"] == "not_checkable"].set_index("claim_id")
    needs = tables["article_claims"].set_index("claim_id")["needs_en"].fillna("")
    assert (rows["note"] != "").all()
    assert [key for key in rows.index if needs[key] not in rows.loc[key, "note"]] == []


def test_nothing_in_the_package_reads_the_expected_answers():
    forbidden = re.compile(r"expected_(?:value|verdict)|reference_value|shared/facts|tests/data")
    texts = [p for p in (ROOT / "analysis").rglob("*") if p.suffix in (".py", ".toml", ".csv")]
    assert len(texts) > 80
    assert [p.name for p in texts if forbidden.search(p.read_text(encoding="utf-8"))] == []
    raw = [
        p.name
        for p in (ROOT / "data" / "raw").glob("*.csv")
        if forbidden.search(p.read_text(encoding="utf-8"))
    ]
    assert raw == []


def test_no_verdict_is_typed_in():
    sections = list((ROOT / "analysis" / "claims" / "sections").glob("*.py"))
    assert len(sections) > 4
    typed = re.compile("|".join(sorted(VERDICTS)))
    assert [p.name for p in sections if typed.search(p.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_summary_counts_only_what_could_have_failed(small_once, ledger, language):
    row = read(small_once.path("reports/results/ledger_summary.csv")).iloc[0]
    found = [int(n) for n in re.findall(r"\d+", row[f"text_{language}"])]
    counted = ledger[ledger["verdict"].isin(SCORED)]
    expected = [(ledger["kind"] != "derived").sum(), len(counted)]
    for provisional in ("false", "true"):
        mine = counted[counted["provisional"] == provisional]
        expected += [len(mine), *((mine["verdict"] == verdict).sum() for verdict in SCORED)]
    assert found == expected
    assert found[1] == found[2] + found[6]
    assert found[2] == sum(found[3:6]) and found[6] == sum(found[7:10])


def test_every_statement_has_its_steps_in_both_languages(ledger, derivations):
    assert list(dict.fromkeys(derivations["claim_id"])) == list(ledger["claim_id"])
    assert (derivations[["text_en", "text_zh"]] != "").all(axis=None)
    assert derivations["text_zh"].str.contains(CHINESE).all()
    for claim_id, mine in derivations.groupby("claim_id"):
        assert list(mine["step"].astype(int)) == list(range(1, len(mine) + 1)), claim_id
        roles = list(mine["role"])
        assert roles[0] == "statement" and roles.count("verdict") == 1
    steps = derivations[derivations["role"] == "verdict"].set_index("claim_id")["value"]
    assert list(steps[ledger["claim_id"]]) == list(ledger["verdict"])


@pytest.mark.parametrize(
    ("changes", "claim_id", "verdict"),
    [
        ({"y2008": 600000}, "disp-2008-level", "not_reproduced"),
        ({"y2008": 600000}, "disp-2008-growth", "not_reproduced"),
        ({"y1996": 48106}, "disp-avg-growth", "not_reproduced"),
        ({"y1996": 47000}, "disp-1996-level", "not_reproduced"),
        ({"y2011": 595000}, "disp-post-band", "reproduced_under_definition"),
        ({"y2011": 600000, "y2014": 699999, "y2015": 699999}, "disp-post-band", "reproduced"),
    ],
)
def test_an_input_that_changes_changes_the_verdict(tables, ledger, changes, claim_id, verdict):
    assert ledger.set_index("claim_id").loc[claim_id, "verdict"] != verdict
    assert decided(tables, **changes).loc[claim_id, "verdict"] == verdict


def test_what_does_not_rest_on_the_series_stays_when_it_changes(tables, ledger):
    changed = decided(tables, y2008=600000)["verdict"]
    published = ledger.set_index("claim_id")["verdict"]
    moved = [key for key in published.index if changed[key] != published[key]]
    assert moved == ["disp-2008-level", "disp-2008-growth"]
