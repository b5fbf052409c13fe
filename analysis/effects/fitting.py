"""A study, equation by equation: sample, estimator found by its name, covariance, rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pandas as pd

from analysis.effects.estimates import COLUMNS, Fitted, rows_of, rows_of_findings, with_covariance
from analysis.effects.expressions import unknown
from analysis.effects.findings import Asked
from analysis.effects.fit import Fit
from analysis.effects.inference import bootstrap
from analysis.effects.outcomes import samples_of_outcomes
from analysis.effects.sample import Sample
from analysis.effects.study import After, Equation, Study
from analysis.loading import load, modules_in
from analysis.messages import UserError
from analysis.sources import read_data, read_data_file

ESTIMATORS = "analysis.effects.estimators"
AFTER = "analysis.effects.after"
# parts of an equation that only some estimators use: their constant USES names them
PARTS = ("absorb", "instruments", "endogenous")


# --- what there is ----------------------------------------------------------------------------


def estimator_names() -> list[str]:
    """Return the names of all estimators: the files of ``effects/estimators``."""
    return [name.rpartition(".")[2] for name in modules_in(ESTIMATORS)]


def after_names() -> list[str]:
    """Return the names of all that works on a fitted equation: the files of ``effects/after``."""
    return [name.rpartition(".")[2] for name in modules_in(AFTER)]


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


def after(name: str) -> ModuleType:
    """Return the module of an ``[[equation.after]]``.

    Raises
    ------
    UserError
        If there is none of that name; the nearest is named.
    """
    if name not in after_names():
        raise unknown("after", name, after_names())
    return load(f"{AFTER}.{name}")


def data_of(study: Study, data: Path | None = None) -> pd.DataFrame:
    """Return the study's data; ``data`` (from --data) takes the place of what it names."""
    if study.columns and not data:
        return pd.DataFrame(study.columns)
    return read_data_file(data) if data else read_data(study.data, study.folder)


# --- equations --------------------------------------------------------------------------------


def ready(equation: Equation) -> Equation:
    """Return the equation with its covariance named, once its estimator has looked at it.

    The default is ``cluster`` where clusters are named and the estimator has it, else the first of
    the estimator's constant VCOVS, else HC1.

    Raises
    ------
    UserError
        If the equation names what its estimator would pass over in silence, or a covariance that
        it does not have.
    """
    module = estimator(equation.estimator)
    _require_used(equation, module)
    own = tuple(getattr(module, "VCOVS", ()))
    default = "cluster" if equation.cluster and "cluster" in (own or ("cluster",)) else ""
    vcov = equation.vcov or default or (own[0] if own else "HC1")
    if own and vcov not in own:
        raise unknown("vcov", vcov, list(own))
    drawn = hasattr(module, "DRAWS") or vcov == bootstrap.NAME
    if not drawn and (equation.draws is not None or equation.seed is not None):
        raise UserError("no_draws", equation=equation.id, estimator=equation.estimator, vcov=vcov)
    return replace(equation, vcov=vcov)


def _require_used(equation: Equation, module: ModuleType) -> None:
    for part in PARTS:
        if getattr(equation, part) and part not in getattr(module, "USES", ()):
            raise UserError("estimator_ignores", estimator=equation.estimator, what=part)


def sample_of(study: Study, equation: Equation, outcome: str, frame: pd.DataFrame) -> Sample:
    """Return the rows of one equation and outcome, as its estimator wants them."""
    return next(_samples(study, equation, (outcome,), frame))


def _samples(
    study: Study, equation: Equation, outcomes: Sequence[str], frame: pd.DataFrame
) -> Iterator[Sample]:
    """Yield the sample of each outcome, as the equation's estimator wants them."""
    module = estimator(equation.estimator)
    return samples_of_outcomes(
        study, equation, outcomes, frame,
        option_columns=getattr(module, "OPTION_COLUMNS", ()),
        option_terms=getattr(module, "OPTION_TERMS", ()),
        option_groups=getattr(module, "OPTION_GROUPS", ()),
        may_miss=getattr(module, "MAY_MISS", ()),
    )  # fmt: skip


def samples_of(study: Study, frame: pd.DataFrame) -> Iterator[tuple[Equation, str, Sample]]:
    """Yield each equation and outcome with its sample."""
    for equation in map(ready, study.equations):
        samples = _samples(study, equation, equation.outcomes, frame)
        for outcome, sample in zip(equation.outcomes, samples, strict=True):
            yield equation, outcome, sample


def fit_outcome(study: Study, equation: Equation, outcome: str, frame: pd.DataFrame) -> Fitted:
    """Return one equation fitted for one outcome.

    Raises
    ------
    UserError
        If the sample, the estimator or the covariance is refused.
    """
    return _fitted(study, equation, (outcome,), frame)[0]


def _fitted(
    study: Study, equation: Equation, outcomes: Sequence[str], frame: pd.DataFrame
) -> tuple[Fitted, ...]:
    equation = ready(equation)
    fit, samples = _fitter(equation), _samples(study, equation, outcomes, frame)
    return tuple(
        with_covariance(study, equation, outcome, sample, fit(sample, equation), fit)
        for outcome, sample in zip(outcomes, samples, strict=True)
    )


def _fitter(equation: Equation) -> Callable[[Sample, Equation], Fit]:
    """Return the estimator's fit; one that knows nothing of the bootstrap is not told of it."""
    module = estimator(equation.estimator)
    if equation.vcov != bootstrap.NAME or hasattr(module, "VCOVS"):
        return module.fit
    analytic = "cluster" if equation.cluster else "HC1"
    return lambda sample, asked: module.fit(sample, replace(asked, vcov=analytic))


def fit_equations(study: Study, frame: pd.DataFrame) -> Iterator[tuple[Fitted, ...]]:
    """Yield every equation of a study, fitted for each of its outcomes.

    What follows an equation is looked up before anything is fitted: a misspelt name costs no time.
    """
    for equation in study.equations:
        ready(equation)
        for step in equation.after:
            after(step.name)
    for equation in study.equations:
        yield _fitted(study, equation, equation.outcomes, frame)


def fit_study(study: Study, frame: pd.DataFrame) -> Iterator[Fitted]:
    """Yield every equation and outcome of a study, fitted."""
    for fitted in fit_equations(study, frame):
        yield from fitted


# --- rows -------------------------------------------------------------------------------------


def rows_of_equation(fitted: Sequence[Fitted], frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of one equation: its outcomes', then those of what follows it."""
    steps = fitted[0].equation.after
    tables = [rows_of(one) for one in fitted]
    return pd.concat([*tables, *(_rows_after(step, fitted, frame) for step in steps)])


def _rows_after(step: After, fitted: Sequence[Fitted], frame: pd.DataFrame) -> pd.DataFrame:
    first = fitted[0]
    asked = Asked(
        first.study, first.equation, frame, tuple(fitted), step.name, step.options, fit_outcome
    )
    return rows_of_findings(step.name, fitted, after(step.name).find(asked))


def estimates(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the estimates contract for a whole study."""
    tables = [rows_of_equation(fitted, frame) for fitted in fit_equations(study, frame)]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)
