"""Words of a regression table's lines and notes that no study file and no data set decides."""

from analysis.messages import Text

OUTCOME, MODEL, QUANTILE = (
    Text("Outcome", "因变量"),
    Text("Model", "模型"),
    Text("Quantile", "分位点"),
)
YES, NO = Text("yes", "是"), Text("no", "否")
DIFFERENCED = Text("differenced out", "差分消除")
CONTROLS = Text("Controls", "控制变量")
EFFECTS = Text("{name} effects", "{name}固定效应")
# lines beneath the estimates, in this order; n_obs is called as the journal calls it
NUMBERS = {
    "n_obs": Text("Observations", "样本量"),
    "r2": Text("R²", "R²"),
    "n_clusters": Text("Clusters", "聚类数"),
    "outcome_mean": Text("Mean of the outcome", "因变量均值"),
    "first_stage_f": Text("First-stage F", "第一阶段F值"),
    "effective_f": Text("Effective F (Montiel Olea-Pflueger)", "有效F值"),
    "kleibergen_paap_f": Text("Kleibergen-Paap F", "Kleibergen-Paap F"),
    "hansen": Text("Hansen J", "Hansen J"),
    "sargan": Text("Sargan", "Sargan"),
    "n_instruments": Text("Instruments", "工具变量数"),
}
WHOLE = ("n_obs", "n_clusters", "n_instruments")
CONTRAST = {
    "": Text("not stated", "未说明"),
    "member_vs_uncovered": Text(
        "union members against workers without a union (reference)", "会员与无工会者（参照组）"
    ),
    "member_vs_covered": Text(
        "union members against covered non-members (reference)", "会员与有工会的非会员（参照组）"
    ),
    "covered_vs_uncovered": Text(
        "covered workers against workers without a union (reference)",
        "有工会者与无工会者（参照组）",
    ),
    "firm_union": Text("firms with against firms without a union (reference)",
                       "有工会与无工会的企业（参照组）"),
}  # fmt: skip
NOTE = Text("Note: ", "注：")
BRACKETS = {
    "se": Text("In brackets: {errors}.", "括号内为{errors}。"),
    "t": Text("In brackets: t or z statistics, from {errors}.", "括号内为t值或z值，依据{errors}。"),
    "p": Text("In brackets: p values, from {errors}.", "括号内为p值，依据{errors}。"),
}
# where the columns differ in their errors
BRACKETS_DIFFER = {
    "se": Text("In brackets: {errors}.", "括号内为标准误：{errors}。"),
    "t": Text("In brackets: t or z statistics, from {errors}.",
              "括号内为t值或z值；所依据的标准误：{errors}。"),
    "p": Text("In brackets: p values, from {errors}.", "括号内为p值；所依据的标准误：{errors}。"),
}  # fmt: skip
IN_COLUMNS = Text("{errors} in {columns}", "{columns}列为{errors}")
WEIGHTS = Text("Weights: {names}.", "权重：{names}。")
UNWEIGHTED = Text("Unweighted.", "未加权。")
CONTRASTS = Text("Contrast: {names}.", "对比：{names}。")
WHERE = Text("Rows of {columns}: {filter}.", "{columns}列的样本：{filter}。")
SOURCE = Text("Data and specification: {citation}.", "数据与模型设定：{citation}。")
STUDY = Text("Study {study}; equations {equations}.", "研究文件：{study}；方程：{equations}。")
STATUS = {
    "simulated": Text(
        "Simulated data: nothing is inferred about any real place or person; no p values or stars.",
        "模拟数据：不对任何真实的地区或个人作推断；不报告p值与显著性星号。",
    ),
    "teaching": Text(
        "Teaching data: a proof of estimators, from which nothing of China follows.",
        "教学数据：仅用于检验估计方法，与中国无关。",
    ),
    "survey": Text("Survey data.", "调查数据。"),
}
TITLES = {
    "simulated": Text("Simulated data: {title}", "模拟数据：{title}"),
    "teaching": Text("{title} (teaching data)", "{title}（教学数据）"),
    "survey": Text("{title}", "{title}"),
}
PLACED = Text("{title} (teaching data, {place})", "{title}（{place}教学数据）")
PANEL = Text("{title} ({part} of {parts})", "{title}（{part}/{parts}）")
