"""Figure 2: the effect along the distribution of the main outcome beside that on the mean."""

import pandas as pd

from analysis.effects.data_status import REAL
from analysis.effects.estimates import rows_of
from analysis.effects.paper.disclosure import FEW
from analysis.effects.paper.work import Work, not_made
from analysis.sources.surveys import FEWEST_PERSONS


def rows(work: Work) -> pd.DataFrame:
    """Return a row a quantile with its interval, the mean's estimate and interval in each.

    Raises
    ------
    UserError
        If effects are absorbed, a quantile cannot be fitted, or, of a real survey, every quantile
        has under ten persons of an arm below or above it.
    """
    plan = work.plan
    if plan.absorb:
        raise not_made("quantiles do not absorb effects", "分位数回归不能吸收固定效应")
    shown = [tau for tau in plan.quantiles if _persons_beyond(work, tau)]
    if not shown:
        raise not_made(*FEW)
    taus = {"quantiles": shown}
    fitted = work.fit(work.equation("quantiles", estimator="quantile", options=taus))
    found = rows_of(fitted)
    found = found[(found["term"] == plan.treatment) & found["component"].str.startswith("tau=")]
    mean = rows_of(work.main()).set_index("term").loc[plan.treatment]
    return pd.DataFrame({
        "quantile": found["component"].str.removeprefix("tau=").astype(float),
        **{key: found[key] for key in ("estimate", "std_error", "ci_low", "ci_high", "n_obs")},
        "mean_estimate": mean["estimate"], "mean_low": mean["ci_low"], "mean_high": mean["ci_high"],
    }).reset_index(drop=True)  # fmt: skip


def _persons_beyond(work: Work, tau: float) -> bool:
    """Say whether ten persons of each arm lie beyond a quantile, on its nearer side."""
    if work.status != REAL:
        return True
    main = work.main()
    treated = main.sample.regressors[work.plan.treatment].reset_index(drop=True)
    arms = [treated > 0.0, treated <= 0.0] if treated.nunique() == 2 else [treated.notna()]
    persons = work.persons_of(main)
    return all(min(tau, 1.0 - tau) * persons[arm].nunique() >= FEWEST_PERSONS for arm in arms)
