"""Table 4: the treatment as endogenous, by two-stage least squares or a treatment-effect model."""

import re
from typing import Any

import pandas as pd

from analysis.effects.paper.columns import column_rows, extras_of, stat, word
from analysis.effects.paper.work import Work, not_made
from analysis.messages import Text

TESTS = {"kleibergen_paap_lm": "kleibergen_paap_lm_p", "wu_hausman_f": "wu_hausman_p",
         "hansen_j": "hansen_j_p", "sargan": "sargan_p"}  # fmt: skip
IN_CHINESE = {"whole line": "全部实数", "empty": "空集", " and ": " 与 "}
NUMBERS = ("first_stage_f", "effective_f", "cragg_donald_f", "kleibergen_paap_f")


def rows(work: Work) -> pd.DataFrame:
    """Return the equation as it was, the first stage, the second with its tests.

    Raises
    ------
    UserError
        If the plan names neither instruments nor an exclusion restriction.
    """
    plan = work.plan
    if plan.instruments:
        return _two_stages(work)
    if plan.exclusion:
        return _treatment_effect(work)
    raise not_made(
        "the study file names no instruments and no exclusion",
        "研究文件未给出工具变量（instruments）或排除变量（exclusion）",
    )


def _two_stages(work: Work) -> pd.DataFrame:
    plan, one = work.plan, work.plan.treatment
    first = work.fit(work.equation(
        "first stage", outcomes=(one,), treatments=plan.instruments, contrast=""))  # fmt: skip
    second = work.fit(work.equation(
        "two stages", treatments=(), endogenous=(one,), instruments=plan.instruments,
        estimator="two_stage_least_squares"))  # fmt: skip
    tests = _tests(extras_of(second), one)
    headings = (Text("OLS", "OLS"), Text("first stage", "第一阶段"), Text("2SLS", "2SLS"))
    return pd.concat([
        column_rows(work, 1, headings[0], work.main(), [one]),
        column_rows(work, 2, headings[1], first, plan.instruments),
        column_rows(work, 3, headings[2], second, [one], tests),
    ], ignore_index=True)  # fmt: skip


def _tests(extras: dict[str, Any], treatment: str) -> list[dict[str, Any]]:
    flat = {key.split("[")[0]: value for key, value in extras.items()}
    lines = [stat(name, float(flat[name])) for name in NUMBERS if _number(flat.get(name))]
    for name, p_value in TESTS.items():
        if _number(flat.get(name)):
            lines.append(stat(name, float(flat[name]), flat.get(p_value)))
    for name in sorted(flat):
        if name.startswith("stock_yogo") and _number(flat[name]):
            lines.append(stat(name, float(flat[name])))
    found = flat.get("anderson_rubin_set")
    if found is not None:
        shown = re.sub(r"-?\d+\.\d+", lambda end: f"{float(end[0]):.3f}", str(found))
        lines.append(word("anderson_rubin_set", Text(shown, _in_chinese(shown))))
    return lines


def _in_chinese(found: str) -> str:
    for english, chinese in IN_CHINESE.items():
        found = found.replace(english, chinese)
    return found


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _treatment_effect(work: Work) -> pd.DataFrame:
    plan, one = work.plan, work.plan.treatment
    model = work.fit(work.equation(
        "treatment effect", treatments=(), endogenous=(one,), instruments=plan.exclusion,
        estimator="endogenous_treatment", absorb=(), weights=""))  # fmt: skip
    extras = extras_of(model)
    tests = [stat(key, float(extras[key])) for key in ("rho", "sigma") if _number(extras.get(key))]
    headings = (
        Text("OLS", "OLS"),
        Text("treatment-effect model, unweighted", "处理效应模型（不加权）"),
    )
    return pd.concat([
        column_rows(work, 1, headings[0], work.main(), [one]),
        column_rows(work, 2, headings[1], model, [one, "lambda"], tests),
    ], ignore_index=True)  # fmt: skip
