"""Oaxaca and Blinder's decomposition of the difference between two groups' mean outcomes.

The treatment, 0 or 1, is the group; the controls are what the groups differ in. Sources and
formulas in decomposition/parts.py; errors by influence functions, the means of the regressors
random (Jann 2008, Stata Journal 8: 453-479, section 2).
"""

from typing import Any

import numpy as np

from analysis.effects.about import About
from analysis.effects.decomposition.choices import OPTIONS, choices_of
from analysis.effects.decomposition.parts import TWOFOLD, Choices, Decomposed, decomposed
from analysis.effects.decomposition.two_groups import TwoGroups, two_groups
from analysis.effects.fit import Fit
from analysis.effects.inference import bootstrap
from analysis.effects.inference.influence import fit_of_influence
from analysis.effects.refusals import require_options
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

VCOVS = ("HC1", "HC0", "cluster", bootstrap.NAME)
ABOUT = About(
    fits="the gap between two groups' means as an explained and an unexplained part, or three-fold",
    needs="a treatment of 0 and 1 (the group), controls; weights if there are; options reference, "
    "threefold, reweight, fixed_means, normalise, detailed, groups",
    reports="gap, group means, parts, each also by control, set of dummies and named group",
)
# a gap smaller than this share of the outcome's spread has no shares worth the name
NO_GAP = 1e-8


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it.

    Options: ``reference`` (pooled: with the group's dummy; pooled_without; group_0; group_1;
    reimers; cotton), ``threefold``, ``reweight`` (group 0 reweighted to group 1's characteristics),
    ``fixed_means`` (errors given the regressors), ``normalise`` (true: no base level of C(x)
    matters), ``detailed`` (true), ``groups`` ({name = [terms]}).

    Raises
    ------
    UserError
        If the treatment is not 0 and 1, a control does not vary within a group, or an option is
        not of its kind.
    """
    require_options(equation, OPTIONS)
    groups = two_groups(sample, equation)
    choices = choices_of(equation, sample, groups)
    found = decomposed(groups, {"": lambda weights: sample.outcome}, choices, equation)
    return fit_of_decompositions(groups, choices, found, shares(found[""], ""))


def fit_of_decompositions(
    groups: TwoGroups, choices: Choices, found: dict[str, Decomposed], extras: dict[str, Any]
) -> Fit:
    """Return the Fit of one decomposition or of several, each with a name for its components."""
    keys = [
        (term, f"{name} {component}".strip())
        for name, one in found.items()
        for term, component in one.keys
    ]
    n, k = groups.columns.shape
    counts = {"n_group_1": int(groups.member.sum()), "n_group_0": int((~groups.member).sum())}
    reference = {"reference": choices.reference} if choices.form == TWOFOLD else {}
    return fit_of_influence(
        [term for term, _ in keys],
        np.concatenate([one.value for one in found.values()]),
        np.hstack([one.influence for one in found.values()]),
        df_resid=n - 2 * k,
        components=tuple(component for _, component in keys),
        dropped=groups.dropped,
        extras={**counts, "form": choices.form, **reference, **extras},
        notes=_notes(groups, choices),
    )


def shares(found: Decomposed, name: str) -> dict[str, float]:
    """Return each part's share of the gap, by ``share[part]``."""
    group = found.keys[0][0]
    whole = {
        component: float(value)
        for (term, component), value in zip(found.keys, found.value, strict=True)
        if term == group
    }
    gap = whole["gap"]
    if abs(gap) <= NO_GAP * (abs(whole["group_1"]) + abs(whole["group_0"])):
        return {}
    parts = [part for part in whole if part not in ("gap", "group_1", "group_0")]
    return {f"share[{f'{name} {part}'.strip()}]": whole[part] / gap for part in parts}


def _notes(groups: TwoGroups, choices: Choices) -> tuple[str, ...]:
    notes = [f"gap = {groups.treatment} 1 less 0"]
    if choices.detailed and groups.categories and not choices.normalise:
        notes.append("unexplained parts by dummy depend on the base level of C(x)")
    if choices.detailed and any("C(" in term and " * " in term for term in groups.terms):
        notes.append("unexplained parts of products with C(x) depend on its base level")
    if choices.fixed_means:
        notes.append("errors given the regressors: their means count as known")
    return tuple(notes)
