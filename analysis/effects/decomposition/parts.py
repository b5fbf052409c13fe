"""Oaxaca and Blinder's decomposition of a difference of means, with influence functions.

Oaxaca 1973, International Economic Review 14: 693-709; Blinder 1973, Journal of Human Resources 8:
436-455; notation as Jann 2008, Stata Journal 8: 453-479, section 2. m_g are group g's means of the
regressors, b_g its coefficients, R = m_1'b_1 - m_0'b_0 the gap.

- two-fold: (m_1 - m_0)'b* explained, m_1'(b_1 - b*) + m_0'(b* - b_0) not; b* is that of a pooled
  regression with the group's dummy (Jann) or without (Neumark 1988, Journal of Human Resources
  23: 279-295), of a group, of both by half (Reimers 1983, Review of Economics and Statistics 65:
  570-579) or by size (Cotton 1988, Review of Economics and Statistics 70: 236-243);
- three-fold: endowments (m_1 - m_0)'b_0, coefficients m_0'(b_1 - b_0),
  interaction (m_1 - m_0)'(b_1 - b_0);
- reweighted (Firpo, Fortin and Lemieux 2018, Econometrics 6(2): 28): c is group 0
  with group 1's characteristics; (m_c - m_0)'b_0 explained and m_c'(b_c - b_0) specification error,
  m_1'(b_1 - b_c) unexplained and (m_1 - m_c)'b_c reweighting error.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.effects.decomposition.estimated import (
    Array,
    Estimated,
    Influence,
    beside,
    first,
    fixed,
    influence_of,
)
from analysis.effects.decomposition.reweighting import counterfactual
from analysis.effects.decomposition.two_groups import (
    Side,
    TwoGroups,
    Weighting,
    extended,
    side_of,
)
from analysis.effects.study import Equation

REFERENCES = ("pooled", "pooled_without", "group_0", "group_1", "reimers", "cotton")
POOLED = REFERENCES[:2]
TWOFOLD, THREEFOLD, REWEIGHTED = "twofold", "threefold", "reweighted"
# parts that are differences of means: the constant's are zero
OF_MEANS = {
    TWOFOLD: ("explained",),
    THREEFOLD: ("endowments", "interaction"),
    REWEIGHTED: ("pure_explained", "reweighting_error"),
}


@dataclass(frozen=True)
class Choices:
    """How to decompose: which form, whose coefficients, and whether the means are random."""

    form: str = TWOFOLD
    reference: str = "pooled"
    fixed_means: bool = False
    normalise: bool = True
    detailed: bool = True
    groups: Mapping[str, list[str]] | None = None


@dataclass(frozen=True)
class Decomposed:
    """Rows of a decomposition: (term, component) of each, (m,) values, (n, m) influence."""

    keys: tuple[tuple[str, str], ...]
    value: Array
    influence: Array


# what makes a (n,) response of weights: the outcome itself, or a statistic's influence function
Response = Callable[[Array], Array]


def decomposed(
    groups: TwoGroups, responses: Mapping[str, Response], choices: Choices, equation: Equation
) -> dict[str, Decomposed]:
    """Return for each response the gap, the groups' levels and the parts, as wholes and by term.

    A response is asked once a weighting, with weights that are zero for rows that do not count.

    Raises
    ------
    UserError
        If the terms are collinear within a group.
    """
    sides = {
        name: side_of(groups, by, equation, dummy=name == POOLED[0])
        for name, by in _weightings(groups, choices, equation).items()
    }
    return {
        name: _decomposed(groups, sides, response, choices) for name, response in responses.items()
    }


def _weightings(groups: TwoGroups, choices: Choices, equation: Equation) -> dict[str, Weighting]:
    """Return the weights of group 0, group 1 and what stands between them."""
    found = {
        f"group_{group}": Weighting(np.where(groups.rows(group), groups.weights, 0.0))
        for group in (0, 1)
    }
    if choices.form == REWEIGHTED:
        found["counterfactual"] = counterfactual(groups, equation)
    elif choices.form == TWOFOLD and choices.reference in POOLED:
        found[choices.reference] = Weighting(groups.weights)
    return found


def _decomposed(
    groups: TwoGroups, sides: Mapping[str, Side], response: Response, choices: Choices
) -> Decomposed:
    names, more_means, more = extended(groups, normalise=choices.normalise)
    y = {name: response(sides[name].by.weights) for name in sides if name not in POOLED}
    y |= {
        name: np.where(groups.member, y["group_1"], y["group_0"])
        for name in sides
        if name in POOLED
    }
    firsts, m, b = {}, {}, {}
    for name, side in sides.items():
        slopes, firsts[f"b {name}"] = side.regressed(y[name])
        firsts[f"m {name}"] = side.of_means
        m[name] = first(f"m {name}", side.means).combined(more_means)
        b[name] = first(f"b {name}", slopes).combined(more)
    firsts["share"], share = _share(groups)
    if choices.fixed_means:
        m, share = {name: fixed(one) for name, one in m.items()}, fixed(share)
    parts = _parts(m, b, share, choices)
    gap = {f"group_{group}": m[f"group_{group}"] * b[f"group_{group}"] for group in (1, 0)}
    whole = {**gap, "gap": gap["group_1"] - gap["group_0"], **parts}
    keys, rows = _rows(groups, names, whole, list(parts), choices)
    return Decomposed(keys, rows.value, influence_of(rows, firsts, len(groups.member)))


def _parts(
    m: Mapping[str, Estimated], b: dict[str, Estimated], share: Estimated, choices: Choices
) -> dict[str, Estimated]:
    m0, b0, m1, b1 = m["group_0"], b["group_0"], m["group_1"], b["group_1"]
    if choices.form == REWEIGHTED:
        return _reweighted(m0, b0, m1, b1, m["counterfactual"], b["counterfactual"])
    if choices.form == THREEFOLD:
        return _threefold(m0, b0, m1, b1)
    between = {"reimers": (b0 + b1).scaled(0.5), "cotton": b0 + share * (b1 - b0)}
    return _twofold(m0, b0, m1, b1, (b | between)[choices.reference])


def _twofold(
    m0: Estimated, b0: Estimated, m1: Estimated, b1: Estimated, b: Estimated
) -> dict[str, Estimated]:
    return {"explained": (m1 - m0) * b, "unexplained": m1 * (b1 - b) + m0 * (b - b0)}


def _threefold(m0: Estimated, b0: Estimated, m1: Estimated, b1: Estimated) -> dict[str, Estimated]:
    return {
        "endowments": (m1 - m0) * b0,
        "coefficients": m0 * (b1 - b0),
        "interaction": (m1 - m0) * (b1 - b0),
    }


def _reweighted(
    m0: Estimated, b0: Estimated, m1: Estimated, b1: Estimated, mc: Estimated, bc: Estimated
) -> dict[str, Estimated]:
    pure, misspecified = (mc - m0) * b0, mc * (bc - b0)
    own, imbalance = m1 * (b1 - bc), (m1 - mc) * bc
    return {
        "explained": pure + misspecified,
        "unexplained": own + imbalance,
        "pure_explained": pure,
        "specification_error": misspecified,
        "pure_unexplained": own,
        "reweighting_error": imbalance,
    }


def _share(groups: TwoGroups) -> tuple[Influence, Estimated]:
    """Return group 1's share of the rows."""
    w, total = groups.weights, float(groups.weights.sum())
    share = float(w @ groups.member) / total
    influence = (w * (groups.member - share) / total)[:, None]
    return Influence(np.arange(len(w)), influence), first("share", np.array([share]))


# --- rows -------------------------------------------------------------------------------------


def _rows(
    groups: TwoGroups,
    names: tuple[str, ...],
    products: Mapping[str, Estimated],
    parts: list[str],
    choices: Choices,
) -> tuple[tuple[tuple[str, str], ...], Estimated]:
    keys = [(groups.treatment, component) for component in products]
    rows = [product.combined(np.ones((1, len(names)))) for product in products.values()]
    if choices.detailed:
        sums = _sums(groups, names, choices)
        for part in parts:
            wanted = [key for key in sums if key != names[0] or part not in OF_MEANS[choices.form]]
            keys += [(key, part) for key in wanted]
            rows.append(products[part].combined(np.array([sums[key] for key in wanted])))
    return tuple(keys), beside(rows)


def _sums(groups: TwoGroups, names: tuple[str, ...], choices: Choices) -> dict[str, Array]:
    """Return by row name which of the extended terms it adds up: each, each C(x), each group."""
    unit = np.eye(len(names))
    sums = {name: unit[j] for j, name in enumerate(names)}
    for category, (places, base) in groups.categories.items():
        levels = [*(groups.terms[j] for j in places), *([base] if choices.normalise else [])]
        sums[category] = unit[[names.index(level) for level in levels]].sum(axis=0)
    for group, columns in (choices.groups or {}).items():
        whole = {name: sums[name] for name in columns}
        for category, (places, _) in groups.categories.items():
            dummies = {groups.terms[j] for j in places}
            if dummies <= set(columns):
                whole = {k: v for k, v in whole.items() if k not in dummies}
                whole[category] = sums[category]
        sums[group] = np.sum([np.zeros(len(names)), *whole.values()], axis=0)
    return sums
