"""Table 5: balance of the covariates before and after matching, and the effect on the treated."""

import json

import pandas as pd

from analysis.effects.estimates import Fitted, rows_of
from analysis.effects.paper.matched import matched, matched_persons
from analysis.effects.paper.work import Work
from analysis.sources.surveys import may_be_shown

FROM_EXTRAS = ("mean_treated_before", "mean_untreated_before", "bias_before",
               "variance_ratio_before", "mean_treated_after", "mean_untreated_after",
               "variance_ratio_after")  # fmt: skip


def rows(work: Work) -> pd.DataFrame:
    """Return a row a covariate, then the effect on the treated; biases in per cent.

    A covariate that may not be shown keeps its row, empty.
    """
    fitted = matched(work)
    hidden = hidden_covariates(work, fitted)
    found = work.after(fitted, "balance", effect="att")
    covariates = found[found["term"].isin(list(work.plan.covariates))]
    lines = []
    for row in covariates.to_dict("records"):
        extras = json.loads(row["extras"] or "{}")
        label = work.plan.label(row["term"])
        numbers = {key: extras.get(key) for key in FROM_EXTRAS} | {"bias_after": row["estimate"]}
        lines.append({
            "kind": "balance", "variable": row["term"], "label_en": label.en, "label_zh": label.zh,
            **(dict.fromkeys(numbers) if row["term"] in hidden else numbers),
        })  # fmt: skip
    effect = rows_of(fitted).iloc[0]
    lines.append({
        "kind": "att", "variable": work.plan.treatment, "label_en": "ATT", "label_zh": "ATT",
        **{key: effect[key] for key in ("estimate", "std_error", "p_value", "n_obs")},
    })  # fmt: skip
    return pd.DataFrame(lines)


def hidden_covariates(work: Work, fitted: Fitted) -> set[str]:
    """Return the covariates of which an arm, before or after matching, has too few persons."""
    after = matched_persons(work, fitted)
    if not after:
        return set()
    persons = work.persons_of(fitted)
    treated = fitted.fit.material["treated"] == 1.0
    cells = [persons[treated], persons[~treated], *after]
    columns = fitted.sample.regressors.reset_index(drop=True)
    return {
        str(name)
        for name in columns
        if not all(may_be_shown(columns.loc[cell.index, name], cell) for cell in cells)
    }
