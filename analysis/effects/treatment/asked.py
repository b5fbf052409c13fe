"""What the tools after an estimator of treatment effects need of it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.effects.estimates import Fitted
from analysis.effects.expressions import unknown
from analysis.effects.findings import Asked
from analysis.effects.treatment.arms import ATT

Array = NDArray[np.float64]


def material_of(asked: Asked, key: str, english: str, chinese: str) -> Any:
    """Return one piece of the first outcome's material.

    Raises
    ------
    UserError
        If its estimator has none; the texts say what is needed.
    """
    found = asked.fitted[0].fit.material.get(key)
    if found is None:
        raise asked.needs(english, chinese)
    return found


def weights_asked(asked: Asked) -> tuple[str, Array]:
    """Return the effect (option ``effect``; the treated's without it) and its (n,) weights.

    Raises
    ------
    UserError
        If the estimator makes no weights, or not those of that effect.
    """
    weights = material_of(
        asked,
        "weights",
        "weights or matches (ipw, aipw, entropy_balancing, matching ...)",
        "加权或匹配的估计方法（ipw、aipw、entropy_balancing、matching 等）",
    )
    effect = asked.options.get("effect", ATT if ATT in weights else next(iter(weights)))
    if effect not in weights:
        raise unknown("effect", str(effect), list(weights))
    return str(effect), weights[effect]


def sampling_weights(fitted: Fitted) -> Array:
    """Return the (n,) sampling weights, ones without any."""
    weights = fitted.sample.weights
    return np.ones(fitted.sample.n_obs) if weights is None else weights
