"""Numbers that a claim is recomputed from: a value, the range its rounding allows, its status."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from analysis.messages import Text, UserError
from analysis.sources import YearlySeries, read_variables, series_of

# the upper end of a rounded number's range is approached, never reached
JUST = 1e-12


@dataclass(frozen=True)
class Range:
    """The values from ``low`` to ``high``, ``high`` left out unless both are equal."""

    low: float = -math.inf
    high: float = math.inf

    @property
    def is_point(self) -> bool:
        """Tell whether the range holds one value only."""
        return self.low == self.high

    @property
    def last(self) -> float:
        """The upper corner to compute with: just below ``high``."""
        if self.is_point or math.isinf(self.high):
            return self.high
        return self.high - JUST * max(1.0, abs(self.high))

    def contains(self, value: float) -> bool:
        """Tell whether ``value`` lies in the range (up to rounding error for a single value)."""
        if self.is_point:
            return math.isclose(value, self.low, rel_tol=1e-9, abs_tol=1e-9)
        return self.low <= value < self.high


@dataclass(frozen=True)
class Input:
    """One number behind a verdict.

    Attributes
    ----------
    key
        Unique among a claim's inputs, for example ``cases_accepted 1997``.
    value, allowed
        The number as printed, and the range that its rounding or an "about" allows.
    status
        How far it can be trusted (``sources.STATUSES``).
    step
        The smallest change considered when looking for the one that alters a verdict.
    other_vintages
        Other printed values of the same quantity.
    """

    key: str
    label: Text
    value: float
    allowed: Range
    status: str
    step: float = 1.0
    other_vintages: tuple[float, ...] = ()

    def moved_to(self, value: float) -> "Input":
        """Return the input at another value, its range moved along."""
        shift = value - self.value
        moved = Range(self.allowed.low + shift, self.allowed.high + shift)
        return replace(self, value=value, allowed=moved)


def exactly(key: str, label: Text, value: float, step: float = 1.0) -> Input:
    """Return an exact input that the article itself gives: a rate, a share, a count."""
    return Input(key, label, value, Range(value, value), "article", step)


@dataclass(frozen=True)
class Statement:
    """One row of article_claims.csv."""

    claim_id: str
    section: str
    kind: str
    text: Text
    stated: str
    unit: str
    range: Range
    needs: Text

    @property
    def has_number(self) -> bool:
        """Tell whether the statement gives a number or a bound."""
        return not (math.isinf(self.range.low) and math.isinf(self.range.high))


@dataclass(frozen=True)
class Facts:
    """What claims are recomputed from: the article's statements and the yearly figures."""

    statements: Mapping[str, Statement]
    series: Mapping[str, YearlySeries]
    other_vintages: Mapping[tuple[str, int], tuple[float, ...]]
    labels: Mapping[str, Text]

    def stated(self, claim_id: str, step: float = 1.0) -> Input:
        """Return a number that the article states, with the range of its rounding, as an input."""
        statement = self.statements[claim_id]
        value = float(statement.stated)
        return Input(claim_id, statement.text, value, statement.range, "article", step)

    def figure(self, variable: str, year: int) -> Input:
        """Return one published figure as an input.

        Raises
        ------
        UserError
            If data/raw does not have it.
        """
        series, name = self.series.get(variable), self.labels[variable]
        if series is None or year not in series.values:
            raise UserError("claim_without_figure", variable=variable, year=year)
        value = series.values[year]
        return Input(
            key=f"{variable} {year}",
            label=Text(f"{name.en}, {year}", f"{year}年{name.zh}"),
            value=value,
            allowed=Range(value, value),
            status=series.statuses[year],
            other_vintages=self.other_vintages.get((variable, year), ()),
        )

    def figures(self, variable: str, first: int, last: int) -> tuple[Input, ...]:
        """Return the figures of a run of years as inputs, in order."""
        return tuple(self.figure(variable, year) for year in range(first, last + 1))


def facts_from(statements: pd.DataFrame, *yearly: pd.DataFrame) -> Facts:
    """Put processed tables together: the statements, and any number of yearly tables."""
    frame = pd.concat(yearly, ignore_index=True)
    labels: dict[str, Text] = {}
    for table in ("national_disputes", "national_denominators"):
        labels |= {name: variable.label for name, variable in read_variables(table).items()}
    return Facts(
        statements={row["claim_id"]: _statement(row) for row in statements.to_dict("records")},
        series={name: series_of(frame, name) for name in sorted(set(frame["variable"]))},
        other_vintages=_other_vintages(frame),
        labels=labels,
    )


def _other_vintages(frame: pd.DataFrame) -> dict[tuple[str, int], tuple[float, ...]]:
    others: dict[tuple[str, int], tuple[float, ...]] = {}
    for row in frame[~frame["in_use"]].to_dict("records"):
        key = (row["variable"], int(row["year"]))
        others[key] = (*others.get(key, ()), float(row["value"]))
    return others


def _statement(row: Mapping) -> Statement:
    filled = {key: "" if _is_missing(value) else value for key, value in row.items()}
    low = -math.inf if filled["low"] == "" else float(filled["low"])
    high = math.inf if filled["high"] == "" else float(filled["high"])
    return Statement(
        claim_id=filled["claim_id"],
        section=str(filled["section"]),
        kind=filled["kind"],
        text=Text(filled["statement_en"], filled["statement_zh"]),
        stated=str(filled["stated"]),
        unit=filled["unit"],
        range=Range(low, high),
        needs=Text(filled["needs_en"], filled["needs_zh"]),
    )


def _is_missing(value: object) -> bool:
    return value is None or value != value
