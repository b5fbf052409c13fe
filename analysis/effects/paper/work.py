"""What every step shares: the data with derived columns, the main equation, fits made once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from analysis.effects.data_status import SIMULATED, require_uncited, status_of
from analysis.effects.estimates import Fitted
from analysis.effects.expressions import Scope, evaluate
from analysis.effects.fitting import estimator, fit_outcome, rows_of_equation
from analysis.effects.paper.disclosure import FEW, is_hidden
from analysis.effects.paper.plan import Plan, is_dummies
from analysis.effects.study import After, Equation, Study
from analysis.effects.terms import base_of, columns_of
from analysis.messages import Text, UserError

PERSON = "person_id"
FEW_CLUSTERS = 50


@dataclass(frozen=True)
class Work:
    """A paper in the making; ``study`` has no columns left to derive, ``frame`` holds them."""

    study: Study
    plan: Plan
    frame: pd.DataFrame
    status: str
    derived: Mapping[str, str]
    cluster: tuple[str, ...]
    made: dict[str, Fitted] = field(default_factory=dict)

    @property
    def simulated(self) -> bool:
        """Whether any row was simulated."""
        return self.status == SIMULATED

    def equation(self, name: str, **changes: Any) -> Equation:
        """Return the main equation, all controls in it, but for ``changes``."""
        plan = self.plan
        main = Equation(
            id=name,
            outcomes=(plan.outcomes[0],),
            treatments=(plan.treatment,),
            controls=plan.controls,
            estimator="fixed_effects" if plan.absorb else "ols",
            vcov="",
            contrast=plan.contrast,
            absorb=plan.absorb,
            cluster=self.cluster,
            weights=plan.weights,
            where=plan.where,
        )
        asked = replace(main, **changes)
        if asked.weights and asked.estimator == "ols":
            return replace(asked, estimator="wls")
        return asked

    def fit(self, equation: Equation) -> Fitted:
        """Return an equation fitted, once for every id."""
        if equation.id not in self.made:
            fitted = fit_outcome(self.study, equation, equation.outcomes[0], self.frame)
            self.made[equation.id] = fitted
        return self.made[equation.id]

    def main(self) -> Fitted:
        """Return the main equation fitted."""
        return self.fit(self.equation("main"))

    def require_main(self) -> Fitted:
        """Return the main equation fitted, without which there is no paper.

        Raises
        ------
        UserError
            If it is refused, or may not be shown.
        """
        if is_hidden(self, self.main()):
            raise not_made(*FEW)
        return self.main()

    @property
    def persons(self) -> pd.Series:
        """The person of each row: by the survey's number, else the study's entity, else the row."""
        for name in (PERSON, self.study.entity):
            if name in self.frame:
                return self.frame[name]
        return pd.Series(self.frame.index, index=self.frame.index)

    def persons_of(self, fitted: Fitted) -> pd.Series:
        """Return the persons of the rows that a fit used."""
        return self.persons.iloc[fitted.sample.positions].reset_index(drop=True)

    def bases(self) -> dict[str, Text]:
        """Return the name of the level that the main equation's dummies leave out, by column."""
        used = Scope(self.frame.iloc[self.main().sample.positions].reset_index(drop=True))
        terms = filter(is_dummies, self.plan.controls)
        found = {name: base for term in terms for name, base in base_of(term, used).items()}
        return {name: self.plan.level(name, base) for name, base in found.items()}

    def after(self, fitted: Fitted, name: str, **options: Any) -> pd.DataFrame:
        """Return the rows that an after tool finds on a fitted equation."""
        asked = replace(fitted.equation, after=(After(name, options),))
        rows = rows_of_equation([replace(fitted, equation=asked)], self.frame)
        return rows[rows["component"].astype(str).str.startswith(name)]

    def both(self, where: str) -> str:
        """Return a row filter beside the paper's own."""
        return f"({self.plan.where}) and ({where})" if self.plan.where else where


def not_made(english: str, chinese: str) -> UserError:
    """Return the reason why a step has nothing to show."""
    return UserError("paper_not_made", reason=Text(english, chinese))


def start(study: Study, plan: Plan, frame: pd.DataFrame, file: str = "") -> Work:
    """Return the work, once every name of the plan has been found in the data.

    Raises
    ------
    UserError
        If a name or expression is refused, or a cited study is given simulated data.
    """
    require_uncited(study, frame, file)
    status = status_of(study, frame)
    columns = frame.reset_index(drop=True)
    entity, time = study.entity or None, study.time or None
    for name, text in study.derive.items():
        columns = columns.assign(**{name: evaluate(text, Scope(columns, entity, time))})
    _require_found(plan, Scope(columns, entity, time))
    whole = replace(study, derive={}, equations=())
    return Work(whole, plan, columns, status, study.derive, _cluster(plan, columns))


def _require_found(plan: Plan, scope: Scope) -> None:
    terms = [
        *plan.outcomes, plan.treatment, *plan.controls, *plan.instruments, *plan.exclusion,
        *plan.matching, *plan.mediators,
    ]  # fmt: skip
    for check in plan.robustness:
        terms += [*check.changes.get("controls", ()), *filter(None, [check.changes.get("outcome")])]
        if check.changes.get("estimator"):
            estimator(check.changes["estimator"])
    for term in dict.fromkeys(terms):
        columns_of(term, scope)
    filters = [plan.where, *(str(check.changes.get("where", "")) for check in plan.robustness)]
    for text in dict.fromkeys(one for one in [*filters, *plan.groups] if one):
        evaluate(text, scope)
    for name in [*plan.absorb, *plan.cluster, *filter(None, [plan.weights])]:
        scope.column(name)


def _cluster(plan: Plan, frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the clusters named, else the survey's sampling units, else provinces, else none."""
    if plan.cluster:
        return plan.cluster
    for name in ("psu", "province"):
        if name in frame and frame[name].notna().all():
            return (name,)
    return ()
