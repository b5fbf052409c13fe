"""CGSS 2008's job spells: the current one is the spell whose end is 8888."""

import numpy as np
import pandas as pd

from analysis.sources.twins.raw.column import Codes, Column, coded, some_of

SPELLS, CURRENT = 3, 8888.0
PENSION = {1: "基本养老保险", 2: "基本和补充养老保险", 3: "完全没有", 4: "不清楚", 5: "不适用"}
MEDICAL = {1: "公费医疗", 2: "基本医疗保险", 3: "基本和补充医疗保险", 4: "完全没有", 5: "不清楚",
           6: "不适用"}  # fmt: skip
UNEMPLOYMENT = {1: "提供失业保险", 2: "不提供", 3: "不清楚", 4: "不适用"}
Item = tuple[str, Codes, tuple[int, ...], dict[int, str], str]
# letter of the item: field, codes of its values, of no answer, labels, what it is
ITEMS: dict[str, Item] = {
    "q": ("pension", {1.0: (1, 2), 0.0: (3,)}, (4, 5), PENSION, "养老保险"),
    "r": ("medical_insurance", {1.0: (1, 2, 3), 0.0: (4,)}, (5, 6), MEDICAL, "医疗保险"),
    "s": ("unemployment_insurance", {1.0: (1,), 0.0: (2,)}, (3, 4), UNEMPLOYMENT, "失业保险"),
}


def spell_columns(rows: pd.DataFrame, rng: np.random.Generator) -> dict[str, Column]:
    """Return spells 01 to 03: which is the current one differs, earlier ones tell of other jobs."""
    n, employee = len(rows), (rows["employee"] == 1).to_numpy()
    current = rng.integers(1, SPELLS + 1, n)
    made: dict[str, Column] = {}
    for spell in range(1, SPELLS + 1):
        now, over = employee & (current == spell), current > spell
        end = np.where(now, CURRENT, np.where(over, 1980.0 + 5 * spell, np.nan))
        name = f"c15b{spell:02d}"
        made[name] = Column(end, f"{{{name}}}. 离开这个单位的年份")
        for letter, (field, codes, unknown, words, what) in ITEMS.items():
            name = f"c15{letter}{spell:02d}"
            told = coded(rows[field], codes, unknown, rng)
            values = np.where(now, told, np.where(over, some_of(list(words), n, rng), np.nan))
            made[name] = Column(values, f"{{{name}}}. 离开这个单位时(或目前)的{what}", words)
    return made
