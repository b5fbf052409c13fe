"""Levels of absorbed effects counted: the parameters they hold, the clusters they lie in."""

import numpy as np
import pandas as pd

from analysis.effects.linear_models.panel import Codes, codes_in, is_nested


def parameters_of(effects: pd.DataFrame) -> int:
    """Return how many independent parameters the effects hold, a constant among them.

    Levels for one effect; for two, levels less the connected components of their graph (Abowd,
    Creecy and Kramarz 2002); for more, the same pair by pair, an upper bound.
    """
    codes = [codes_in(effects[name]) for name in effects]
    repeated = [
        max(_components(one, other) for other in codes[:j]) for j, one in enumerate(codes) if j
    ]
    return sum(int(one.max()) + 1 for one in codes) - sum(repeated)


def _components(one: Codes, other: Codes) -> int:
    """Return the connected components of the graph whose edges are pairs of levels in a row."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first, size = int(one.max()) + 1, int(one.max() + other.max()) + 2
    graph = coo_array((np.ones(len(one)), (one, first + other)), shape=(size, size))
    return int(connected_components(graph, directed=False, return_labels=False))


def levels_of(effects: pd.DataFrame) -> dict[str, int]:
    """Return the number of levels by effect."""
    return {str(name): int(effects[name].nunique()) for name in effects.columns}


def nested_in_clusters(effects: pd.DataFrame, clusters: pd.DataFrame) -> dict[str, int]:
    """Return, by cluster column, the parameters of the effects that are nested in it.

    An effect nested in two cluster columns stands with the first, so that it counts once.
    """
    nested: dict[str, int] = {}
    left = list(effects)
    for name in clusters:
        outer = codes_in(clusters[name])
        inside = [effect for effect in left if is_nested(codes_in(effects[effect]), outer)]
        if inside:
            nested[str(name)] = parameters_of(effects[inside])
        left = [effect for effect in left if effect not in inside]
    return nested


def singletons_in(effects: pd.DataFrame) -> int:
    """Return how many rows are alone in a level, those who become so when others go included."""
    left = [codes_in(effects[name]) for name in effects]
    while len(left[0]):
        alone = np.any([np.bincount(one)[one] == 1 for one in left], axis=0)
        if not alone.any():
            break
        left = [one[~alone] for one in left]
    return len(effects) - len(left[0])
