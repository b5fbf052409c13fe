"""A paper's three figures, drawn from their rows; simulated data say so across the plot."""

from typing import TYPE_CHECKING

from analysis.exhibits.style import (
    BLUE,
    FAINT,
    GREY,
    ORANGE,
    SKY,
    VERMILION,
    drawable,
    new_figure,
)
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT = 3.9
MARK = "simulated  模拟数据"
CURVES = {
    "treated": (Text("treated", "处理组"), BLUE, "-"),
    "untreated": (Text("untreated", "对照组"), ORANGE, "-"),
    "untreated_matched": (Text("untreated, matched", "对照组（匹配后）"), VERMILION, "--"),
}
WORDS = {
    "score": Text("Propensity score", "倾向得分"),
    "density": Text("Density", "密度"),
    "quantile": Text("Quantile", "分位数"),
    "effect": Text("Effect", "效应"),
    "mean": Text("mean (least squares)", "均值（最小二乘）"),
    "by_quantile": Text("by quantile", "分位数回归"),
    "estimate": Text("Estimate", "估计值"),
    "true": Text("actual treatment: {value:.3f}", "实际处理：{value:.3f}"),
}


def draw(name: str, rows: "pd.DataFrame", language: str, simulated: bool) -> "Figure":
    """Draw the figure ``name`` in one language."""
    figure, (axes,) = new_figure(HEIGHT)
    draws = {
        "figure1_propensity": _propensity,
        "figure2_quantiles": _quantiles,
        "figure3_placebo": _placebo,
    }
    draws[name](axes, rows, language)
    if simulated:
        axes.text(0.5, 0.5, drawable(MARK), transform=axes.transAxes, ha="center", va="center",
                  rotation=28, fontsize=22, color=GREY, alpha=0.4, zorder=5)  # fmt: skip
    return figure


def _propensity(axes: "Axes", rows: "pd.DataFrame", language: str) -> None:
    for curve, (label, colour, line) in CURVES.items():
        part = rows[rows["curve"] == curve]
        axes.plot(part["score"], part["density"], line, color=colour,
                  label=label.in_language(language))  # fmt: skip
    for end in rows[["support_low", "support_high"]].iloc[0].dropna():
        axes.axvline(end, color=FAINT, linestyle=":", linewidth=1.0)
    axes.set_ylim(bottom=0.0)
    _name(axes, "score", "density", language)


def _quantiles(axes: "Axes", rows: "pd.DataFrame", language: str) -> None:
    first = rows.iloc[0]
    axes.axhspan(first["mean_low"], first["mean_high"], color=SKY, alpha=0.25, linewidth=0)
    axes.axhline(first["mean_estimate"], color=BLUE, label=WORDS["mean"].in_language(language))
    reach = [rows["estimate"] - rows["ci_low"], rows["ci_high"] - rows["estimate"]]
    axes.errorbar(rows["quantile"], rows["estimate"], yerr=reach, fmt="o-", color=VERMILION,
                  capsize=3, label=WORDS["by_quantile"].in_language(language))  # fmt: skip
    axes.set_xticks(rows["quantile"])
    _name(axes, "quantile", "effect", language)


def _placebo(axes: "Axes", rows: "pd.DataFrame", language: str) -> None:
    axes.fill_between(rows["estimate_at"], rows["density"], color=SKY, alpha=0.5, linewidth=0)
    axes.axvline(0.0, color=FAINT, linestyle=":", linewidth=1.0)
    value = rows["estimate"].iloc[0]
    label = WORDS["true"].in_language(language).format(value=value)
    axes.axvline(value, color=VERMILION, label=label)
    axes.set_ylim(bottom=0.0)
    _name(axes, "estimate", "density", language)


def _name(axes: "Axes", x: str, y: str, language: str) -> None:
    axes.set_xlabel(WORDS[x].in_language(language))
    axes.set_ylabel(WORDS[y].in_language(language))
    axes.legend(facecolor="white", edgecolor="none", framealpha=0.9, fontsize=8)
