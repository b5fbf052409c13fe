"""Romano and Wolf's stepdown p values: the family-wise error rate held under dependence.

Every outcome's linear fit is bootstrapped with the same draws under its null: wild on clusters
where they are named (every sign of up to 12, Webb's points for more), wild on rows (Rademacher)
without. Formulas: multiplicity/stepdown.py and cross_products/bootstrap.py.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.cross_products.bootstrap import drawn_of
from analysis.effects.cross_products.draws import Draws, draws_of_clusters, draws_of_rows
from analysis.effects.estimates import Fitted
from analysis.effects.findings import SEED, Asked, Finding
from analysis.effects.multiplicity.nulls import nulls_of
from analysis.effects.multiplicity.stepdown import raw_p_values, stepdown_p_values
from analysis.effects.multiplicity.tested import (
    Tested,
    all_tested,
    families_of,
    family_option,
    finding_of,
    one_test,
)

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
# draws of rows cost more than draws of clusters
CLUSTER_DRAWS, ROW_DRAWS = 9999, 999
ABOUT = About(
    fits="stepdown p values of a family, wild (cluster) bootstrap with shared draws",
    needs="linear fits of several outcomes or treatments; options draws, seed, family",
    reports="one row a coefficient: adjusted p; bootstrap and analytic p in the extras",
)


def find(asked: Asked) -> list[Finding]:
    """Return one row an outcome and term; the statistic is the one that was bootstrapped.

    Raises
    ------
    UserError
        If an estimator is not linear, clusters are two-way, an option is unknown, or a family has
        one test only.
    """
    asked.require("draws", "seed", "family")
    kind = family_option(asked)
    _require_linear(asked)
    groups, codes = _groups(asked)
    draws = _draws(asked, groups)
    findings: list[Finding] = []
    for family in families_of(all_tested(asked), kind):
        if len(family) < 2:
            raise one_test(asked, kind)
        findings += _family(asked, family, codes, draws)
    return findings


def _require_linear(asked: Asked) -> None:
    if not all(_is_least_squares(fitted) for fitted in asked.fitted):
        raise asked.needs(
            "least squares; absorbed effects nested in one-way clusters",
            "最小二乘估计；吸收效应须嵌套于单向聚类之中",
        )
    if len(asked.equation.cluster) > 1:
        raise asked.needs("one cluster column", "单一聚类变量")


def _is_least_squares(fitted: Fitted) -> bool:
    """Return whether each row of the sample is one of the least-squares problem."""
    linear = fitted.fit.linear
    return linear is not None and len(linear.response) == fitted.sample.n_obs


def _groups(asked: Asked) -> tuple[int, list[Codes]]:
    """Return the number of clusters (rows without) of all fits, and each fit's codes."""
    # outcomes with the same rows share their sample's columns: looked at once
    alike = {id(fitted.sample.regressors): fitted for fitted in asked.fitted}
    labels = [_labels(fitted) for fitted in alike.values()]
    codes, names = pd.factorize(pd.concat(labels, ignore_index=True))
    if len(names) < 2:
        raise asked.needs("two clusters or more", "至少两个聚类")
    bounds = np.cumsum([len(one) for one in labels])[:-1]
    split = np.split(np.asarray(codes, dtype=np.int64), bounds)
    found = dict(zip(alike, split, strict=True))
    return len(names), [found[id(fitted.sample.regressors)] for fitted in asked.fitted]


def _labels(fitted: Fitted) -> pd.Series:
    clusters = fitted.sample.clusters
    return clusters.iloc[:, 0] if clusters.shape[1] else pd.Series(fitted.sample.positions)


def _draws(asked: Asked, groups: int) -> Draws:
    clustered = bool(asked.equation.cluster)
    absent = CLUSTER_DRAWS if clustered else ROW_DRAWS
    count, seed = int(asked.number("draws", absent, 1)), int(asked.number("seed", SEED, 0))
    return (draws_of_clusters if clustered else draws_of_rows)(groups, count, seed)


def _family(
    asked: Asked, family: Sequence[Tested], codes: list[Codes], draws: Draws
) -> list[Finding]:
    nulls = nulls_of(family, asked.fitted, codes, draws.groups)
    drawn = [drawn_of(null, draws) for null in nulls]
    observed = np.array([own[0] for own, _, _ in drawn])
    statistics = np.column_stack([one[0] for _, _, one in drawn])
    raw = raw_p_values(observed, statistics, draws.complete)
    final = stepdown_p_values(observed, statistics, draws.complete)
    return [
        _finding(test, family, float(own), float(p), float(one), draws)
        for test, own, p, one in zip(family, observed, final, raw, strict=True)
    ]


def _finding(
    test: Tested,
    family: Sequence[Tested],
    observed: float,
    p_value: float,
    raw: float,
    draws: Draws,
) -> Finding:
    extras = {
        "raw_p": test.p_value, "bootstrap_p": raw, "tests": len(family), "draws": draws.count,
        "seed": draws.seed,
    }  # fmt: skip
    note = f"wild bootstrap under the null: {draws.name}"
    found = finding_of(test, p_value, extras)
    return replace(found, statistic=observed, note=note)
