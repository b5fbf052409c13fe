"""Rows of the estimates contract to the columns of a table: one an equation, outcome and quantile.

What `[[equation.after]]` found, the cells of group-time effects and a specification curve's
thousands are no columns of a regression table; they have tables and figures of their own.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.exhibits.regression_table import Coefficient
from analysis.exhibits.regressions.asked import ALL

if TYPE_CHECKING:
    import pandas as pd

    from analysis.effects.study import Equation, Study

# a component that makes a column of its own, and those that no regression table prints
QUANTILE = "tau="
NOT_PRINTED = re.compile(r"att\(.*|[gt]=.*")
SPECIFICATION = "spec="
CONSTANT = "const"
# beside coefficients, these are rows of their own; other quantities are named by their component
BESIDE = ("ame", "odds_ratio", "irr")
_PART = re.compile(r"(?P<dummies>C\(.*\))=.*|mean\((?P<mean>.*)\)")
DIFFERENCED = "(differenced)"
DUMMIES = re.compile(r"C\((?P<name>\w+)[^)]*\)")


@dataclass(frozen=True)
class Cell:
    """One estimate and what it is of: its term, and its component or quantity."""

    term: str
    component: str
    coefficient: Coefficient


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    numbers
        Its counts and tests by the names of the contract's columns and extras.
    absorbed, differenced
        The columns whose effects were absorbed; whether they were differenced out instead.
    dummies, hidden
        Columns whose dummies, and controls that, are in the equation and not printed.
    """

    equation: "Equation"
    outcome: str
    quantile: str
    cells: tuple[Cell, ...]
    numbers: Mapping[str, float]
    vcov: str
    absorbed: tuple[str, ...]
    differenced: bool
    dummies: tuple[str, ...]
    hidden: tuple[str, ...]

    @property
    def asked_about(self) -> tuple[str, ...]:
        """The terms whose effect is asked about: treatments, instrumented ones too."""
        return (*self.equation.treatments, *self.equation.endogenous)


def columns_of(study: "Study", rows: "pd.DataFrame", show: Sequence[str]) -> list[Column]:
    """Return the columns of a study in the order of its equations, outcomes and quantiles.

    Parameters
    ----------
    rows
        Rows of the estimates contract; those of other studies are passed over.
    show
        Controls to print line by line; ["all"] for all of them.
    """
    mine = rows.assign(component=rows["component"].fillna(""))
    mine = mine[(mine["study"] == study.id) & mine["estimate"].notna()]
    return [
        column
        for equation in study.equations
        for outcome in equation.outcomes
        for column in _columns(equation, outcome, mine, show)
    ]


def _columns(
    equation: "Equation", outcome: str, rows: "pd.DataFrame", show: Sequence[str]
) -> list[Column]:
    mine = rows[(rows["equation"] == equation.id) & (rows["outcome"] == outcome)]
    after = tuple(step.name for step in equation.after)
    if mine.empty or mine["component"].str.startswith(SPECIFICATION).any():
        return []
    tool = mine["component"].str.partition(":")[0].isin(after)
    mine = mine[~tool & ~mine["component"].str.fullmatch(NOT_PRINTED)]
    printed = mine[mine["term"].map(lambda term: _is_printed(term, equation, show))]
    if printed.empty:
        printed = mine[mine["term"].map(lambda term: term != CONSTANT and not _is_dummy(term))]
    levels = printed["component"].where(printed["component"].str.startswith(QUANTILE), "")
    return [
        _column(equation, outcome, level, printed[levels == level])
        for level in dict.fromkeys(levels)
    ]


def _column(equation: "Equation", outcome: str, level: str, rows: "pd.DataFrame") -> Column:
    first = rows.iloc[0]
    printed = {*rows["term"], *map(_whole, rows["term"])}
    sets = {term: DUMMIES.fullmatch(term) for term in equation.controls if term not in printed}
    effects = _text(first["fixed_effects"])
    return Column(
        equation=equation,
        outcome=outcome,
        quantile=level.removeprefix(QUANTILE),
        cells=tuple(_cell(row, level) for row in rows.to_dict("records")),
        numbers=_numbers(first),
        vcov=str(first["vcov"]),
        absorbed=tuple(filter(None, effects.removesuffix(DIFFERENCED).strip().split(" + "))),
        differenced=effects.endswith(DIFFERENCED),
        dummies=tuple(found["name"] for found in sets.values() if found),
        hidden=tuple(term for term, found in sets.items() if not found),
    )


def _cell(row: Mapping, level: str) -> Cell:
    component = row["component"].removeprefix(level)
    if not component and row["quantity"] in BESIDE:
        component = row["quantity"]
    values = (row[name] for name in ("estimate", "std_error", "p_value", "statistic"))
    return Cell(row["term"], component, Coefficient(*map(_or_none, values)))  # type: ignore[arg-type]


def _numbers(first: Mapping) -> dict[str, float]:
    extras = json.loads(_text(first["extras"]) or "{}")
    found = {name: first[name] for name in ("n_obs", "r2", "n_clusters", "outcome_mean")}
    found |= {key: value for key, value in extras.items() if isinstance(value, int | float)}
    return {name: float(value) for name, value in found.items() if _or_none(value) is not None}


def _text(value: object) -> str:
    """Return a cell's text; empty where it is missing, as in rows read from a file."""
    return value if isinstance(value, str) else ""


def _or_none(value: object) -> float | None:
    return None if value is None or value != value or value == "" else float(str(value))


def _is_printed(term: str, equation: "Equation", show: Sequence[str]) -> bool:
    """Tell whether a term has a line: what is asked about, what is shown, what is no control."""
    if term in (*equation.treatments, *equation.endogenous):
        return True
    if term == CONSTANT:
        return False
    whole = _whole(term)
    if whole in equation.controls or whole != term:
        return bool({term, whole} & set(show)) or (ALL in show and whole == term)
    return True


def _is_dummy(term: str) -> bool:
    return _whole(term) != term


def _whole(term: str) -> str:
    """Return C(x) for one of its dummies, C(x)=3, and x for its mean, mean(x); else the term."""
    found = _PART.fullmatch(term)
    return (found["dummies"] or found["mean"]) if found else term
