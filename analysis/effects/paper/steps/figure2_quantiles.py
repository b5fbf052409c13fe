"""Figure 2: the effect along the distribution of the main outcome beside that on the mean."""

import pandas as pd

from analysis.effects.estimates import rows_of
from analysis.effects.paper.work import Work, not_made


def rows(work: Work) -> pd.DataFrame:
    """Return a row a quantile with its interval, the mean's estimate and interval in each.

    Raises
    ------
    UserError
        If effects are absorbed, or a quantile cannot be fitted.
    """
    plan = work.plan
    if plan.absorb:
        raise not_made("quantiles do not absorb effects", "分位数回归不能吸收固定效应")
    taus = {"quantiles": list(plan.quantiles)}
    fitted = work.fit(work.equation("quantiles", estimator="quantile", options=taus))
    found = rows_of(fitted)
    found = found[(found["term"] == plan.treatment) & found["component"].str.startswith("tau=")]
    mean = rows_of(work.main()).set_index("term").loc[plan.treatment]
    return pd.DataFrame({
        "quantile": found["component"].str.removeprefix("tau=").astype(float),
        **{key: found[key] for key in ("estimate", "std_error", "ci_low", "ci_high", "n_obs")},
        "mean_estimate": mean["estimate"], "mean_low": mean["ci_low"], "mean_high": mean["ci_high"],
    }).reset_index(drop=True)  # fmt: skip
