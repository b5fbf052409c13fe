"""A study, equation by equation: sample, estimator found by its name, covariance, rows."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pandas as pd

from analysis.effects.estimates import COLUMNS, Fitted, rows_of, with_covariance
from analysis.effects.expressions import unknown
from analysis.effects.sample import Sample, take_sample
from analysis.effects.study import Equation, Study
from analysis.loading import load, modules_in
from analysis.messages import UserError
from analysis.sources import read_data, read_data_file

ESTIMATORS = "analysis.effects.estimators"
# parts of an equation that only some estimators use: their constant USES names them
PARTS = ("absorb", "instruments", "endogenous")


def estimator_names() -> list[str]:
    """Return the names of all estimators: the files of ``effects/estimators``."""
    return [name.rpartition(".")[2] for name in modules_in(ESTIMATORS)]


def estimator(name: str) -> ModuleType:
    """Return the estimator's module.

    Raises
    ------
    UserError
        If there is none of that name; the nearest is named.
    """
    if name not in estimator_names():
        raise unknown("estimator", name, estimator_names())
    return load(f"{ESTIMATORS}.{name}")


def data_of(study: Study, data: Path | None = None) -> pd.DataFrame:
    """Return the study's data; ``data`` (from --data) takes the place of what it names."""
    return read_data_file(data) if data else read_data(study.data, study.folder)


def samples_of(study: Study, frame: pd.DataFrame) -> Iterator[tuple[Equation, str, Sample]]:
    """Yield each equation and outcome with its sample."""
    for equation in study.equations:
        module = estimator(equation.estimator)
        _require_used(equation, module)
        columns = getattr(module, "OPTION_COLUMNS", ())
        for outcome in equation.outcomes:
            yield equation, outcome, take_sample(study, equation, outcome, frame, columns)


def _require_used(equation: Equation, module: ModuleType) -> None:
    """Refuse what the equation names and its estimator would pass over in silence."""
    for part in PARTS:
        if getattr(equation, part) and part not in getattr(module, "USES", ()):
            raise UserError("estimator_ignores", estimator=equation.estimator, what=part)


def fit_study(study: Study, frame: pd.DataFrame) -> Iterator[Fitted]:
    """Yield every equation and outcome of a study, fitted.

    Raises
    ------
    UserError
        If a sample, an estimator or a covariance is refused; the message names the equation.
    """
    for equation, outcome, sample in samples_of(study, frame):
        fit = estimator(equation.estimator).fit(sample, equation)
        yield with_covariance(study, equation, outcome, sample, fit)


def estimates(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the estimates contract for a whole study."""
    tables = [rows_of(fitted) for fitted in fit_study(study, frame)]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)
