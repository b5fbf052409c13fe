"""Figure 1: densities of the propensity score by treatment, and after matching."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.paper.matched import matched
from analysis.effects.paper.work import Work

POINTS = 101


def rows(work: Work) -> pd.DataFrame:
    """Return the density of the score on 101 points a curve, and the ends of common support."""
    from scipy.stats import gaussian_kde

    material = matched(work).fit.material
    score, treated = material["score"], np.asarray(material["treated"]) == 1.0
    weights = np.asarray(material["weights"]["att"])
    grid = np.linspace(float(score.min()), float(score.max()), POINTS)
    curves = {
        "treated": (score[treated], None),
        "untreated": (score[~treated], None),
        "untreated_matched": (score[~treated], weights[~treated]),
    }
    low = max(score[treated].min(), score[~treated].min())
    high = min(score[treated].max(), score[~treated].max())
    parts = []
    for name, (values, load) in curves.items():
        kept: NDArray = np.ones(len(values), bool) if load is None else load > 0.0
        kernel = gaussian_kde(values[kept], weights=None if load is None else load[kept])
        parts.append(pd.DataFrame({"curve": name, "score": grid, "density": kernel(grid)}))
    return pd.concat(parts, ignore_index=True).assign(support_low=low, support_high=high)
