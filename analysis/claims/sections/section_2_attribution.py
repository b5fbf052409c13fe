"""Section 2: what the review attributes to quantitative studies, against what was read of them.

Attributions are a kind of their own, beside the numbered statements of the article: each asks
whether the cited abstract states that outcome, that direction, for that unit. The ledger's rule
decides. Without a direction in the part that was read nothing is decided.
"""

from collections.abc import Mapping
from functools import partial

import pandas as pd

from analysis.claims.decide import NO_TEXT, Check, Definition, Values, decide
from analysis.claims.inputs import Input, Range, Statement
from analysis.claims.ledger import NOTHING, Entry, ledger_table
from analysis.messages import Text

KIND = "attribution"
SIGN = {"+": 1.0, "0": 0.0, "-": -1.0}
UNIT = {"firm": 0.0, "member": 1.0, "worker": 2.0}
# read in a copy of the abstract or a catalogue, not in the paper
STATUS = "verified_secondary"
HOLDS = Range(1.0, 1.0)
UNITS = {
    "firm": Text("firms", "企业"),
    "member": Text("union members", "工会会员"),
    "worker": Text("workers", "职工"),
}
OUTCOMES = {
    "wage": Text("wages", "工资"),
    "hours": Text("working hours", "工时"),
    "benefits": Text("benefits", "福利"),
    "insurance": Text("insurance coverage", "社会保险参保"),
    "contract": Text("contract signing", "合同签订"),
    "minimum_wage": Text("minimum-wage compliance", "最低工资达标"),
    "violations": Text("violations of rights", "权益受侵害"),
}
DIRECTIONS = {
    "+": Text("unions raise {outcome} of {unit}", "工会提高{unit}的{outcome}"),
    "-": Text("unions lower {outcome} of {unit}", "工会减少{unit}的{outcome}"),
    "0": Text("unions do not change {outcome} of {unit}", "工会不影响{unit}的{outcome}"),
}
ABOUT_UNIT = Text("is about {unit}", "以{unit}为研究对象")
NEEDS = Text(
    "The study's own tables: the part that was read does not state it.",
    "需查该研究的结果表：所读部分未载明。",
)
MEMBERS = Text(
    "stated, and for the unit that the article speaks of", "有载明，且对象与文章所指一致"
)
ANY_UNIT = Text("stated, for whichever unit was studied", "有载明，不论研究对象")


def attribution_table(attributions: pd.DataFrame, names: Mapping[str, Text]) -> pd.DataFrame:
    """Return the attributions as ledger rows (``CLAIM_COLUMNS``).

    ``names`` are the studies' names by study_id.

    Raises
    ------
    KeyError
        If a study has no name.
    """
    return ledger_table(attribution_entries(attributions, names))


def attribution_entries(attributions: pd.DataFrame, names: Mapping[str, Text]) -> list[Entry]:
    """Return an entry a row of data/raw/attributions.csv."""
    found = []
    for row in attributions.fillna("").astype(str).to_dict("records"):
        check = _check(row)
        found.append(Entry(_statement(row, names[row["study_id"]]), check, decide(check)))
    return found


def _statement(row: Mapping[str, str], name: Text) -> Statement:
    said = ABOUT_UNIT if row["outcome"] == "unit" else DIRECTIONS[row["attributed_sign"]]
    outcome = OUTCOMES.get(row["outcome"], NO_TEXT)
    unit = UNITS[row["attributed_unit"]]
    english = said.en.format(outcome=outcome.en, unit=unit.en)
    colon = " " if row["outcome"] == "unit" else ": "
    text = Text(
        f"{name.en}{colon}{english}.",
        f"{name.zh}：{said.zh.format(outcome=outcome.zh, unit=unit.zh)}。",
    )
    stated = row["attributed_sign"] or row["attributed_unit"]
    return Statement(row["attribution_id"], "2", KIND, text, stated, "", HOLDS, NEEDS)


def _check(row: Mapping[str, str]) -> Check:
    note = Text(row["note_en"], row["note_zh"])
    unit = _input(row, "unit", UNIT, Text("unit stated", "所述研究对象"))
    if row["stated"] == "unit":
        same = partial(_same, {unit.key: UNIT[row["attributed_unit"]]})
        return Check((unit,), (Definition("unit_as_stated", MEMBERS, same),), HOLDS, note)
    if row["stated"] != "sign":
        return Check(NOTHING.inputs, NOTHING.definitions, None, note)
    sign = _input(row, "sign", SIGN, Text("direction stated", "所述方向"))
    wanted = {sign.key: SIGN[row["attributed_sign"]]}
    definitions = (
        Definition(
            "same_unit",
            MEMBERS,
            partial(_same, wanted | {unit.key: UNIT[row["attributed_unit"]]}),
        ),
        Definition("any_unit", ANY_UNIT, partial(_same, wanted)),
    )
    return Check((sign, unit), definitions, HOLDS, note, shown=lambda value: f"{value:.0f}")


def _input(row: Mapping[str, str], what: str, codes: Mapping[str, float], label: Text) -> Input:
    value = codes.get(row[f"stated_{what}"], float("nan"))
    return Input(f"stated_{what}", label, value, Range(value, value), STATUS)


def _same(wanted: Mapping[str, float], values: Values) -> float:
    """Return 1 where everything wanted is as stated, else 0."""
    return float(all(values[key] == value for key, value in wanted.items()))
