"""Titles, notes and labels of a paper's tables and figures."""

from analysis.exhibits.regressions.words import CONTROLS, NUMBERS
from analysis.messages import Text

TITLES = {
    "table1_definitions": Text("Table 1. Variables and definitions", "表1 变量定义"),
    "table2_description": Text("Table 2. Descriptive statistics", "表2 描述性统计"),
    "table3_baseline": Text("Table 3. Baseline regressions", "表3 基准回归"),
    "table4_endogeneity": Text("Table 4. Endogeneity", "表4 内生性处理"),
    "table5_matching": Text("Table 5. Propensity-score matching", "表5 倾向得分匹配"),
    "table6_heterogeneity": Text("Table 6. Heterogeneity", "表6 异质性分析"),
    "table7_mechanism": Text("Table 7. Mechanism", "表7 机制分析"),
    "table8_robustness": Text("Table 8. Robustness", "表8 稳健性检验"),
    "figure1_propensity": Text("Figure 1. Propensity score by group", "图1 倾向得分密度"),
    "figure2_quantiles": Text("Figure 2. Effect by quantile", "图2 分位数回归系数"),
    "figure3_placebo": Text("Figure 3. Placebo treatments", "图3 安慰剂检验"),
}
NOTES = {
    "table2_description": Text(
        "Rows of the main regression. Difference: treated minus untreated, with its standard "
        "error.",
        "样本为基准回归样本。差异为处理组减对照组，附标准误。",
    ),
    "table4_endogeneity": Text(
        "Stock-Yogo: critical values of the first-stage F. Anderson-Rubin: 95 % set, valid with "
        "weak instruments. Excludability of the instruments is assumed, not tested.",
        "Stock-Yogo为第一阶段F的临界值。Anderson-Rubin为弱工具变量下仍有效的95%置信集。工具变量的"
        "排他性是假定，未经检验。",
    ),
    "table5_matching": Text(
        "Nearest neighbour on the propensity score with replacement, common support, unweighted. "
        "Standardised differences in per cent. Abadie-Imbens standard error of the ATT in "
        "brackets; it takes rows as independent.",
        "按倾向得分最近邻有放回匹配，限于共同支撑，不加权。标准化差异单位为%。括号内为ATT的"
        "Abadie-Imbens标准误，该标准误视各观测相互独立。",
    ),
    "table6_heterogeneity": Text(
        "Difference from the first group by interacting every term with the group (tool "
        "group_difference, interaction).",
        "组间差异由全部变量与分组变量的交互得出（group_difference 的 interaction 检验）。",
    ),
    "table7_mechanism": Text(
        "Warning: regressions on and with a mediator do not identify a mechanism unless treatment "
        "and mediator are as good as random given the controls (sequential ignorability).",
        "注意：除非给定控制变量后处理与中介均近似随机（序贯可忽略性），对中介变量的回归及加入中介"
        "变量的回归均不能识别机制。",
    ),
    "table8_robustness": Text(
        "Oster: R2 max = min(1.3 R2, 1). Robustness value: share of residual variance that an "
        "omitted variable would have to explain on both sides to remove the effect.",
        "Oster检验取R²上限为min(1.3R², 1)。稳健性值：遗漏变量须同时解释两侧残差方差的比例方可消除效"
        "应。",
    ),
    "figure1_propensity": Text(
        "Matched: untreated rows by their matching weights.", "匹配后：对照组按匹配权重加权。"
    ),
    "figure2_quantiles": Text(
        "Conditional quantile regressions with 95 % intervals; line and band: the mean (least "
        "squares).",
        "条件分位数回归及95%置信区间；横线与浅带为均值回归（最小二乘）。",
    ),
    "figure3_placebo": Text(
        "Density of the estimates when the treatment is permuted over {units} ({draws} draws, seed "
        "{seed}); vertical line: the estimate with the actual treatment.",
        "处理变量按{units}随机置换后估计值的密度（{draws}次，种子{seed}）；竖线为实际处理下的估计值。",
    ),
}
# what differs in a note where rows are real persons', and where they are not
OPEN = {
    "figure1_propensity": Text("Dotted lines: ends of common support.", "虚线为共同支撑的两端。"),
}
RESTRICTED = {
    "table2_description": Text(
        "1st and 99th percentiles stand in place of minimum and maximum.",
        "以第1与第99百分位数代替最小值与最大值。",
    ),
    "figure1_propensity": Text(
        "Curves from the 1st to the 99th percentile of the score.",
        "曲线自倾向得分的第1百分位数至第99百分位数。",
    ),
}
UNITS = {"row": Text("rows", "观测"), "cluster": Text("clusters", "聚类"),
         "entity": Text("entities", "个体")}  # fmt: skip
ROLES = {
    "outcome": Text("outcome", "因变量"), "treatment": Text("treatment", "核心解释变量"),
    "control": Text("control", "控制变量"), "instrument": Text("instrument", "工具变量"),
    "mediator": Text("mediator", "中介变量"), "group": Text("group", "分组变量"),
    "effects": Text("fixed effects", "固定效应"),
}  # fmt: skip
LINES = {
    "controls": CONTROLS,
    **{key: NUMBERS[key] for key in ("n_obs", "r2", "n_clusters", "outcome_mean")},
    **{key: NUMBERS[key] for key in ("first_stage_f", "effective_f")},
    "cragg_donald_f": Text("Cragg-Donald F", "Cragg-Donald F"),
    "kleibergen_paap_f": Text("Kleibergen-Paap F", "Kleibergen-Paap F"),
    "kleibergen_paap_lm": Text("Kleibergen-Paap LM", "Kleibergen-Paap LM"),
    "wu_hausman_f": Text("Wu-Hausman F", "Wu-Hausman F"),
    "hansen_j": Text("Hansen J", "Hansen J"),
    "sargan": Text("Sargan", "Sargan"),
    "anderson_rubin_set": Text("Anderson-Rubin 95 % set", "Anderson-Rubin 95%置信集"),
    "oster_delta": Text("Oster's δ (effect of zero)", "Oster δ（效应为0）"),
    "oster_beta": Text("Oster's β* (δ = 1)", "Oster β*（δ=1）"),
    "cinelli_hazlett_rv": Text("Robustness value", "稳健性值"),
    "wild_bootstrap_p": Text("Wild bootstrap p", "野聚类自助法p值"),
    "refused": Text("Not made", "未能估计"),
}
TERMS = {
    "difference": Text("Difference from the first group", "与首组之差"),
    "lambda": Text("Inverse Mills term (λ)", "逆米尔斯项（λ）"),
}
STOCK_YOGO = {
    "size": Text("Stock-Yogo, size {share} %", "Stock-Yogo临界值（检验水平{share}%）"),
    "bias": Text("Stock-Yogo, bias {share} %", "Stock-Yogo临界值（相对偏误{share}%）"),
}
SEE_NOTE = Text("see note", "见注")
REASON = Text("({column}) was not made: {reason}.", "第（{column}）列未能估计：{reason}。")
