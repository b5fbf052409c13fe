"""Names of places, safe to print: what a user's file calls a prefecture is text and stays text."""

import re
from collections.abc import Mapping

import pandas as pd

from analysis.disputes.regional.rows import NATION
from analysis.messages import Text

# provinces of GB/T 2260 that the statistical yearbooks of the mainland list apart
APART = {
    "710000": Text("Taiwan", "台湾"),
    "810000": Text("Hong Kong", "香港"),
    "820000": Text("Macao", "澳门"),
}
WHOLE = Text("China", "全国")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_RUNS = ("=", "+", "-", "@")
LONGEST = 40


def plain(text: object, longest: int = LONGEST) -> str:
    """Return a cell of a user's file as one line of text that no spreadsheet runs.

    Control and direction marks go; what begins like a formula gets an apostrophe before it.
    """
    if text is None or text != text:
        return ""
    shown = _CONTROL.sub(" ", str(text)).strip()[:longest]
    return f"'{shown}" if shown.startswith(_RUNS) else shown


def names_of(provinces: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Text]:
    """Return names by code: the nation, all provinces, then the places of ``rows`` (code, name).

    A place that the file does not name is its code.
    """
    names = {NATION: WHOLE, **APART}
    for row in provinces.itertuples():
        names[str(row.gb2260_code)] = Text(str(row.name_en), str(row.name_zh_short))
    for code, name in rows[["code", "name"]].drop_duplicates("code", keep="last").to_numpy():
        called = plain(name) or str(code)
        names.setdefault(str(code), Text(called, called))
    return names


def named(table: pd.DataFrame, names: Mapping[str, Text]) -> pd.DataFrame:
    """Return a table with name_zh and name_en after its first column, ``code``."""
    columns = {
        "name_en": [names[code].en for code in table["code"]],
        "name_zh": [names[code].zh for code in table["code"]],
    }
    rest = [name for name in table.columns if name != "code"]
    return table.assign(**columns)[["code", "name_zh", "name_en", *rest]]
