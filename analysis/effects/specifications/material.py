"""What a curve's samples are solved from: cross-products, and the rows where there are any."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.effects.cross_products.rows import Rows, of_rows
from analysis.effects.cross_products.tensor import CONSTANT, CrossProducts
from analysis.effects.linear_models.panel import codes_in, is_nested, within
from analysis.effects.multiplicity.assignments import cluster_codes
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.specifications.choices import WHOLE, Choices, listed
from analysis.effects.study import Equation

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Material:
    """One sample: its tensor, and its rows unless they are out of memory."""

    products: CrossProducts
    rows: Rows | None = None

    @property
    def always(self) -> tuple[str, ...]:
        """The constant where there is one: an absorbed effect holds it otherwise."""
        return (CONSTANT,) if CONSTANT in self.products.layout.columns else ()

    def column(self, kind: str, name: str) -> str:
        """Return the tensor's name of an outcome, treatment or control column."""
        return name if self.rows is None else f"{kind} {name}"


def material_of(
    sample: Sample, equation: Equation, choices: Choices, codes: Codes, groups: int
) -> dict[str, Material]:
    """Return each sample's material from rows in memory.

    Parameters
    ----------
    codes
        (n,) groups of rows that share a draw, among ``groups``.

    Raises
    ------
    UserError
        If a sample is empty, or an absorbed effect is not one that is nested in one-way clusters.
    """
    effect = _effect(sample, equation)
    columns = _columns(sample, equation, choices)
    return {
        name: _material(columns, _kept(sample, equation, name), codes, groups, effect)
        for name in choices.samples
    }


def _effect(sample: Sample, equation: Equation) -> Codes | None:
    """Return the (n,) codes of the absorbed effect, None without one."""
    if not sample.absorbed.shape[1]:
        return None
    codes = codes_in(sample.absorbed.iloc[:, 0])
    one_way = sample.clusters.shape[1] == 1 and sample.absorbed.shape[1] == 1
    if not one_way or not is_nested(codes, cluster_codes(sample)):
        raise needs(
            equation, "one absorbed effect, nested in one-way clusters (small ones as C(x))",
            "一个嵌套于单向聚类之中的吸收效应（层数少的效应用 C(x)）",
        )  # fmt: skip
    return codes


def _columns(sample: Sample, equation: Equation, choices: Choices) -> dict[str, Array]:
    """Return the (n,) columns of all that may be chosen, by kind and name."""
    found = {"outcome": sample.outcome, "treatment": sample.regressors.iloc[:, 0].to_numpy(float)}
    keyed = {CONSTANT: np.ones(sample.n_obs)}
    for kind, names in (("treatment", choices.treatments), ("outcome", choices.outcomes)):
        keyed[f"{kind} {names[0]}"] = found[kind]
        for name in names[1:]:
            position = listed(equation, f"{kind}s").index(name)
            keyed[f"{kind} {name}"] = _option_column(sample, f"{kind}s", position)
    for name in choices.control_columns:
        keyed[f"control {name}"] = sample.regressors[name].to_numpy(float)
    return keyed


def _option_column(sample: Sample, option: str, position: int) -> Array:
    """Return the (n,) column that an option names, one alone or at a place of its list."""
    name = option if option in sample.others else f"{option}[{position}]"
    return sample.others[name].to_numpy(float)


def _kept(sample: Sample, equation: Equation, name: str) -> NDArray[np.bool_]:
    if name == WHOLE:
        return np.ones(sample.n_obs, dtype=bool)
    position = listed(equation, "samples").index(name)
    kept = _option_column(sample, "samples", position) != 0.0
    if not kept.any():
        raise needs(equation, f"rows where {name}", f"满足 {name} 的观测")
    return kept


def _material(
    columns: dict[str, Array],
    kept: NDArray[np.bool_],
    codes: Codes,
    groups: int,
    effect: Codes | None,
) -> Material:
    rows = Rows(tuple(columns), np.column_stack(list(columns.values()))[kept], codes[kept], groups)
    if effect is not None:
        mine = np.unique(effect[kept], return_inverse=True)[1]
        names, absorbed = rows.names[1:], int(mine.max()) + 1
        rest = within(rows.columns[:, 1:], mine)
        rows = replace(rows, names=names, columns=rest, absorbed=absorbed, counted=1)
    return Material(of_rows(rows), rows)
