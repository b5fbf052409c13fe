"""How much of a coefficient's change is due to which controls, whatever their order (Gelbach).

Gelbach 2016, Journal of Labor Economics 34: 509-543: with y = X1 b1 + X2 b2 + e and the short
regression y = X1 c1 + u, c1 - b1 = (X1'X1)^-1 X1'X2 b2 exactly; the contribution of controls k is
(X1'X1)^-1 X1'H_k, H_k = X_2k b_2k. Its influence: that of the regression of H_k on X1, plus what
b_2k moves. Absorbed effects are in both regressions, or a group of their own.
"""

from dataclasses import dataclass

import numpy as np

from analysis.effects.about import About
from analysis.effects.decomposition.named_groups import columns_of_term, groups_of
from analysis.effects.estimates import Fitted, law_of
from analysis.effects.expressions import unknown
from analysis.effects.findings import Asked, Finding
from analysis.effects.linear_models.least_squares import CONSTANT
from analysis.effects.sensitivity.least_squares_of import (
    Array,
    LeastSquares,
    controls_of,
    covariance_of,
    least_squares_of,
    terms_asked,
)

LEVEL = 0.95
ABSORBED = "absorbed"
WHOLE = ("short", "long", "change")
CLUSTER = "the short regression leaves the effects in its errors: cluster by them"
ABOUT = About(
    fits="the change of the treatment's coefficient by control or group of controls",
    needs="least squares with controls; options groups ({name = [terms]}), base (terms that stay "
    "in the short regression), absorbed (keep or decompose)",
    reports="short and long coefficient, their difference, each group's contribution",
)


@dataclass(frozen=True)
class Split:
    """Contributions (m,) to one treatment's coefficient, with influence (n, m).

    ``classical`` (m, m) is their covariance under equal variances, ``with_long`` (m,) that with the
    long coefficient.
    """

    names: tuple[str, ...]
    value: Array
    influence: Array
    classical: Array
    with_long: Array
    notes: tuple[str, ...] = ()


def find(asked: Asked) -> list[Finding]:
    """Return rows short, long, change and one a group, for each outcome and treatment.

    A group without a name in ``groups`` is a term of the equation (all dummies of a C(x) together).
    ``absorbed`` = "decompose" makes the absorbed effects a group: the short regression then goes
    without them. The change's share of a group is in its extras.

    Raises
    ------
    UserError
        If the equation is not least squares, nothing is left to add, or a term is unknown.
    """
    asked.require("groups", "base", ABSORBED)
    return [finding for fitted in asked.fitted for finding in _findings(asked, fitted)]


def _findings(asked: Asked, fitted: Fitted) -> list[Finding]:
    problem = least_squares_of(asked, fitted)
    base = terms_asked(asked, "base", problem, asked.options.get("base", []))
    groups = _groups(asked, problem, base)
    outside = _decomposes_absorbed(asked, fitted)
    if not groups and not outside:
        raise asked.needs("controls beyond those of base", "base 之外的控制变量")
    columns = _columns(problem, outside)
    kept = [term for term in columns if term == CONSTANT or term in [*asked.terms(), *base]]
    findings = []
    for term in asked.terms():
        split = _split(problem, columns, term, kept, groups)
        findings += _rows(problem, term, split if not outside else _with_absorbed(
            problem, columns, term, kept, split))  # fmt: skip
    return findings


def _columns(problem: LeastSquares, outside: bool) -> dict[str, Array]:
    """Return the equation's columns as solved; with the effects in them where they are a group."""
    if not outside:
        return dict(zip(problem.terms, problem.columns.T, strict=True))
    sample = problem.fitted.sample
    own = {term: sample.regressors[term].to_numpy(float) for term in problem.terms}
    return {CONSTANT: np.ones(sample.n_obs), **own}


def _groups(asked: Asked, problem: LeastSquares, base: list[str]) -> dict[str, list[str]]:
    """Return columns by group: those named, then each control left by itself."""
    found = _named(asked, problem, base)
    taken = [column for columns in found.values() for column in columns]
    left = [term for term in controls_of(asked, problem) if term not in (*base, *taken)]
    for term in asked.equation.controls:
        columns = [column for column in columns_of_term(term, problem.terms) if column in left]
        if columns:
            found[term] = columns
            left = [column for column in left if column not in columns]
    return found


def _named(asked: Asked, problem: LeastSquares, base: list[str]) -> dict[str, list[str]]:
    """Return the groups that the option names: each term in one of them, none of the base."""
    option = asked.options.get("groups", {})
    named = groups_of(option, problem.terms) if option else {}
    if named is None:
        raise asked.needs("groups = {name = [terms], ...}", "groups = {名称 = [变量], ...}")
    left = [term for term in controls_of(asked, problem) if term not in base]
    for name, terms in named.items():
        if name in (*WHOLE, *asked.equation.controls, *problem.terms):
            raise asked.needs(
                f"a name for the group {name} that no term or row has",
                f"不与变量或其他行同名的组名（{name}）",
            )
        for term in terms:
            if term not in left:
                raise unknown("term", term, left)
        left = [term for term in left if term not in terms]
    return dict(named)


def _decomposes_absorbed(asked: Asked, fitted: Fitted) -> bool:
    value = asked.options.get(ABSORBED, "keep")
    if value not in ("keep", "decompose"):
        raise unknown(ABSORBED, str(value), ["keep", "decompose"])
    if value == "decompose" and not fitted.fit.fixed_effects:
        raise asked.needs("absorbed effects to decompose", "可分解的吸收效应")
    return value == "decompose"


# --- contributions ----------------------------------------------------------------------------


def _split(
    problem: LeastSquares,
    columns: dict[str, Array],
    term: str,
    kept: list[str],
    groups: dict[str, list[str]],
) -> Split:
    fit, short = problem.fit, np.column_stack([columns[name] for name in kept])
    bread = np.linalg.inv(short.T @ short)
    row = short @ bread[kept.index(term)]
    b = dict(zip(problem.terms, fit.estimate, strict=True))
    parts = np.array([sum(columns[one] * b[one] for one in names) for names in groups.values()])
    parts = parts.reshape(len(groups), len(row)).T
    rests = parts - short @ (bread @ (short.T @ parts))
    # derivatives by the long regression's coefficients: (X1'X1)^-1 X1'X2k, zero for other groups
    gamma = np.array([
        [row @ columns[one] if one in names else 0.0 for one in problem.terms]
        for names in groups.values()
    ]).reshape(len(groups), -1)  # fmt: skip
    influence = row[:, None] * rests + fit.scores @ (gamma @ fit.bread).T
    classical = gamma @ fit.classical @ gamma.T
    classical = classical + rests.T @ rests / fit.df_resid * float(row @ row)
    with_long = gamma @ fit.classical[:, problem.terms.index(term)]
    return Split(tuple(groups), row @ parts, influence, classical, with_long)


def _with_absorbed(
    problem: LeastSquares, columns: dict[str, Array], term: str, kept: list[str], split: Split
) -> Split:
    """Add the absorbed effects as a group: the whole change less the other contributions.

    The change is the short coefficient (without the effects) less the long one, and so is its
    influence. The classical covariance is not defined here: the robust one stands in.
    """
    fit, y = problem.fit, problem.fitted.sample.outcome
    short = np.column_stack([columns[name] for name in kept])
    bread = np.linalg.inv(short.T @ short)
    b = bread @ (short.T @ y)
    j, k = kept.index(term), problem.terms.index(term)
    of_change = (short @ bread[j]) * (y - short @ b) - fit.scores @ fit.bread[k]
    value = np.append(split.value, b[j] - fit.estimate[k] - split.value.sum())
    influence = np.column_stack([split.influence, of_change - split.influence.sum(axis=1)])
    name = fit.fixed_effects
    with_long = influence.T @ (fit.scores @ fit.bread[k])
    notes = (CLUSTER,) if problem.fitted.equation.vcov != "cluster" else ()
    return Split((*split.names, name), value, influence, influence.T @ influence, with_long, notes)


# --- rows -------------------------------------------------------------------------------------


def _rows(problem: LeastSquares, term: str, split: Split) -> list[Finding]:
    """Return short, long, change and contributions with their errors.

    The short coefficient is the long one plus the change, and so are their influences.
    """
    fit, k, m = problem.fit, problem.terms.index(term), len(split.names)
    own = np.column_stack([fit.scores @ fit.bread[k], split.influence])
    change = np.append(0.0, np.ones(m))
    unit = np.eye(m + 1)
    sums = np.vstack([unit[0] + change, unit[0], change, unit[1:]])
    value = sums @ np.append(fit.estimate[k], split.value)
    middle = np.zeros((m + 1, m + 1))
    middle[0, 0], middle[1:, 1:] = fit.classical[k, k], split.classical
    middle[0, 1:] = middle[1:, 0] = split.with_long
    found, note = covariance_of(problem.fitted, value, own @ sums.T, sums @ middle @ sums.T)
    errors = np.sqrt(np.clip(np.diag(found.matrix), 0.0, None))
    names = (*WHOLE, *split.names)
    return [
        _finding(problem.fitted, term, name, number, error, value[2], (note, *split.notes))
        for name, number, error in zip(names, value, errors, strict=True)
    ]


def _finding(
    fitted: Fitted,
    term: str,
    name: str,
    value: float,
    error: float,
    change: float,
    notes: tuple[str, ...],
) -> Finding:
    whole = name in WHOLE
    extras = {} if whole or change == 0.0 else {"share_of_change": float(value / change)}
    note = "; ".join(note for note in notes if note)
    if not error > 0.0:
        return Finding(term, float(value), "coefficient", name, fitted.outcome, extras=extras,
                       note=note)  # fmt: skip
    law = law_of(fitted)
    reach = float(law.ppf(0.5 + LEVEL / 2.0)) * error
    return Finding(
        term, float(value), "coefficient", name, fitted.outcome, std_error=float(error),
        statistic=float(value / error), p_value=float(2.0 * law.sf(abs(value / error))),
        ci_low=float(value - reach), ci_high=float(value + reach), extras=extras, note=note,
    )  # fmt: skip
