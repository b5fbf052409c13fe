"""The options that both decompositions take, read once."""

from collections.abc import Sequence

from analysis.effects.decomposition.named_groups import groups_of
from analysis.effects.decomposition.parts import (
    REFERENCES,
    REWEIGHTED,
    THREEFOLD,
    TWOFOLD,
    Choices,
)
from analysis.effects.decomposition.two_groups import TwoGroups
from analysis.effects.distribution.grid import flag_of
from analysis.effects.expressions import unknown
from analysis.effects.refusals import needs
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

OPTIONS = ("reference", "threefold", "reweight", "fixed_means", "normalise", "detailed", "groups")


def choices_of(equation: Equation, sample: Sample, groups: TwoGroups) -> Choices:
    """Return the choices.

    Raises
    ------
    UserError
        If one is not of its kind, two exclude each other, or a group names an unknown term.
    """
    form = _form(equation)
    if form != TWOFOLD and "reference" in equation.options:
        raise needs(
            equation, f"no reference where the decomposition is {form}",
            f"{form} 分解不设 reference",
        )  # fmt: skip
    chosen = equation.options.get("reference", REFERENCES[0])
    if chosen not in REFERENCES:
        raise unknown("reference", str(chosen), list(REFERENCES))
    return Choices(
        form=form,
        reference=str(chosen),
        fixed_means=flag_of(equation, "fixed_means"),
        normalise="normalise" not in equation.options or flag_of(equation, "normalise"),
        detailed="detailed" not in equation.options or flag_of(equation, "detailed"),
        groups=_groups(equation, sample, groups),
    )


def _form(equation: Equation) -> str:
    threefold, reweight = flag_of(equation, "threefold"), flag_of(equation, "reweight")
    if threefold and reweight:
        raise needs(equation, "threefold or reweight, not both", "threefold 与 reweight 只取其一")
    if threefold:
        return THREEFOLD
    return REWEIGHTED if reweight else TWOFOLD


def _groups(equation: Equation, sample: Sample, groups: TwoGroups) -> dict[str, list[str]] | None:
    if "groups" not in equation.options:
        return None
    controls = [name for name in sample.regressors if name != groups.treatment]
    found = groups_of(equation.options["groups"], controls)
    if found is None:
        raise needs(equation, "groups = {name = [terms], ...}", "groups = {名称 = [变量], ...}")
    for name, terms in found.items():
        _require_terms(terms, controls)
        if name in (*groups.terms, *groups.categories):
            raise needs(
                equation, f"a name for the group {name} that no term has",
                f"不与变量同名的组名（{name}）",
            )  # fmt: skip
    return {name: [t for t in terms if t in groups.terms] for name, terms in found.items()}


def _require_terms(terms: Sequence[str], controls: Sequence[str]) -> None:
    for term in terms:
        if term not in controls:
            raise unknown("term", term, list(controls))
