"""Nulls of an equation's tests for the wild bootstrap: outcomes with the same rows share a tensor.

From cross-products by cluster; from the rows where those will not do: where rows are drawn, or
where the design is too ill-conditioned.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.effects.cross_products.bootstrap import FewGroups, ManyGroups, nulls
from analysis.effects.cross_products.rows import Rows, null_of_rows, of_rows
from analysis.effects.cross_products.specifications import (
    WORST_CONDITION,
    all_subsets,
    equations,
    inverse_of,
)
from analysis.effects.cross_products.tensor import CONSTANT, CrossProducts
from analysis.effects.estimates import Fitted
from analysis.effects.inference.bootstrap import keys_of
from analysis.effects.multiplicity.tested import Tested

Codes = NDArray[np.int64]
Null = FewGroups | ManyGroups


def nulls_of(
    tests: Sequence[Tested], fitted: Sequence[Fitted], codes: Sequence[Codes], groups: int
) -> list[Null]:
    """Return each test's null.

    Parameters
    ----------
    fitted, codes
        Least-squares fits, one an outcome, and the (n,) groups of their rows that share a draw.
    groups
        How many groups there are.
    """
    at = {one.outcome: j for j, one in enumerate(fitted)}
    tensors = _tensors(fitted, codes, groups)
    found = []
    for test in tests:
        place = at[test.outcome]
        null = _from_products(test, fitted[place], tensors.get(test.outcome))
        found.append(null or _from_rows(test, fitted[place], codes[place], groups))
    return found


def _tensors(
    fitted: Sequence[Fitted], codes: Sequence[Codes], groups: int
) -> dict[str, CrossProducts]:
    """Return the tensor that holds an outcome, by outcome; none where single rows are drawn."""
    shared: dict[int, list[int]] = {}
    for j, one in enumerate(fitted):
        if groups < len(codes[j]):
            shared.setdefault(id(one.sample.regressors), []).append(j)
    found: dict[str, CrossProducts] = {}
    for places in shared.values():
        tensor = _tensor([fitted[j] for j in places], codes[places[0]], groups)
        found |= {fitted[j].outcome: tensor for j in places}
    return found


def _tensor(fitted: Sequence[Fitted], codes: Codes, groups: int) -> CrossProducts:
    linear = [one.fit.linear for one in fitted]
    columns = np.vstack(
        [linear[0].design.T, *(one.response for one in linear)]  # type: ignore[union-attr]
    ).T
    outcomes = tuple(f"outcome {one.outcome}" for one in fitted)
    return of_rows(Rows((*_names(fitted[0]), *outcomes), columns, codes, groups))


def _names(fitted: Fitted) -> tuple[str, ...]:
    terms = fitted.fit.terms
    return tuple(term if term == CONSTANT else str(k) for k, term in enumerate(terms))


def _place(test: Tested, fitted: Fitted) -> int:
    return keys_of(fitted.fit).index((test.term, test.component))


def _from_products(test: Tested, fitted: Fitted, products: CrossProducts | None) -> Null | None:
    if products is None:
        return None
    names = _names(fitted)
    treatment = names[_place(test, fitted)]
    others = tuple(name for name in names if name != treatment)
    outcome = f"outcome {test.outcome}"
    asked = equations(products, outcome, treatment, others, (), all_subsets(0))
    asked = replace(asked, counted=int(asked.n_obs - len(names) - fitted.fit.df_resid))
    if asked.chosen.all() and inverse_of(asked)[1][0] <= WORST_CONDITION:
        return next(nulls(asked, "cluster"))
    return None


def _from_rows(test: Tested, fitted: Fitted, codes: Codes, groups: int) -> Null:
    fit, linear = fitted.fit, fitted.fit.linear
    return null_of_rows(
        linear.design, linear.response, fit.estimate, fit.bread, _place(test, fitted), codes,  # type: ignore[union-attr]
        groups, "cluster", fit.df_resid,
    )  # fmt: skip
