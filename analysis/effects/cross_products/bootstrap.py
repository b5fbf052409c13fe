"""Restricted wild cluster bootstrap of many specifications at once; what they say jointly.

Every specification is bootstrapped under its own null of no effect with the same draws, so that
the curve as a whole has a distribution: median, share of sign, share significant (Simonsohn,
Simmons and Nelson 2020, Nature Human Behaviour 4: 1208-1214), largest statistic (Romano and Wolf
2005, Econometrica 73: 1237-1282). Per cluster everything is a sum, so that no draw touches a row
(MacKinnon, Nielsen and Webb 2023, Journal of Econometrics 232: 272-299).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.cross_products.specifications import Equations, Solved, pairs, scores

Array = NDArray[np.float64]
# specifications bootstrapped together: (chunk, draws, G) numbers are held at once
CHUNK = 32


@dataclass(frozen=True)
class Bootstrapped:
    """(m,) observed t and p values; (m, R) slopes and t statistics under the null."""

    observed: Array
    p_value: Array
    slopes: Array
    statistics: Array


def bootstrapped(asked: Equations, found: Solved, drawn: Array) -> Bootstrapped:
    """Bootstrap every specification with the (R, G) weights ``drawn``.

    The small-sample factor is the same in the data and in every draw and is left out.
    """
    parts = list(_chunks(asked, found, drawn))
    slopes, statistics, observed = (np.concatenate(part) for part in zip(*parts, strict=True))
    # a draw equal to the data has the same statistic up to rounding
    beyond = (np.abs(statistics) >= np.abs(observed)[:, None] * (1.0 - 1e-9)).sum(axis=1)
    complete = len(drawn) == 2 ** drawn.shape[1]
    p = beyond / len(drawn) if complete else (1 + beyond) / (1 + len(drawn))
    return Bootstrapped(observed, p, slopes * asked.unit, statistics)


def _chunks(asked: Equations, found: Solved, drawn: Array) -> Iterator[tuple[Array, Array, Array]]:
    for start in range(0, len(found.estimate), CHUNK):
        these = slice(start, start + CHUNK)
        inverse, row = found.inverse[these], found.inverse[these, 0]
        restricted = _restricted(asked, these)
        cluster_scores = [c - restricted @ g for g, c in zip(asked.gram, asked.cross, strict=True)]
        own = np.stack([(s * row).sum(axis=1) for s in cluster_scores], axis=1)
        errors = _errors(asked, inverse, row, cluster_scores, own, drawn)
        slopes = own @ drawn.T
        residual = scores(asked, row, found.slopes[these])
        observed = found.slopes[these, 0] / np.sqrt((residual**2).sum(axis=1))
        yield slopes, slopes / errors, observed


def _restricted(asked: Equations, these: slice) -> Array:
    """Return (c, k) slopes under no effect of the treatment, the first column."""
    chosen = asked.chosen[these].copy()
    chosen[:, 0] = False
    total, cross = asked.gram.sum(axis=0), asked.cross.sum(axis=0)
    masked = np.where(pairs(chosen), total, np.diag(np.diag(total)))
    return np.linalg.solve(masked, (chosen * cross)[..., None])[..., 0]


def _errors(
    asked: Equations, inverse: Array, row: Array, cluster_scores: list[Array], own: Array,
    drawn: Array,
) -> Array:  # fmt: skip
    """Return the (c, R) roots of sum_g (w_g u_g - sum_h w_h H_gh)^2.

    u_g is the cluster's part of the treatment's score and H_gh = r'G_g A s_h what the refitted
    slopes take from it.
    """
    moved = np.stack([np.einsum("ckl,cl->ck", inverse, s) for s in cluster_scores], axis=1)
    spread = np.stack([row @ g for g in asked.gram], axis=1)
    taken = spread @ moved.transpose(0, 2, 1)
    weights = np.einsum("cg,gh->cgh", own, np.eye(len(asked.gram))) - taken
    return np.sqrt(((drawn @ weights.transpose(0, 2, 1)) ** 2).sum(axis=2))


# --- jointly ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Curve:
    """What all specifications say together, and its p values under no effect in any of them."""

    median: float
    share_same_sign: float
    share_significant: float
    p_median: float
    p_same_sign: float
    p_significant: float


def curve(found: Solved, drawn: Bootstrapped, level: float = 0.05) -> Curve:
    """Return the joint inference: each measure beside its distribution over the draws.

    The dominant sign is that of the median; significance is by the draws' own quantile of |t| in
    each specification.
    """
    critical = np.quantile(np.abs(drawn.statistics), 1.0 - level, axis=1)
    median = float(np.median(found.estimate))
    medians = np.median(drawn.slopes, axis=0)
    same = _dominant(found.estimate[:, None])[0]
    null_same = _dominant(drawn.slopes)
    hits = _significant(drawn.observed[:, None], critical, np.sign([median]))[0]
    null_hits = _significant(drawn.statistics, critical, np.sign(medians))
    return Curve(
        median, same, hits,
        _upper(np.abs(medians), abs(median)), _upper(null_same, same), _upper(null_hits, hits),
    )  # fmt: skip


def _dominant(slopes: Array) -> Array:
    positive = (slopes > 0).mean(axis=0)
    return np.maximum(positive, 1.0 - positive)


def _significant(statistics: Array, critical: Array, sign: Array) -> Array:
    return (statistics * sign > critical[:, None]).mean(axis=0)


def _upper(null: Array, value: float) -> float:
    return float((1 + (null >= value * (1.0 - 1e-9)).sum()) / (1 + len(null)))


def romano_wolf(observed: Array, statistics: Array) -> Array:
    """Return (m,) stepdown p values of hypotheses with (m, R) statistics from shared draws.

    Romano and Wolf 2016, Statistics & Probability Letters 113: 38-40, algorithm in section 2.
    """
    order = np.argsort(-np.abs(observed))
    largest = np.maximum.accumulate(np.abs(statistics)[order[::-1]], axis=0)[::-1]
    beyond = (largest >= np.abs(observed)[order, None] * (1.0 - 1e-9)).sum(axis=1)
    adjusted = np.empty(len(observed))
    adjusted[order] = np.maximum.accumulate((1 + beyond) / (1 + statistics.shape[1]))
    return adjusted
