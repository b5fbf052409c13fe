"""From means of potential outcomes to a Fit: effects first, then the means that they are of."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis.effects.fit import Fit
from analysis.effects.inference.influence import fit_of_influence
from analysis.effects.treatment.arms import Arms
from analysis.effects.treatment.potential_means import Mean
from analysis.effects.treatment.weights import Weighting

# covariances of every estimator that is a mean of influence functions
VCOVS = ("HC0", "cluster", "bootstrap")


def fit_of_means(
    arms: Arms,
    means: Mapping[str, tuple[Mean, Mean]],
    *,
    extras: Mapping[str, Any],
    material: Mapping[str, Any],
    notes: Sequence[str] = (),
    dropped: Sequence[str] = (),
) -> Fit:
    """Return a Fit of effects (quantity ate, att) and of the means with and without treatment.

    ``means`` holds those of arms 0 and 1 by effect; rows of means are named ``mean(d=0)`` and
    ``mean(d=1)``, their component the effect they belong to.
    """
    effects = list(means)
    pairs = [mean for effect in effects for mean in means[effect]]
    gaps = [Mean(one.value - zero.value, one.influence - zero.influence)
            for zero, one in means.values()]  # fmt: skip
    whole = [*gaps, *pairs]
    named = [f"mean({arms.treatment}={arm})" for _ in effects for arm in (0, 1)]
    return fit_of_influence(
        [*[arms.treatment] * len(effects), *named],
        np.array([mean.value for mean in whole]),
        np.column_stack([mean.influence for mean in whole]),
        quantities=(*effects, *["coefficient"] * len(pairs)),
        components=(*[""] * len(effects), *[effect for effect in effects for _ in (0, 1)]),
        extras=dict(extras),
        material={"treated": arms.treated, **material},
        notes=tuple(notes),
        dropped=tuple(dropped),
    )


def material_of(arms: Arms, weighting: Weighting) -> dict[str, Any]:
    """Return what ``effects/after`` may ask of a weighted fit."""
    return {
        "score": weighting.score.treated,
        "weights": {effect: weighting.all_weights(effect) for effect in arms.effects},
    }
