"""Table 5: balance of the covariates before and after matching, and the effect on the treated."""

import json

import pandas as pd

from analysis.effects.estimates import rows_of
from analysis.effects.paper.matched import matched
from analysis.effects.paper.work import Work

FROM_EXTRAS = ("mean_treated_before", "mean_untreated_before", "bias_before",
               "variance_ratio_before", "mean_treated_after", "mean_untreated_after",
               "variance_ratio_after")  # fmt: skip


def rows(work: Work) -> pd.DataFrame:
    """Return a row a covariate, then the effect on the treated; biases in per cent."""
    fitted = matched(work)
    found = work.after(fitted, "balance", effect="att")
    covariates = found[found["term"].isin(list(work.plan.covariates))]
    lines = []
    for row in covariates.to_dict("records"):
        extras = json.loads(row["extras"] or "{}")
        label = work.plan.label(row["term"])
        lines.append({
            "kind": "balance", "variable": row["term"], "label_en": label.en, "label_zh": label.zh,
            **{key: extras.get(key) for key in FROM_EXTRAS}, "bias_after": row["estimate"],
        })  # fmt: skip
    effect = rows_of(fitted).iloc[0]
    lines.append({
        "kind": "att", "variable": work.plan.treatment, "label_en": "ATT", "label_zh": "ATT",
        **{key: effect[key] for key in ("estimate", "std_error", "p_value", "n_obs")},
    })  # fmt: skip
    return pd.DataFrame(lines)
