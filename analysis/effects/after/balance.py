"""Balance of the covariates before and after weighting or matching.

Rosenbaum and Rubin 1985, American Statistician 39: 33-38; Rubin 2001, Health Services and Outcomes
Research Methodology 2: 169-188 (ratio of variances); Sianesi 2004, Review of Economics and
Statistics 86: 133-155 (pseudo R2 before and after).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.findings import Asked, Finding
from analysis.effects.treatment.arms import columns_of
from analysis.effects.treatment.asked import material_of, sampling_weights, weights_asked
from analysis.effects.treatment.balance import Balance, balance_of, reduction, spread_of
from analysis.effects.treatment.propensity import pseudo_r2

Array = NDArray[np.float64]
ABOUT = About(
    fits="balance of each covariate before and after; options: effect = ate | att",
    needs="an equation of ipw, aipw, ipw_regression_adjustment, entropy_balancing or matching",
    reports="standardised bias, its reduction, ratio of variances, tests; mean and median bias, "
    "pseudo R2 of the treatment before and after",
)


def find(asked: Asked) -> list[Finding]:
    """Return a row a covariate (estimate: bias after, per cent), then those of all together.

    Raises
    ------
    UserError
        If the estimator has no weights, or an option is refused.
    """
    asked.require("effect")
    effect, after = weights_asked(asked)
    fitted = asked.fitted[0]
    treated = material_of(asked, "treated", "a treatment of 0 and 1", "取值为 0 与 1 的处理变量")
    before = sampling_weights(fitted)
    covariates = _covariates(asked)
    if covariates.shape[1] == 0:
        raise asked.needs("covariates", "协变量")
    found, pairs = [], []
    for name in covariates:
        values = covariates[name].to_numpy(float)
        spread = spread_of(values, treated, before)
        pair = (
            balance_of(values, treated, before, spread),
            balance_of(values, treated, after, spread),
        )
        pairs.append(pair)
        found.append(_row(str(name), effect, *pair))
    return [*found, *_together(asked, effect, pairs, covariates, treated, before, after)]


def _covariates(asked: Asked) -> pd.DataFrame:
    """Return the controls and the score's terms, each once."""
    sample = asked.fitted[0].sample
    terms = sample.regressors.drop(columns=list(sample.treatments))
    more = sample.terms.get("propensity", pd.DataFrame(index=terms.index))
    return pd.concat([terms, more[[name for name in more if name not in terms]]], axis=1)


def _row(name: str, effect: str, before: Balance, after: Balance) -> Finding:
    about: dict[str, Any] = {
        "bias_before": before.bias,
        "bias_reduction": reduction(before.bias, after.bias),
        "mean_treated_before": before.mean_treated,
        "mean_untreated_before": before.mean_untreated,
        "mean_treated_after": after.mean_treated,
        "mean_untreated_after": after.mean_untreated,
        "variance_ratio_before": before.variance_ratio,
        "variance_ratio_after": after.variance_ratio,
        "z_before": before.z,
        "p_before": before.p_value,
    }
    return Finding(
        name,
        after.bias,
        detail=effect,
        statistic=after.z,
        p_value=after.p_value,
        extras={key: value for key, value in about.items() if value is not None},
        note="standardised bias after, per cent; statistic and p: equal means after",
    )


def _together(
    asked: Asked, effect: str, pairs: Sequence[tuple[Balance, Balance]], covariates: pd.DataFrame,
    treated: Array, before: Array, after: Array,
) -> list[Finding]:  # fmt: skip
    term = asked.equation.treatments[0]
    rows = []
    for name, summary in (("mean_bias", np.mean), ("median_bias", np.median)):
        values = [
            float(summary([abs(pair[when].bias or 0.0) for pair in pairs])) for when in (0, 1)
        ]
        rows.append(
            Finding(term, values[1], detail=f"{effect}:{name}", extras={"before": values[0]},
                    note="absolute standardised bias of the covariates after, per cent")
        )  # fmt: skip
    fits = [_pseudo_r2(covariates, treated, weights) for weights in (before, after)]
    extras = {} if fits[0] is None else {"before": fits[0]}
    note = "McFadden's R2 of a logit of the treatment on the covariates after"
    rows.append(Finding(term, fits[1], detail=f"{effect}:pseudo_r2", extras=extras, note=note))
    return rows


def _pseudo_r2(covariates: pd.DataFrame, treated: Array, weights: Array) -> float | None:
    kept = weights > 0.0
    columns = columns_of(covariates[kept], treated[kept])
    return pseudo_r2(columns.scaled, treated[kept], weights[kept])
