"""The ledger in a few lines: settled and provisional apart, only what could have failed."""

from collections.abc import Iterable, Mapping

import pandas as pd

from analysis.claims.ledger import DERIVED, counts
from analysis.messages import Text

ORDER = ("reproduced", "reproduced_under_definition", "not_reproduced")


def summary_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return the headline of a ledger table as one row: text_en, text_zh."""
    words = headline(table.to_dict("records"))
    return pd.DataFrame([words], columns=["text_en", "text_zh"])


def headline(rows: Iterable[Mapping]) -> Text:
    """Return one sentence on the ledger's rows."""
    rows = list(rows)
    found = counts(rows)
    own = sum(row["kind"] != DERIVED for row in rows)
    settled, provisional = (
        [found.get((verdict, firm), 0) for verdict in ORDER] for firm in (False, True)
    )
    return Text(
        f"Ledger: {own} statements of the article, of which {sum(settled) + sum(provisional)} "
        f"could have failed. {_english('Settled', settled)} {_english('Provisional', provisional)}",
        f"核对表：文章陈述 {own} 条，其中可被证伪者 {sum(settled) + sum(provisional)} 条。"
        f"{_chinese('已定', settled)}{_chinese('暂定', provisional)}",
    )


def _english(name: str, numbers: list[int]) -> str:
    as_stated, defined, failed = numbers
    return (
        f"{name} {sum(numbers)}: {as_stated} reproduced, {defined} under a definition, "
        f"{failed} not reproduced."
    )


def _chinese(name: str, numbers: list[int]) -> str:
    as_stated, defined, failed = numbers
    return f"{name} {sum(numbers)} 条：相符 {as_stated}，特定口径下相符 {defined}，不符 {failed}。"
