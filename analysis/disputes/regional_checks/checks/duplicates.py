"""One cell printed twice: alike it is counted once, unlike nobody knows which is right."""

from collections.abc import Iterator

from analysis.disputes.regional.rows import KEYS
from analysis.disputes.regional_checks.case import Case, Finding, amount, found, label


def look(case: Case) -> Iterator[Finding]:
    """Yield an error for a cell with two figures, a warning for one printed twice alike."""
    twice = case.printed[case.printed.duplicated(KEYS, keep=False)]
    for (code, year, variable), cells in twice.groupby(KEYS, sort=False):
        values = list(dict.fromkeys(cells["value"].dropna()))
        kinds = set(cells["missing_kind"])
        unlike = len(values) > 1 or len(kinds) > 1
        yield found(
            "twice_unlike" if unlike else "twice_alike", error=unlike,
            place=case.place(str(code)), year=year, variable=label(variable),
            cells=", ".join(cells["cell"]), values=", ".join(map(amount, values)) or "-",
        )  # fmt: skip
