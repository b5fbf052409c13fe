"""The codebook of a survey as read: what each field of each wave is, and how much of it there is.

Counts of real surveys under ten persons are left empty, here and in every share made from them.
"""

from collections.abc import Iterable

import pandas as pd

from analysis.sources.surveys.disclosure import FEWEST_PERSONS
from analysis.sources.surveys.fields import FIELDS
from analysis.sources.surveys.harmonise import Wave
from analysis.sources.surveys.rule import Rule

COLUMNS = [
    "survey",
    "wave",
    "field",
    "definition_en",
    "definition_zh",
    "unit",
    "file",
    "encoding",
    "variables",
    "label",
    "recoding",
    "codes",
    "missing_codes",
    "evidence",
    "absent_en",
    "absent_zh",
    "n",
    "missing",
    "share",
    "out_of_range",
    "simulated",
]


def codebook_of(waves: Iterable[Wave]) -> pd.DataFrame:
    """Return one row a wave and field; ``share`` is the share of ones, of 0/1 fields only."""
    rows = [_row(wave, name) for wave in waves for name in wave.used]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(wave: Wave, name: str) -> dict[str, object]:
    field, used, frame = FIELDS[name], wave.used[name], wave.frame
    row: dict[str, object] = {
        "survey": frame["survey"].iloc[0] if len(frame) else "",
        "wave": int(frame["wave"].iloc[0]) if len(frame) else 0,
        "field": name,
        "definition_en": field.definition.en,
        "definition_zh": field.definition.zh,
        "unit": field.unit,
        "file": wave.raw.path.name,
        "encoding": wave.raw.encoding or "as the file says",
        "evidence": used.evidence,
        "simulated": wave.raw.simulated,
    }
    if isinstance(used, Rule):
        row |= _of_rule(used, wave)
    elif name == "union_status" and frame[name].notna().any():
        row |= {"variables": "union_member, union_covered", "recoding": "union_status"}
    else:
        row |= {"absent_en": used.reason.en, "absent_zh": used.reason.zh}
    return row | _counts(frame[name], field.kind, wave)


def _of_rule(rule: Rule, wave: Wave) -> dict[str, object]:
    return {
        "variables": _names(rule.variables, wave) + _names(rule.second, wave, " with "),
        "label": wave.raw.labels.get(rule.variables[0], "") if rule.variables else "",
        "recoding": rule.recoding,
        "codes": _codes(rule),
        "missing_codes": " ".join(f"{code:g}" for code in rule.missing),
    }


def _names(names: tuple[str, ...], wave: Wave, before: str = "") -> str:
    """Return the columns' names as the file has them; a long series by its first and last."""
    actual = [wave.raw.actual[name] for name in names]
    short = actual if len(actual) < 4 else [actual[0], "..", actual[-1]]
    return before + " ".join(short) if short else ""


def _codes(rule: Rule) -> str:
    if rule.wanted and rule.recoding == "slots_contain":
        return "any slot = " + " or ".join(f"{code:g}" for code in rule.wanted)
    parts = [f"{code:g} = {value if value != '' else '.'}" for code, value in rule.codes.items()]
    parts += [f"top code {code:g}" for code in rule.top]
    return "; ".join([*parts, rule.value] if rule.value else parts)


def _counts(column: pd.Series, kind: str, wave: Wave) -> dict[str, object]:
    n, missing = int(column.notna().sum()), int(column.isna().sum())
    odd = wave.unusual.get(str(column.name), 0)
    hidden = not wave.raw.simulated
    share = _share(column, hidden) if kind == "binary" and n else None
    return {
        "n": _shown(n, hidden),
        "missing": _shown(missing, hidden),
        "share": share,
        "out_of_range": _shown(odd, hidden),
    }


def _shown(count: int, hidden: bool) -> int | None:
    return None if hidden and 0 < count < FEWEST_PERSONS else count


def _share(column: pd.Series, hidden: bool) -> float | None:
    ones, zeros = int((column == 1).sum()), int((column == 0).sum())
    small = min(ones, zeros) < FEWEST_PERSONS and max(ones, zeros) > 0 and min(ones, zeros) > 0
    few = ones + zeros < FEWEST_PERSONS
    return None if hidden and (small or few) else ones / (ones + zeros)
