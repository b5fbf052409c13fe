"""Two groups on the same regressors: means, coefficients, and their influence functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular

from analysis.effects.decomposition.estimated import Array, Influence, Rows
from analysis.effects.decomposition.named_groups import categorical_terms, columns_of_term
from analysis.effects.distribution.grid import weights_of
from analysis.effects.linear_models.least_squares import CONSTANT, solve
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

# what is left of a column beside those before it, as a share of it, below which it is collinear
COLLINEAR = 1e-9


@dataclass(frozen=True)
class TwoGroups:
    """The rows of an equation as two groups.

    Attributes
    ----------
    treatment, member
        Name and (n,) values, True in group 1.
    terms, columns
        K names, the constant first; (n, K).
    weights
        (n,), mean one.
    categories
        By C(x), the positions of its dummies among the terms and the name of the level they lack.
    dropped
        Terms that the others explain.
    """

    treatment: str
    member: NDArray[np.bool_]
    terms: tuple[str, ...]
    columns: Array
    weights: Array
    categories: Mapping[str, tuple[list[int], str]] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()

    def rows(self, group: int) -> NDArray[np.bool_]:
        """Return which rows are of group 0 or 1."""
        return self.member if group else ~self.member


def two_groups(sample: Sample, equation: Equation) -> TwoGroups:
    """Return the equation's rows as two groups.

    Raises
    ------
    UserError
        If there is not one treatment of two values, 0 and 1; no control; or a group with no more
        rows than terms.
    """
    if len(sample.treatments) != 1 or sample.treatments[0] not in sample.regressors:
        raise needs(equation, "one treatment: the group, 0 or 1", "一个处理变量：组别（0 或 1）")
    name = sample.treatments[0]
    values = sample.regressors[name].to_numpy(float)
    if set(np.unique(values)) != {0.0, 1.0}:
        raise needs(
            equation, f"a treatment of 0 and 1, both present ({name} is not)",
            f"取值为 0 和 1 且两组皆有观测的处理变量（{name} 不是）",
        )  # fmt: skip
    controls = sample.regressors.drop(columns=name)
    if not controls.shape[1]:
        raise needs(equation, "controls: what the groups differ in", "控制变量：两组的差异所在")
    member = values == 1.0
    full = np.column_stack([np.ones(sample.n_obs), controls.to_numpy(float)])
    kept = solve(full, sample.outcome, 0).kept
    names = [CONSTANT, *controls]
    terms = tuple(names[j] for j in kept)
    for group in (0, 1):
        n = int((member == bool(group)).sum())
        if n <= len(terms):
            raise needs(
                equation, f"more rows than terms in group {group} ({n} rows, {len(terms)} terms)",
                f"组 {group} 的观测多于变量（{n} 个观测，{len(terms)} 个变量）",
            )  # fmt: skip
    return TwoGroups(
        name, member, terms, full[:, list(kept)], weights_of(sample, equation),
        _categories(equation, sample, terms),
        tuple(term for term in names if term not in terms),
    )  # fmt: skip


def _categories(
    equation: Equation, sample: Sample, terms: tuple[str, ...]
) -> dict[str, tuple[list[int], str]]:
    """Return each C(x): where its dummies are and the name of the level without one.

    Where no row has the level that C(x) leaves out, it is the level whose dummy was set aside.
    """
    found: dict[str, tuple[list[int], str]] = {}
    for name, base in categorical_terms(equation.controls).items():
        dummies = columns_of_term(name, list(sample.regressors))
        places = [terms.index(one) for one in dummies if one in terms]
        if not places:
            continue
        aside = [one for one in dummies if one not in terms and sample.regressors[one].any()]
        bare = bool((sample.regressors[dummies].sum(axis=1) == 0.0).any())
        found[name] = (places, aside[-1] if aside and not bare else f"{name}={base or 'base'}")
    return found


# --- means and regressions --------------------------------------------------------------------


@dataclass(frozen=True)
class Weighting:
    """(n,) weights of the rows that count, zero elsewhere.

    Where they rest on a first step, w = v exp(x'c), ``first`` (n, K) is the influence of c.
    """

    weights: Array
    first: Array | None = None


@dataclass(frozen=True)
class Side:
    """The rows that count under one weighting.

    Attributes
    ----------
    by, rows
        The weighting, the (r,) positions of its rows.
    columns
        (r, k) regressors, the group's dummy last where it is among them.
    bread
        (X'WX)^-1, (k, k).
    means, of_means
        (K,) means of the terms and their influence.
    """

    by: Weighting
    rows: Rows
    columns: Array
    bread: Array
    means: Array
    of_means: Influence

    def regressed(self, response: Array) -> tuple[Array, Influence]:
        """Return the K terms' coefficients: f_i = (X'WX)^-1 w_i x_i e_i, plus the first step's."""
        w, y, k = self.by.weights[self.rows], response[self.rows], len(self.means)
        b = self.bread @ (self.columns.T @ (w * y))
        # once more on the residuals: what rounding left in the first solution
        b = b + self.bread @ (self.columns.T @ (w * (y - self.columns @ b)))
        scores = self.columns * (w * (y - self.columns @ b))[:, None]
        return b[:k], _influence(self.by, self.rows, self.columns[:, :k], scores, self.bread[:, :k])


def side_of(groups: TwoGroups, by: Weighting, equation: Equation, *, dummy: bool = False) -> Side:
    """Return the rows under a weighting, with the group's dummy among the regressors or without.

    The means' influence is f_i = w_i (x_i - m) / W.

    Raises
    ------
    UserError
        If the terms are collinear in the rows that count.
    """
    rows = np.flatnonzero(by.weights > 0.0)
    terms, w = groups.columns[rows], by.weights[rows]
    columns = np.column_stack([terms, groups.member[rows]]) if dummy else terms
    total = float(w.sum())
    means = w @ terms / total
    apart = w[:, None] * (terms - means)
    of_means = _influence(by, rows, terms, apart, np.eye(len(means)) / total)
    return Side(by, rows, columns, _bread(groups, columns, rows, w, equation), means, of_means)


def _influence(by: Weighting, rows: Rows, columns: Array, scores: Array, bread: Array) -> Influence:
    """Return A s_i, plus A (sum_j s_j x_j') times the first step's influence where there is one."""
    if by.first is None:
        return Influence(rows, scores @ bread)
    values = by.first @ (columns.T @ scores @ bread)
    values[rows] += scores @ bread
    return Influence(np.arange(len(values)), values)


def _bread(groups: TwoGroups, columns: Array, rows: Rows, w: Array, equation: Equation) -> Array:
    """Return (X'WX)^-1 by QR of the centred, scaled columns; the first is the constant."""
    total = float(w.sum())
    centre = w @ columns[:, 1:] / total
    apart = (columns[:, 1:] - centre) * np.sqrt(w)[:, None]
    size = np.sqrt((apart**2).sum(axis=0))
    noise = COLLINEAR * np.sqrt(w @ columns[:, 1:] ** 2)
    scaled = apart / np.where(size > noise, size, 1.0)
    r = qr(scaled, mode="r")[0][: scaled.shape[1]]
    missing = (np.abs(np.diag(r)) < COLLINEAR) | (size <= noise)
    _require_none(groups, rows, missing, equation)
    inverse = solve_triangular(r, np.eye(len(r))) / size[:, None]
    slopes = inverse @ inverse.T
    cross = -slopes @ centre
    corner = np.array([[1.0 / total - centre @ cross]])
    return np.asarray(np.block([[corner, cross[None, :]], [cross[:, None], slopes]]))


def _require_none(
    groups: TwoGroups, rows: Rows, missing: NDArray[np.bool_], equation: Equation
) -> None:
    if missing.any():
        group = 1 if groups.member[rows].all() else 0
        terms = np.array([*groups.terms[1:], groups.treatment])[: len(missing)]
        names = ", ".join(terms[missing])
        raise needs(
            equation, f"terms that vary apart from each other in both groups: {names} (group "
            f"{group})",
            f"在两组内都各自有变化的变量：{names}（组 {group}）",
        )  # fmt: skip


# --- the same whichever level is left out -----------------------------------------------------


def extended(groups: TwoGroups, *, normalise: bool) -> tuple[tuple[str, ...], Array, Array]:
    """Return names, and the matrices that extend means and coefficients by the levels left out.

    The mean of a level left out is one less those of the others. With ``normalise`` the
    coefficients of a C(x) are made to sum to zero over all its levels, their mean moved to the
    constant: the parts then do not depend on which level is left out (Gardeazabal and Ugidos 2004,
    Review of Economics and Statistics 86: 1034-1036; Yun 2005, Economic Inquiry 43: 766-772).
    """
    k = len(groups.terms)
    categories = groups.categories if normalise else {}
    names = (*groups.terms, *(base for _, base in categories.values()))
    means, coefficients = np.eye(len(names), k), np.eye(len(names), k)
    for row, (places, _) in enumerate(categories.values(), start=k):
        means[row, 0], means[row, places] = 1.0, -1.0
        share = np.zeros(k)
        share[places] = 1.0 / (len(places) + 1)
        coefficients[0] += share
        coefficients[[*places, row]] -= share
    return names, means, coefficients
