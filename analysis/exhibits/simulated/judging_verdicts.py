"""Simulated: which method of the literature would have found the truth, and when."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About, Column
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text(
        "Simulated data: which method would have found the truth, and when",
        "模拟数据：何种方法在何种情形下能找到真实效应",
    ),
    note=Text(
        "Simulated panels of workers with a known effect; no statement about any place or study. "
        "Found: at least 90 % of the 95 % intervals hold the truth, and at least half of them "
        "exclude zero. Missed: fewer than 90 % hold it. No answer: they hold it, and most hold "
        "zero too. In brackets: coverage, power and bias as a share of the effect (median), "
        "percent. Each selection works through what it names and, but for the first, through "
        "observables.",
        "已知真实效应的模拟劳动者面板，与任何地方、任何研究无关。找到：至少90%的95%区间包含真值，且至"
        "少半数不含零。错失：不足90%包含真值。无答案：包含真值，但多数也包含零。括号内依次为覆盖率、检"
        "验力、偏误中位数占效应的比重（%）。除第一种外，各种选择除所列因素外还取决于可观测特征。",
    ),
    inputs={"judging": "judging.csv"},
    data_kind="simulated",
)
SELECTIONS = {
    "none": Text("none", "无选择"),
    "observables": Text("on observables", "可观测特征"),
    "fixed": Text("on fixed unobservables", "不变的不可观测"),
    "time_varying": Text("on time-varying unobservables", "时变的不可观测"),
}
INSTRUMENTS = {
    "none": Text("–", "–"),
    "valid": Text("valid", "有效"),
    "weak": Text("weak", "弱"),
    "invalid": Text("invalid", "无效"),
}
METHODS = {
    "difference_in_means": Text("difference in means", "均值之差"),
    "ols_one_block": Text("OLS, part of the controls", "OLS（部分控制变量）"),
    "ols_all_blocks": Text("OLS, all controls", "OLS（全部控制变量）"),
    "random_effects": Text("random effects", "随机效应"),
    "correlated_random_effects": Text("correlated random effects", "相关随机效应"),
    "fixed_effects": Text("fixed effects", "固定效应"),
    "first_difference": Text("first differences", "一阶差分"),
    "matching": Text("propensity-score matching", "倾向得分匹配"),
    "ipw": Text("inverse probability weighting", "逆概率加权"),
    "aipw": Text("doubly robust (AIPW)", "双重稳健（AIPW）"),
    "two_stage_least_squares": Text("2SLS", "2SLS"),
    "anderson_rubin": Text("2SLS, Anderson-Rubin set", "2SLS（AR 集）"),
    "fixed_effects_2sls": Text("fixed-effects 2SLS", "固定效应 2SLS"),
    "control_function": Text("control function", "控制函数"),
    "endogenous_treatment": Text("endogenous treatment", "内生处理效应"),
    "switching_regression": Text("switching regression", "转换回归"),
}
COVERED, POWERED = 0.9, 0.5
VERDICTS = {
    "found": Text("found", "找到"),
    "missed": Text("missed", "错失"),
    "no_answer": Text("no answer", "无答案"),
}
COLUMNS = [
    Column("method", Text("Method", "方法"), words=METHODS),
    Column("instrument", Text("Instrument", "工具变量"), words=INSTRUMENTS),
    *(Column(f"{key}_en", Text(words.en, words.zh), key_zh=f"{key}_zh")
      for key, words in SELECTIONS.items()),
    Column("replications", Text("Replications", "重复次数"), 0),
    Column("seed", Text("Seed", "随机种子")),
    Column("judged_on", Text("Simulated on", "模拟日期")),
]  # fmt: skip


def rows(judging: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row a method and state of the instrument, the selections beside each other."""
    import pandas as pd

    judged = judging.assign(
        **{f"cell_{language}": [_cell(row, language) for row in judging.to_dict("records")]
           for language in ("en", "zh")}
    )  # fmt: skip
    lines = []
    for (method, instrument), part in judged.groupby(["method", "instrument"], sort=False):
        cells = {f"{row['selection']}_{language}": row[f"cell_{language}"]
                 for row in part.to_dict("records") for language in ("en", "zh")}  # fmt: skip
        about = part.iloc[0][["replications", "seed", "judged_on"]].to_dict()
        lines.append({"method": method, "instrument": instrument, **cells, **about})
    return pd.DataFrame(lines, columns=_keys())


def _keys() -> list[str]:
    keys = [column.key for column in COLUMNS]
    return keys + [column.key_zh for column in COLUMNS if column.key_zh]


def verdict(coverage: float, power: float) -> str:
    """Return found, missed or no_answer."""
    if coverage < COVERED:
        return "missed"
    return "found" if power >= POWERED else "no_answer"


def _cell(row: dict, language: str) -> str:
    word = VERDICTS[verdict(row["coverage"], row["power"])].in_language(language)
    share = 100 * row["median_bias"] / row["truth"]
    numbers = f"{100 * row['coverage']:.0f}, {100 * row['power']:.0f}, {share:+.0f}"
    return f"{word} ({numbers})" if language == "en" else f"{word}（{numbers}）"
