"""Published tables refitted: each printed number beside the one measured in the same run.

A benchmark is a study file in ``effects/benchmarks`` whose ``[labels]`` say where each printed
quantity stands: ``equation:term:column``, with ``:quantity`` behind it for rows that are no
coefficients and ``:quantity:component`` where a term has several; an empty term is the equation as
a whole, the column ``extras.key`` a value of the extras.
Without a label "x" is the estimate of x and "x se" its standard error in the first equation.
"""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis.effects.fitting import data_of, estimates, estimator_names
from analysis.effects.study import Study, read_study
from analysis.messages import UserError
from analysis.paths import ROOT

FOLDER = ROOT / "analysis" / "effects" / "benchmarks"
COLUMNS = ["benchmark", "quantity", "published", "measured", "agrees", "agrees_otherwise", "source",
           "note"]  # fmt: skip
NOT_SERVED = "no estimator of this version serves it"
NOT_REPORTED = "the estimator of this version does not report it"
# the nearest wrong covariance: what a default of another library would have printed
NEAREST_WRONG = {"classical": "HC1", "HC0": "HC1", "HC1": "classical", "HC2": "classical",
                 "cluster": "HC1"}  # fmt: skip


def benchmark_table(published: pd.DataFrame, folder: Path = FOLDER) -> pd.DataFrame:
    """Return every published number with its measured one (columns ``COLUMNS``).

    Parameters
    ----------
    published
        benchmark, quantity, published (digits as text), source.

    ``agrees`` is true when measured rounds to the printed digits; ``agrees_otherwise`` tells, for
    standard errors, whether the nearest wrong covariance would have agreed as well.
    """
    parts = [_benchmark(str(name), rows, folder) for name, rows in published.groupby("benchmark")]
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def _benchmark(name: str, rows: pd.DataFrame, folder: Path) -> pd.DataFrame:
    path = folder / f"{name}.toml"
    study = read_study(path) if path.exists() else None
    if study is None or not _served(study):
        return rows.assign(measured=None, agrees="", agrees_otherwise="", note=NOT_SERVED)
    frame = data_of(study)
    right = estimates(study, frame)
    wrong = _under_wrong_covariance(study, frame, right)
    measured = [_measured(study, right, quantity) for quantity in rows["quantity"]]
    others = [_measured(study, wrong, quantity) for quantity in rows["quantity"]]
    agrees = [agree(*pair) for pair in zip(rows["published"], measured, strict=True)]
    otherwise = [
        "" if other == value else agree(printed, other)
        for printed, value, other in zip(rows["published"], measured, others, strict=True)
    ]
    notes = ["" if value is not None else NOT_REPORTED for value in measured]
    return rows.assign(measured=measured, agrees=agrees, agrees_otherwise=otherwise, note=notes)


def _served(study: Study) -> bool:
    return all(equation.estimator in estimator_names() for equation in study.equations)


def _under_wrong_covariance(study: Study, frame: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Return the estimates under the nearest wrong covariance; the right ones where it has none."""
    equations = tuple(
        replace(equation, vcov=NEAREST_WRONG.get(equation.vcov, equation.vcov))
        for equation in study.equations
    )
    try:
        return estimates(replace(study, equations=equations), frame)
    except UserError:
        return right


def _measured(study: Study, rows: pd.DataFrame, quantity: str) -> float | None:
    """Return the number that a printed quantity stands for; None where no row has it."""
    label = study.labels.get(quantity) or _default_label(study, quantity)
    equation, term, column, *kind = label.split(":")
    name, _, outcome = equation.partition("/")
    found = rows[rows["equation"] == name]
    if outcome:
        found = found[found["outcome"] == outcome]
    if not term:
        return _of_row(found, column)
    wanted = (found["term"] == term) & (found["quantity"] == (kind[0] if kind else "coefficient"))
    if len(kind) > 1:
        wanted &= found["component"] == kind[1]
    return _of_row(found[wanted], column)


def _default_label(study: Study, quantity: str) -> str:
    first = study.equations[0].id
    if quantity.endswith(" se"):
        return f"{first}:{quantity.removesuffix(' se')}:std_error"
    return f"{first}:{quantity}:estimate"


def _of_row(rows: pd.DataFrame, column: str) -> float | None:
    """Return a number of the first row; None where there is no row, or nothing in it."""
    if rows.empty:
        return None
    if not column.startswith("extras."):
        value = rows.iloc[0][column]
        return None if pd.isna(value) else float(value)
    extras = json.loads(rows.iloc[0]["extras"] or "{}")
    value = extras.get(column.removeprefix("extras."))
    return None if value is None else float(value)


def agree(published: str, measured: float | None) -> str:
    """Return true when ``measured`` rounds to the printed digits, else false; empty without one."""
    if measured is None:
        return ""
    decimals = len(published.partition(".")[2])
    half = 0.5 * 10.0**-decimals
    return "true" if abs(measured - float(published)) <= half * (1.0 + 1e-9) else "false"
