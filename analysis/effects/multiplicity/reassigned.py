"""An equation under treatments that are drawn again: what placebo and randomisation tests share."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.effects.estimates import Fitted
from analysis.effects.findings import SEED, Asked
from analysis.effects.inference.resampling import replicate
from analysis.effects.multiplicity.assignments import (
    Units,
    every_assignment,
    number_of_assignments,
    shuffler,
)
from analysis.effects.multiplicity.exchanged import units_asked
from analysis.effects.multiplicity.projected import (
    Drawn,
    Projected,
    drawn_of,
    estimates_of,
    joined,
    projected_of,
)
from analysis.effects.multiplicity.tested import tested_of
from analysis.messages import UserError

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
OPTIONS = ("draws", "seed", "by", "within")
ESTIMATE, T, INTERVAL = "estimate", "t", "interval"
COLUMN = "_reassigned"
AT_ONCE = 4_000_000
# so many assignments are listed rather than drawn where a draw is no fit of its own, as long as
# they hold no more than so many numbers
LISTED, NUMBERS_LISTED = 5000, 100_000_000
FAILURES_ALLOWED = 0.05


@dataclass(frozen=True)
class Reassigned:
    """(B,) estimates and t statistics under drawn treatments, NaN where one could not be fitted.

    ``observed`` is the t statistic that the drawn ones compare with; ``drawn`` is there for linear
    fits only; ``about`` says how it was done.
    """

    estimates: Array
    statistics: Array
    observed: float
    complete: bool
    drawn: Drawn | None
    about: dict[str, int | str]

    @property
    def fitted(self) -> NDArray[np.bool_]:
        """(B,): which draws could be fitted; one that fits every row has an infinite statistic."""
        return np.isfinite(self.estimates) & ~np.isnan(self.statistics)


# --- draws ------------------------------------------------------------------------------------


def reassigned(asked: Asked, fitted: Fitted, term: str, absent: int, need: str) -> Reassigned:
    """Return a fitted equation under drawn treatments; ``absent`` draws without option ``draws``.

    ``need`` is ESTIMATE, T (statistics too) or INTERVAL (statistics at any effect too). Least
    squares with fixed controls is projected once; anything else is fitted again each time.

    Raises
    ------
    UserError
        If units are refused (see ``units_asked``), or more than 5 % of the draws are not fitted.
    """
    draws = int(asked.number("draws", absent, 1))
    seed = int(asked.number("seed", SEED, 0))
    units, kind = units_asked(asked, fitted, term)
    problem = projected_of(fitted, term)
    if problem is None and need == INTERVAL:
        raise asked.needs("a linear estimator for interval", "区间需线性估计方法")
    listed = 0 if problem is None else min(LISTED, NUMBERS_LISTED // fitted.sample.n_obs)
    most = max(draws, listed)
    complete = number_of_assignments(units.path, units.block, most) <= most
    paths = every_assignment(units.path, units.block) if complete else None
    plan = Plan(units, paths, draws, seed)
    if problem is None:
        found = _refitted(asked, fitted, term, plan)
    else:
        found = _projected(problem, fitted.sample.regressors[term].to_numpy(float), plan, need)
    counts = {"n_units": len(units.path), "n_movable": units.movable}
    found = replace(found, about={"units": kind, **counts, **found.about})
    _require_fitted(asked, found)
    return found


@dataclass(frozen=True)
class Plan:
    """What is drawn: ``paths`` (m, U) lists every assignment, or is None."""

    units: Units
    paths: Codes | None
    draws: int
    seed: int

    @property
    def about(self) -> dict[str, int | str]:
        """How it was drawn, for the extras."""
        if self.paths is not None:
            return {"draws": len(self.paths), "assignments": "every one"}
        return {"draws": self.draws, "seed": self.seed, "assignments": "drawn"}

    def blocks(self) -> Iterator[Array]:
        """Yield (n, b) row values of drawn treatments."""
        generator = np.random.default_rng(self.seed)
        shuffled = shuffler(self.units.path, self.units.block)
        total = self.draws if self.paths is None else len(self.paths)
        size = max(1, AT_ONCE // len(self.units.codes))
        for start in range(0, total, size):
            places = range(start, min(start + size, total))
            if self.paths is None:
                paths = [shuffled(generator) for _ in places]
            else:
                paths = [self.paths[j] for j in places]
            yield np.array([self.units.values(path) for path in paths]).T


def _projected(problem: Projected, treatment: Array, plan: Plan, need: str) -> Reassigned:
    if need == ESTIMATE:
        estimates = np.concatenate([estimates_of(problem, block) for block in plan.blocks()])
        return Reassigned(estimates, estimates, np.nan, plan.paths is not None, None, plan.about)
    inverted = need == INTERVAL
    drawn = joined([drawn_of(problem, block, inverted=inverted) for block in plan.blocks()])
    observed = drawn_of(problem, treatment[:, None], inverted=False).statistics()[0]
    return Reassigned(
        drawn.a, drawn.statistics(), float(observed), plan.paths is not None, drawn, plan.about
    )


def _refitted(asked: Asked, fitted: Fitted, term: str, plan: Plan) -> Reassigned:
    treatments = tuple(COLUMN if t == term else t for t in asked.equation.treatments)
    equation = replace(asked.equation, treatments=treatments, after=())
    shuffled = shuffler(plan.units.path, plan.units.block)

    def fit(path: Codes) -> tuple[float, float]:
        column = np.full(len(asked.frame), np.nan)
        column[fitted.sample.positions] = plan.units.values(path)
        frame = asked.frame.reset_index(drop=True).assign(**{COLUMN: column})
        try:
            again = tested_of(asked.fit_again(equation, fitted.outcome, frame), [COLUMN])
        except (UserError, np.linalg.LinAlgError):
            again = []
        return (again[0].estimate, again[0].statistic) if again else (np.nan, np.nan)

    label = f"{asked.tool} {asked.equation.id}"
    if plan.paths is None:
        results = replicate(lambda rng: fit(shuffled(rng)), plan.draws, plan.seed, label)
    else:
        results = [fit(path) for path in plan.paths]
    pairs = np.array(results, dtype=float)
    observed = tested_of(fitted, [term])[0].statistic
    return Reassigned(
        pairs[:, 0], pairs[:, 1], observed, plan.paths is not None, None, plan.about
    )  # fmt: skip


def _require_fitted(asked: Asked, found: Reassigned) -> None:
    failed, draws = int((~found.fitted).sum()), len(found.estimates)
    if failed > FAILURES_ALLOWED * draws:
        raise asked.needs(
            f"draws that can be fitted: {failed} of {draws} could not",
            f"可拟合的抽样：{draws} 次中有 {failed} 次不可拟合",
        )


def p_value(beyond: NDArray[np.bool_], complete: bool) -> float:
    """Return the share of all assignments, or (1 + count) / (1 + draws)."""
    count, draws = int(beyond.sum()), len(beyond)
    return count / draws if complete else (1 + count) / (1 + draws)
