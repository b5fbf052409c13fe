"""Figure 3: estimates under permuted treatments, and the true one."""

import json

import pandas as pd

from analysis.effects.paper.work import Work, not_made


def rows(work: Work) -> pd.DataFrame:
    """Return the density of the placebo estimates; estimate, draws and what was permuted in each.

    Raises
    ------
    UserError
        If the treatment cannot be permuted.
    """
    found = work.after(work.main(), "placebo", draws=work.plan.placebo_draws).iloc[0]
    extras = json.loads(found["extras"])
    if "density" not in extras:
        raise not_made("too few placebo estimates for a density", "安慰剂估计过少，无法作密度图")
    return pd.DataFrame({"estimate_at": extras["density_at"], "density": extras["density"]}).assign(
        estimate=found["estimate"], p_value=found["p_value"], mean=extras["mean"],
        sd=extras["sd"], low=extras["q0.025"], high=extras["q0.975"],
        draws=work.plan.placebo_draws, seed=extras.get("seed"),
        units=str(extras.get("units", extras.get("by", ""))),
    )  # fmt: skip
