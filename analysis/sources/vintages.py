"""Several printed values of one quantity: kept apart, one of them in use.

A figure may have a second vintage, printed elsewhere or read by a user in the yearbook. Nothing is
overwritten. In use is the vintage with the strongest status; where two are equally strong, the
main series' own.
"""

import pandas as pd

from analysis.status import STATUSES

EARLIER = "_earlier_vintage"
CONFIRMATION_COLUMNS = [
    "year",
    "variable",
    "value",
    "source",
    "page",
    "confirmed_by",
    "confirmed_on",
]
VINTAGES = ("main", "earlier", "confirmed")


def tidy_yearly(frame: pd.DataFrame, confirmations: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return year, variable, vintage, value, status, source, in_use: one row a printed value.

    Parameters
    ----------
    frame
        A yearly table as read: year, variable, value, status, source. A variable whose name ends
        in ``_earlier_vintage`` is the earlier vintage of the variable before that ending.
    confirmations
        Values that a user read in the primary source (columns ``CONFIRMATION_COLUMNS``): the same
        value makes the figure verified, another one becomes a vintage of its own.
    """
    earlier = frame["variable"].str.endswith(EARLIER)
    printed = frame.assign(
        variable=frame["variable"].str.removesuffix(EARLIER),
        vintage=earlier.map({True: "earlier", False: "main"}),
    )
    if confirmations is not None:
        printed = _confirm(printed, confirmations)
    return _mark_in_use(printed)


def _confirm(printed: pd.DataFrame, confirmations: pd.DataFrame) -> pd.DataFrame:
    keys = ["year", "variable", "value"]
    # the last word on a figure counts: a later confirmation of the same value replaces an earlier
    confirmed = confirmations.drop_duplicates(keys, keep="last").assign(
        status="verified", source=_as_source(confirmations)
    )
    matched = printed.merge(
        confirmed[[*keys, "status", "source"]], on=keys, how="left", suffixes=("", "_confirmed")
    )
    agreed = matched["status_confirmed"].notna()
    printed = printed.reset_index(drop=True)
    printed.loc[agreed, "status"] = "verified"
    printed.loc[agreed, "source"] = matched.loc[agreed, "source_confirmed"]
    known = pd.MultiIndex.from_frame(printed[keys])
    new = ~pd.MultiIndex.from_frame(confirmed[keys]).isin(known)
    added = confirmed.loc[new, [*keys, "status", "source"]].assign(vintage="confirmed")
    return pd.concat([printed, added], ignore_index=True) if len(added) else printed


def _as_source(confirmations: pd.DataFrame) -> pd.Series:
    page = confirmations["page"].fillna("").map(lambda page: f", p. {page}" if page else "")
    return (
        confirmations["source"]
        + page
        + " (confirmed by "
        + confirmations["confirmed_by"]
        + ", "
        + confirmations["confirmed_on"]
        + ")"
    )


def _mark_in_use(printed: pd.DataFrame) -> pd.DataFrame:
    order = {"vintage": VINTAGES.index, "status": STATUSES.index}
    ranked = printed.assign(**{f"_{name}": printed[name].map(rank) for name, rank in order.items()})
    ranked = ranked.sort_values(["variable", "year", "_status", "_vintage"], kind="stable")
    ranked["in_use"] = ~ranked.duplicated(["variable", "year"])
    ranked = ranked.sort_values(["variable", "year", "_vintage", "value"], kind="stable")
    columns = ["year", "variable", "vintage", "value", "status", "source", "in_use"]
    return ranked[columns].reset_index(drop=True)
