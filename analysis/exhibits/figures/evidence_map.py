"""What published studies of Chinese unions report: signs by outcome, and the sizes they print."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.style import BLUE, FAINT, GREY, INK, ORANGE, PALE, VERMILION, new_figure
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "Published studies of Chinese unions: direction of effects by outcome, and printed sizes",
        "已发表的中国工会研究：各结果的效应方向与所载效应大小",
    ),
    note=Text(
        "Sign of the effect on the outcome as the study states it (fewer hours or violations: −); "
        "0 is no significant effect; a grey dot: studied, direction not stated in what was read. "
        "Hollow: only an abstract, title or review was read. Letter: estimator (O least squares, "
        "M matching, I instruments or selection corrected, D quantiles or decomposition; none: not "
        "read). Signs are no votes: they ignore size, "
        "precision and shared data. Right: effects in log points, not to be averaged across "
        "contrasts; whether they can be pooled: reports/results/pooling.csv. Source: "
        "data/raw/literature/effects.csv, each row with where it was read.",
        "左：研究所述的效应方向（工时或侵权减少记为 −）；0 为不显著；灰点为研究过该结果，"
        "但所读部分未说明方向。空心：仅读过摘要、题名或转述。字母为估计方法（O最小二乘，M匹配，"
        "I工具变量或选择校正，D分位数或分解；无字母：未读到）。方向不可当作票数相加："
        "它不反映大小、精度和数据重叠。右：效应（对数点），不同比较不可平均；能否合并见 "
        "reports/results/pooling.csv。资料来源：data/raw/literature/effects.csv，逐行注明阅读出处。",
    ),
    inputs={"evidence": "evidence_map.csv", "points": "effect_points.csv"},
)
OUTCOMES = {
    "wage": Text("wage", "工资"),
    "hours": Text("hours", "工时"),
    "insurance": Text("insurance", "社会保险"),
    "contract": Text("contract", "劳动合同"),
    "minimum_wage": Text("minimum wage", "最低工资"),
    "benefits": Text("benefits", "福利"),
    "productivity": Text("productivity", "生产率"),
    "labour_share": Text("labour share", "劳动份额"),
    "other": Text("other", "其他"),
}
SIGNS = {
    "+": ("+", BLUE),
    "0": ("0", INK),
    "-": ("−", VERMILION),
    "mixed": ("±", ORANGE),
}
# looked up in this order: a study with OLS and 2SLS is one with instruments
FAMILIES = {
    "I": ("2sls", "instrument", "simultaneous", "selection", "switching"),
    "M": ("matching",),
    "D": ("quantile", "decomposition"),
    "O": ("ols", "interaction", "regression"),
}
CONTRASTS = {
    "member_vs_nonmember": Text("Members against non-members", "会员与非会员相比"),
    "union_vs_no_union": Text("Firms with a union against others", "有工会企业与其他企业相比"),
    "": Text("Contrast not stated", "未说明比较对象"),
}
DETAILS = {
    "OLS": Text("OLS", "OLS"),
    "OLS; 2SLS": Text("OLS or 2SLS", "OLS或2SLS"),
    "propensity-score matching": Text("matching", "倾向得分匹配"),
    "union": Text("union", "工会"),
    "active union": Text("active union", "活跃工会"),
    "membership": Text("membership", "会员身份"),
    "migrants": Text("migrants", "流动人口"),
    "migrants with low incomes": Text("migrants, low incomes", "低收入流动人口"),
}
FOUND = Text(
    "{cells} study-outcomes: {counts}, not stated: {silent}. Effects printed: {points}, with a "
    "standard error: {errors}.",
    "{cells} 项研究与结果的组合：{counts}，未说明: {silent}。"
    "所载效应 {points} 个，有标准误的 {errors} 个。",
)
LOG_POINTS = Text("Effect, log points", "效应（对数点）")
SHARED = ["study", "study_en", "study_zh", "outcome", "status"]
OWN_POINT = ["contrast", "treatment", "estimator", "population", "log_points", "std_error"]


def rows(evidence: "pd.DataFrame", points: "pd.DataFrame") -> "pd.DataFrame":
    """Return element (map or point), the study's names, outcome, status, sign; a point's own."""
    import pandas as pd

    cells = evidence[[*SHARED, "sign", "estimator"]].assign(element="map")
    sizes = points[[*SHARED, *OWN_POINT]].assign(element="point")
    order = ["element", *SHARED, "sign", *OWN_POINT]
    return pd.concat([cells, sizes], ignore_index=True).reindex(columns=order)


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return how often each sign is stated, and how many sizes are printed."""
    cells, points = _split(rows)
    signs = cells["sign"].map(_sign)
    counts = [f"{mark}: {n}" for key, (mark, _) in SIGNS.items() if (n := (signs == key).sum())]
    return FOUND.in_language(language).format(
        cells=len(cells), counts=(", " if language == "en" else "，").join(counts),
        silent=(signs == "").sum(), points=len(points), errors=points["std_error"].notna().sum(),
    )  # fmt: skip


def _split(rows: "pd.DataFrame") -> tuple["pd.DataFrame", "pd.DataFrame"]:
    return rows[rows["element"] == "map"], rows[rows["element"] == "point"]


def _sign(value: object) -> str:
    """Return the sign as text: zeros alone are read back as numbers, an empty cell as NaN."""
    if isinstance(value, str):
        return value
    return "0" if value == 0 else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw the studies by outcomes, and beside them the printed sizes by contrast."""
    cells, points = _split(rows)
    studies = dict(zip(cells["study"], cells[f"study_{language}"], strict=True))
    figure, (left, right) = new_figure(2.2 + 0.245 * len(studies), 2, (1.35, 1.0))
    _draw_map(left, cells, studies, language)
    _draw_points(right, points, language)
    return figure


def _draw_map(axes: "Axes", cells: "pd.DataFrame", studies: dict[str, str], language: str) -> None:
    order, lines = list(OUTCOMES), list(studies)
    for y in range(len(studies)):
        axes.axhline(y, color=PALE, linewidth=0.7, zorder=0)
    for _, cell in cells.iterrows():
        place = order.index(cell["outcome"]), lines.index(cell["study"])
        _mark(axes, place, _sign(cell["sign"]), cell["status"] == "abstract_only")
        axes.annotate(_family(_text(cell["estimator"])), place, (6, 4), fontsize=6.5, color=FAINT,
                      textcoords="offset points")  # fmt: skip
    axes.set_yticks(range(len(studies)), list(studies.values()))
    names = [words.in_language(language) for words in OUTCOMES.values()]
    axes.set_xticks(range(len(order)), names, rotation=40, ha="left", rotation_mode="anchor")
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_xlim(-0.6, len(order) - 0.4)
    axes.set_ylim(len(studies) - 0.4, -0.7)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _family(estimator: str) -> str:
    """Return the letter of an estimator's family: the strongest correction that it names."""
    for letter, words in FAMILIES.items():
        if any(word in estimator.lower() for word in words):
            return letter
    return ""


def _mark(axes: "Axes", place: tuple[int, int], sign: str, hollow: bool) -> None:
    symbol, colour = SIGNS.get(sign, ("", GREY))
    face = "white" if hollow else colour
    axes.scatter(*place, s=105 if symbol else 16, facecolor=face, edgecolor=colour, linewidth=1.1,
                 zorder=3)  # fmt: skip
    axes.text(*place, symbol, ha="center", va="center_baseline", fontsize=8.5, zorder=4,
              color=colour if hollow else "white")  # fmt: skip


def _draw_points(axes: "Axes", points: "pd.DataFrame", language: str) -> None:
    if points.empty:
        axes.set_axis_off()
        return
    y = 0.0
    for contrast, group in points.groupby(points["contrast"].map(_text), sort=False):
        start = y
        heading = CONTRASTS.get(str(contrast), Text(str(contrast), str(contrast)))
        axes.text(
            0.0, y, f" {heading.in_language(language)}", fontsize=8.5, weight="bold", va="center"
        )
        for _, point in group.iterrows():
            y += 0.8 if y == start else 1.0
            _draw_point(axes, point, y, language)
        y += 0.95
    axes.axvline(0, color=FAINT, linewidth=0.8)
    axes.set_ylim(y - 0.45, -0.4)
    axes.set_xlim(min(0.0, 1.15 * points["log_points"].min()), 1.25 * points["log_points"].max())
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(LOG_POINTS.in_language(language))


def _draw_point(axes: "Axes", point: "pd.Series", y: float, language: str) -> None:
    hollow = point["status"] == "abstract_only"
    axes.scatter(point["log_points"], y + 0.27, s=34, facecolor="white" if hollow else BLUE,
                 edgecolor=BLUE, linewidth=1.3, zorder=3)  # fmt: skip
    axes.annotate(f"{point['log_points']:.3f}", (point["log_points"], y + 0.27), (6, 0),
                  textcoords="offset points", va="center", fontsize=7.5)  # fmt: skip
    axes.text(0.0, y - 0.14, _label(point, language), fontsize=7.2, color=FAINT, va="center")
    axes.plot([0.0, point["log_points"]], [y + 0.27] * 2, color=PALE, linewidth=0.8, zorder=0)


def _label(point: "pd.Series", language: str) -> str:
    """Return study and outcome, and beneath the words that tell this effect from its others."""
    words = [_text(point[name]) for name in ("treatment", "estimator", "population")]
    known = [DETAILS.get(word, Text(word, word)).in_language(language) for word in words if word]
    outcome = OUTCOMES[point["outcome"]].in_language(language)
    comma, colon = (", ", ": ") if language == "en" else ("，", "：")
    return f" {point[f'study_{language}']}{colon}{outcome}\n {comma.join(known)}"
