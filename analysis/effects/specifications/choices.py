"""Which specifications there are: each outcome, treatment, sample, set of controls, error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from analysis.effects.expressions import unknown
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

Array = NDArray[np.float64]
ALL_SUBSETS, WHOLE = "all_subsets", "all"
MOST = 4096


@dataclass(frozen=True)
class Specification:
    """One way to ask the question: names of its parts; ``controls`` are terms of the equation."""

    number: int
    outcome: str
    treatment: str
    sample: str
    controls: tuple[str, ...]
    vcov: str

    def words(self, several: Mapping[str, bool]) -> str:
        """Return "spec=3 controls=x1+x2 ..." with the parts that differ between specifications."""
        parts = {
            "outcome": self.outcome,
            "treatment": self.treatment,
            "sample": self.sample,
            "controls": "+".join(self.controls) or "none",
            "vcov": self.vcov,
        }
        shown = [f"{name}={value}" for name, value in parts.items() if several[name]]
        return "; ".join([f"spec={self.number}", *shown])


@dataclass(frozen=True)
class Choices:
    """What each part may be: (n,) columns by name, sets of controls, covariances.

    ``columns`` holds the design's columns of each control term.
    """

    outcomes: dict[str, Array]
    treatments: dict[str, Array]
    samples: dict[str, NDArray[np.bool_]]
    controls: tuple[tuple[str, ...], ...]
    columns: dict[str, list[str]]
    vcovs: tuple[str, ...]

    @property
    def several(self) -> dict[str, bool]:
        """Which parts differ between specifications."""
        sizes = {
            "outcome": len(self.outcomes),
            "treatment": len(self.treatments),
            "sample": len(self.samples),
            "controls": len(self.controls),
            "vcov": len(self.vcovs),
        }
        return {name: size > 1 for name, size in sizes.items()}

    def specifications(self) -> list[Specification]:
        """Return them all, numbered from 1."""
        parts = product(self.samples, self.outcomes, self.treatments, self.controls, self.vcovs)
        return [
            Specification(j, outcome, treatment, sample, controls, vcov)
            for j, (sample, outcome, treatment, controls, vcov) in enumerate(parts, 1)
        ]


def choices_of(sample: Sample, equation: Equation, vcovs: Sequence[str]) -> Choices:
    """Return what the options of an equation leave to choose.

    The equation's own outcome, treatment and rows come first, then the alternatives of options
    outcomes, treatments and samples. ``controls`` is "all_subsets" of the equation's controls or a
    list of lists of them (default: all of them); those of ``always`` are in every set.

    Raises
    ------
    UserError
        If there is not one treatment of one column, a control or covariance is unknown, a sample
        is empty, or there is one specification only or more than 4,096.
    """
    if len(equation.treatments) != 1 or equation.treatments[0] not in sample.regressors:
        raise needs(equation, "one treatment of one column", "一个单列的处理变量")
    treatment = equation.treatments[0]
    own = sample.regressors[treatment].to_numpy(float)
    columns = _columns(sample, equation)
    choices = Choices(
        outcomes=_alternatives(sample, equation, "outcomes", equation.outcomes, sample.outcome),
        treatments=_alternatives(sample, equation, "treatments", equation.treatments, own),
        samples=_samples(sample, equation),
        controls=_control_sets(equation, list(columns)),
        columns=columns,
        vcovs=_vcovs(equation, vcovs),
    )
    sizes = (choices.outcomes, choices.treatments, choices.samples, choices.controls, choices.vcovs)
    count = int(np.prod([len(part) for part in sizes]))
    if not 2 <= count <= MOST:
        raise needs(
            equation, f"2 to {MOST} specifications; these are {count}",
            f"2 至 {MOST} 个设定；现为 {count} 个",
        )  # fmt: skip
    return choices


def _listed(equation: Equation, name: str) -> list[str]:
    value = equation.options.get(name, [])
    return [str(text) for text in value] if isinstance(value, list) else [str(value)]


def _alternatives(
    sample: Sample, equation: Equation, option: str, own: Sequence[str], values: Array
) -> dict[str, Array]:
    """Return the equation's own column (named if it is the only one) and the alternatives."""
    if len(own) > 1 and _listed(equation, option):
        raise needs(equation, f"one outcome beside options.{option}", f"{option} 之外单一结果变量")
    found = {own[0] if len(own) == 1 else "outcome": values}
    for position, text in enumerate(_listed(equation, option)):
        found[text] = _option_column(sample, option, position)
    return found


def _option_column(sample: Sample, option: str, position: int) -> Array:
    name = option if option in sample.others else f"{option}[{position}]"
    return sample.others[name].to_numpy(float)


def _samples(sample: Sample, equation: Equation) -> dict[str, NDArray[np.bool_]]:
    found = {WHOLE: np.ones(sample.n_obs, dtype=bool)}
    for position, text in enumerate(_listed(equation, "samples")):
        found[text] = _option_column(sample, "samples", position) != 0.0
        if not found[text].any():
            raise needs(equation, f"rows where {text}", f"满足 {text} 的观测")
    return found


def _columns(sample: Sample, equation: Equation) -> dict[str, list[str]]:
    """Return the columns of each control, in the order in which the sample has them."""
    names = [name for name in sample.regressors if name != equation.treatments[0]]
    return {
        term: [name for name in names if name == term or name.startswith(f"{term}=")]
        for term in equation.controls
    }


def _control_sets(equation: Equation, known: list[str]) -> tuple[tuple[str, ...], ...]:
    always = _listed(equation, "always")
    wanted = equation.options.get("controls", [known])
    free = [term for term in known if term not in always]
    if wanted == ALL_SUBSETS:
        if 2 ** len(free) > MOST:
            raise needs(equation, f"2 to {MOST} specifications", f"2 至 {MOST} 个设定")
        wanted = [
            [term for j, term in enumerate(free) if bits >> j & 1] for bits in range(2 ** len(free))
        ]
    if not isinstance(wanted, list) or not all(isinstance(one, list) for one in wanted):
        raise needs(equation, 'controls: "all_subsets" or lists', 'controls："all_subsets" 或列表')
    for name in [*always, *(name for one in wanted for name in one)]:
        if name not in known:
            raise unknown("control", str(name), known)
    sets = [tuple(t for t in known if t in always or t in one) for one in wanted]
    return tuple(dict.fromkeys(sets))


def _vcovs(equation: Equation, known: Sequence[str]) -> tuple[str, ...]:
    wanted = _listed(equation, "vcovs") or [equation.vcov]
    for name in wanted:
        if name not in known:
            raise unknown("vcov", name, list(known))
    if "cluster" in wanted and len(equation.cluster) != 1:
        raise needs(
            equation, "one cluster column for vcov cluster", "vcov 为 cluster 时单一聚类变量"
        )
    return tuple(dict.fromkeys(wanted))
