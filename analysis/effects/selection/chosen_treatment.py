"""The two equations of a chosen 0/1 treatment, as joint_probit.py reads them."""

import numpy as np

from analysis.effects.likelihoods.joint_probit import Pair, pair_of
from analysis.effects.likelihoods.likelihood import Design, scaled_columns
from analysis.effects.linear_models.least_squares import solve
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.selection.methods import METHOD
from analysis.effects.study import Equation


def chosen_pair(sample: Sample, equation: Equation) -> Pair:
    """Return outcome and treatment equation; the treatment is the one endogenous term.

    Raises
    ------
    UserError
        As ``joint_probit.pair_of``, if the treatment is not 0 and 1, or an option is unknown.
    """
    require_plain(equation, (METHOD,))
    pair = pair_of(sample, equation)
    if set(np.unique(pair.values)) != {0.0, 1.0}:
        raise needs(
            equation, f"an endogenous term of 0 and 1 ({pair.endogenous} is not)",
            f"取值为 0 与 1 的内生变量（{pair.endogenous} 不是）",
        )  # fmt: skip
    return pair


def regime_design(pair: Pair, value: float, equation: Equation) -> Design:
    """Return the outcome's design in the rows whose treatment is ``value``, the treatment left out.

    Raises
    ------
    UserError
        If a regime has no more rows than terms, or a term is collinear within it: without its
        coefficient there the effect of treatment is not defined.
    """
    names = [term for term in pair.first.terms if term != pair.endogenous]
    at = [pair.first.terms.index(term) for term in names]
    columns = pair.first.columns[pair.values == value][:, at]
    where = f"{pair.endogenous} = {value:g}"
    if len(columns) <= len(names) + 1:
        raise needs(
            equation, f"more than {len(names) + 1} rows where {where} (found {len(columns)})",
            f"{where} 时多于 {len(names) + 1} 个观测（现有 {len(columns)} 个）",
        )  # fmt: skip
    kept = solve(columns, pair.values[: len(columns)], 0).kept
    lost = ", ".join(name for j, name in enumerate(names) if j not in kept)
    if lost:
        raise needs(
            equation, f"terms that vary by themselves in both regimes ({lost}: not where {where})",
            f"在两个区制内均不共线的变量（{where} 时 {lost} 共线或不变）",
        )  # fmt: skip
    scaled, back = scaled_columns(columns)
    return Design(tuple(names), columns, scaled, back, ())


def about_arms(pair: Pair) -> dict[str, int]:
    """Return the numbers of rows with and without treatment."""
    treated = int(pair.values.sum())
    return {"n_treated": treated, "n_untreated": len(pair.values) - treated}
