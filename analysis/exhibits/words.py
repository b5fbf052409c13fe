"""Words that several exhibits share."""

from collections.abc import Iterable

from analysis.messages import Text
from analysis.status import LABELS, is_provisional, weakest

YEAR = Text("Year", "年份")
CASES_10K = Text("Cases accepted (10,000)", "受理案件数（万件）")
STATUS_SHORT = {
    "article": Text("article", "文章"),
    "verified": Text("verified", "已核实"),
    "verified_secondary": Text("second-hand", "转引"),
    "corroborated": Text("corroborated", "有佐证"),
    "derived": Text("derived", "推算"),
    "adds_up": Text("adds up", "合计相符"),
    "unverified": Text("unverified", "未核实"),
}
# three grades are as many as an eye tells apart in a plot
GRADES = ("read in a source", "corroborated", "not verified")
GRADE_LABELS = {
    "read in a source": Text("read in a source", "见于文献"),
    "corroborated": Text("agrees with a rounded figure", "与约数相符"),
    "not verified": Text("not verified", "未核实"),
}
DEFINITION_NAMES = {
    "arithmetic_mean": Text("arithmetic mean", "算术平均"),
    "rounded_rates_mean": Text("mean of rounded rates", "取整增速的平均"),
    "compound": Text("compound, 水平法 (official)", "水平法（官方）"),
    "nbs_cumulative": Text("cumulative, 累计法 (official)", "累计法（官方）"),
    "rounded_inputs_compound": Text("compound, rounded ends", "水平法（首尾取整）"),
    "median": Text("median of rates", "增速中位数"),
    "log_trend": Text("log-linear trend", "对数线性趋势"),
    "mean_log": Text("mean log change", "对数差平均"),
    "pooled_increments": Text("increments over bases", "增量合计/基数合计"),
}
VERDICTS = {
    "reproduced": Text("reproduced", "相符"),
    "reproduced_under_definition": Text("reproduced under a definition", "特定口径下相符"),
    "not_reproduced": Text("not reproduced", "不符"),
    "not_checkable": Text("not checkable", "无法核对"),
}
STEP_ROLES = {
    "statement": Text("Statement", "陈述"),
    "input": Text("Input", "投入"),
    "definition": Text("Recomputed", "复算"),
    "verdict": Text("Verdict", "结论"),
    "vintage": Text("Other vintage", "其他版本"),
    "note": Text("Note", "说明"),
    "status": Text("Data", "数据状态"),
}
NOT_CONFLICT = Text(
    "Cases accepted measure disputes that enter arbitration, not labour conflict.",
    "受理数衡量进入仲裁的争议，不等于劳资冲突。",
)


def grade(status: str) -> str:
    """Return the grade of a status: how a mark is drawn."""
    if is_provisional(status):
        return "not verified"
    return "corroborated" if status == "corroborated" else "read in a source"


def status_line(statuses: Iterable[str], language: str) -> str:
    """Return the sentence that names the weakest status behind an exhibit; empty without any."""
    worst = weakest(status for status in statuses if status)
    if not worst:
        return ""
    label = LABELS[worst].in_language(language)
    return Text(f"Weakest data status: {label}.", f"最弱的数据状态：{label}。").in_language(
        language
    )
