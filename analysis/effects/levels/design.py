"""A multilevel equation as asked for: nested groups, random columns, orthonormal fixed columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import linalg

from analysis.effects.expressions import unknown
from analysis.effects.inference import bootstrap
from analysis.effects.likelihoods.likelihood import Design, design_of
from analysis.effects.linear_models.least_squares import CONSTANT
from analysis.effects.linear_models.panel import Codes, codes_in, is_nested
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import UserError

Array = NDArray[np.float64]
OPTIONS = ("levels", "random_slopes", "covariance", "method")
# residuals of no more than this share of the outcome are rounding error
EXACT = 1e-12
CHOICES = {"covariance": ("unstructured", "diagonal"), "method": ("reml", "ml")}


@dataclass(frozen=True)
class Level:
    """One level: (n,) codes of its groups, ascending within those of the level around it.

    ``columns`` (n, q) are the random columns, a constant first, slopes divided by ``scale`` (q,).
    """

    name: str
    codes: Codes
    terms: tuple[str, ...]
    columns: Array
    scale: Array

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return int(self.codes.max()) + 1

    @property
    def q(self) -> int:
        """Number of random columns."""
        return self.columns.shape[1]


@dataclass(frozen=True)
class Asked:
    """The equation: levels from the innermost out, and the fixed part X = Q root in two forms.

    Attributes
    ----------
    order
        (n,) rows of the sample in the order of the levels' codes, in which all else here stands.
    q, e
        (n, p) orthonormal basis of the fixed columns, (n,) residuals of least squares.
    least_squares
        (p,) coefficients of least squares; those of the model are this plus ``root`` times those
        of e on Q, with X ``root`` = Q.
    """

    levels: tuple[Level, ...]
    design: Design
    order: Codes
    q: Array
    e: Array
    least_squares: Array
    root: Array
    restricted: bool
    diagonal: bool

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.e)

    @property
    def freedom(self) -> int:
        """Rows less fixed coefficients under REML, rows under ML."""
        return self.n - (self.q.shape[1] if self.restricted else 0)


def asked_of(sample: Sample, equation: Equation) -> Asked:
    """Return the equation as asked for.

    Raises
    ------
    UserError
        If an option is unknown, there are weights, levels are absent or not told apart, a random
        slope is no term of the equation, or clusters cut across the outermost level.
    """
    require_plain(equation, OPTIONS)
    names = _level_names(equation)
    choices = {name: _choice(equation, name) for name in CHOICES}
    slopes = _slopes(sample, equation, names)
    _require_whole(sample, names[0], equation)
    codes, order = _nested(sample, len(names))
    _require_apart(codes, names, equation)
    design = design_of(sample, equation)
    levels = [
        _level(name, code, sample.regressors[slopes[name]].iloc[order])
        for name, code in zip(names, codes, strict=True)
    ]
    q, r = linalg.qr(design.scaled, mode="economic")
    root = design.back @ linalg.solve_triangular(r, np.eye(len(r)))
    on_q = q.T @ sample.outcome
    rest = sample.outcome - q @ on_q
    rest = rest - q @ (q.T @ rest)  # the second pass takes out the rounding error of the first
    if np.linalg.norm(rest) <= EXACT * np.linalg.norm(sample.outcome):
        english = "an outcome that the terms do not fit exactly"
        raise needs(equation, english, "因变量在各变量之外仍有变异")
    return Asked(
        levels=tuple(reversed(levels)), design=design, order=order, q=q[order],
        e=rest[order], least_squares=root @ on_q, root=root,
        restricted=choices["method"] == "reml", diagonal=choices["covariance"] == "diagonal",
    )  # fmt: skip


# --- options ----------------------------------------------------------------------------------


def _level_names(equation: Equation) -> list[str]:
    value = equation.options.get("levels", [])
    names = [value] if isinstance(value, str) else value
    plain = isinstance(names, list) and names and all(isinstance(name, str) for name in names)
    if not plain or len(set(names)) < len(names):
        english = 'levels = ["city", "firm"]: columns, the outermost first, none twice'
        raise needs(equation, english, 'levels = ["city", "firm"]：由外到内的层级列，不重复')
    return list(names)


def _choice(equation: Equation, name: str) -> str:
    value = equation.options.get(name, CHOICES[name][0])
    if value not in CHOICES[name]:
        raise unknown(name, str(value), list(CHOICES[name]))
    return str(value)


def _slopes(sample: Sample, equation: Equation, names: list[str]) -> dict[str, list[str]]:
    """Return the columns with random slopes by level; C(x) stands for its dummies."""
    value = equation.options.get("random_slopes", {})
    if not isinstance(value, Mapping):
        english = 'random_slopes = {firm = ["union"]}: terms by level'
        raise needs(equation, english, 'random_slopes = {firm = ["union"]}：按层级列出变量')
    for level in value:
        if level not in names:
            raise unknown("level", str(level), names)
    return {name: _columns(value.get(name, []), sample) for name in names}


def _columns(terms: Any, sample: Sample) -> list[str]:
    known = list(sample.regressors)
    found: list[str] = []
    for term in [terms] if isinstance(terms, str) else terms:
        columns = [name for name in known if name == term or name.startswith(f"{term}=")]
        if not columns:
            raise unknown("random slope (a treatment or control)", str(term), known)
        found += columns
    return list(dict.fromkeys(found))


# --- groups -----------------------------------------------------------------------------------


def _nested(sample: Sample, depth: int) -> tuple[list[Codes], Codes]:
    """Return codes of each level, groups told apart by those around them, and the rows' order.

    A cluster around the outermost level tells its groups apart too: the copies of a cluster that
    a bootstrap drew twice.
    """
    keys = [codes_in(sample.others.iloc[:, j]) for j in range(depth)]
    if sample.clusters.shape[1] == 1:
        cluster = codes_in(sample.clusters.iloc[:, 0])
        keys[0] = keys[0] * (int(cluster.max()) + 1) + cluster
    order = np.lexsort(tuple(reversed(keys)))
    new: NDArray[np.bool_] = np.zeros(len(order), dtype=bool)
    codes = []
    for key in keys:
        new[1:] |= np.diff(key[order]) != 0
        codes.append(np.cumsum(new, dtype=np.int64))
    return codes, order


def _require_apart(codes: list[Codes], names: list[str], equation: Equation) -> None:
    """Refuse levels that the data cannot tell from one another or from the error."""
    sizes = [int(code.max()) + 1 for code in codes]
    if sizes[0] < 2:
        raise needs(equation, f"two or more groups of {names[0]}", f"{names[0]} 至少有两组")
    around = [*names[1:], ""]
    for name, inner, size, inside in zip(names, around, sizes, [*sizes[1:], 0], strict=True):
        if inner and size == inside:
            english = f"more than one group of {inner} in some group of {name}"
            raise needs(equation, english, f"{name} 的某些组内有多个 {inner}")
        if size == len(codes[0]):
            english = f"more than one row in some group of {name}"
            raise needs(equation, english, f"{name} 的某些组内有多个观测")


def _require_whole(sample: Sample, name: str, equation: Equation) -> None:
    """Refuse clusters that cut across the outermost level, whose groups are the independent ones.

    A sample of clusters that a bootstrap drew (rows occur twice) was looked at before it was drawn.
    """
    if sample.clusters.shape[1] > 1:
        raise UserError("one_way_only", vcov=equation.vcov)
    if sample.clusters.shape[1] == 0:
        if equation.vcov == bootstrap.NAME:
            english = f'cluster = "{name}" or a column around it: a bootstrap draws whole groups'
            raise needs(equation, english, f"bootstrap 需按 {name} 或其外层列聚类（cluster）")
        return
    if len(np.unique(sample.positions)) < len(sample.positions):
        return
    own = codes_in(sample.others.iloc[:, 0])
    if not is_nested(own, codes_in(sample.clusters.iloc[:, 0])):
        english = f"clusters that hold whole groups of {name}"
        raise needs(equation, english, f"每个 {name} 只属于一个聚类")


def _level(name: str, codes: Codes, slopes: pd.DataFrame) -> Level:
    columns = np.column_stack([np.ones(len(codes)), slopes.to_numpy(float)])
    scale = np.sqrt((columns**2).mean(axis=0))
    scale[scale == 0.0] = 1.0
    return Level(name, codes, (CONSTANT, *slopes), columns / scale, scale)
