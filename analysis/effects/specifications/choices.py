"""Which specifications there are: each outcome, treatment, sample, set of controls, error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from analysis.effects.expressions import unknown
from analysis.effects.refusals import needs
from analysis.effects.study import Equation

ALL_SUBSETS, WHOLE, OWN = "all_subsets", "all", "outcome"
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
    """What each part may be, by name; ``columns`` holds the names of each control's columns."""

    outcomes: tuple[str, ...]
    treatments: tuple[str, ...]
    samples: tuple[str, ...]
    controls: tuple[tuple[str, ...], ...]
    columns: dict[str, list[str]]
    vcovs: tuple[str, ...]

    @property
    def control_columns(self) -> list[str]:
        """The names of all controls' columns."""
        return [name for columns in self.columns.values() for name in columns]

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


def choices_of(
    equation: Equation, columns: Mapping[str, Sequence[str]], vcovs: Sequence[str]
) -> Choices:
    """Return what the options of an equation leave to choose.

    The equation's own outcome, treatment and rows come first, then the alternatives of options
    outcomes, treatments and samples. ``controls`` is "all_subsets" of the equation's controls or a
    list of lists of them (default: all of them); those of ``always`` are in every set.

    Parameters
    ----------
    columns
        The names of the columns of each of the equation's terms.
    vcovs
        The covariances that there are.

    Raises
    ------
    UserError
        If there is not one treatment of one column, a control or covariance is unknown, or there
        is one specification only or more than 4,096.
    """
    own = equation.treatments
    if len(own) != 1 or tuple(columns.get(own[0], ())) != own:
        raise needs(equation, "one treatment of one column", "一个单列的处理变量")
    controls = {term: list(columns[term]) for term in equation.controls}
    choices = Choices(
        outcomes=_alternatives(equation, "outcomes", equation.outcomes),
        treatments=_alternatives(equation, "treatments", own),
        samples=tuple(dict.fromkeys([WHOLE, *listed(equation, "samples")])),
        controls=_control_sets(equation, list(controls)),
        columns=controls,
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


def listed(equation: Equation, name: str) -> list[str]:
    """Return an option's texts, one or a list of them."""
    value = equation.options.get(name, [])
    return [str(text) for text in value] if isinstance(value, list) else [str(value)]


def _alternatives(equation: Equation, option: str, own: Sequence[str]) -> tuple[str, ...]:
    """Return the equation's own column (named if it is the only one) and the alternatives."""
    if len(own) > 1 and listed(equation, option):
        raise needs(
            equation, f"one outcome beside options.{option}", f"options.{option} 之外单一结果变量"
        )
    return tuple(dict.fromkeys([own[0] if len(own) == 1 else OWN, *listed(equation, option)]))


def _control_sets(equation: Equation, known: list[str]) -> tuple[tuple[str, ...], ...]:
    always = listed(equation, "always")
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
    wanted = listed(equation, "vcovs") or [equation.vcov]
    for name in wanted:
        if name not in known:
            raise unknown("vcov", name, list(known))
    if "cluster" in wanted and len(equation.cluster) != 1:
        raise needs(
            equation, "one cluster column for vcov cluster", "vcov 为 cluster 时单一聚类变量"
        )
    return tuple(dict.fromkeys(wanted))
