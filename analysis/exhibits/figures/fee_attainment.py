"""Union fee: collection over the target under three scopes."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import ARTICLE, About
from analysis.exhibits.style import BLACK, BLUE, FAINT, INK, SKY, new_figure
from analysis.institutions.fee_chain.words import ARTICLE_COUNTY, SCOPES, titled
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

SUBJECT = Text("collection over target by scope", "按口径计算的任务完成率")
NOTE = Text(
    "The scope of the target decides whether it was reached. Lines: the range that rounding of the "
    "amounts allows. Diamond: the same at the pace of the days counted, where they are not the "
    "whole year.",
    "任务的口径决定是否完成。横线为取整所容许的范围。菱形为按已计天数折算的全年水平（未满全年"
    "时）。",
)
ABOUT = About(
    title=titled(ARTICLE_COUNTY, SUBJECT),
    note=Text(
        f"{NOTE.en} The article does not say which channels its target covers. {ARTICLE.en}",
        f"{NOTE.zh}文中未说明任务包括哪些渠道。{ARTICLE.zh}",
    ),
    inputs={"attainment": "fee_attainment.csv"},
)
FOUND = Text(
    "{low:.1f} to {high:.1f} % of the target; reached under {reached} of {scopes} scopes.",
    "完成率 {low:.1f}% 至 {high:.1f}%；{scopes} 种口径中有 {reached} 种达到任务。",
)
AXIS = Text("Collected, % of the target", "实收占任务（%）")
TARGET = Text("target", "任务")
PACE = Text("at the year's pace", "折算全年")


def rows(attainment: "pd.DataFrame") -> "pd.DataFrame":
    """Return the scopes, narrowest first."""
    return attainment


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the range over scopes, and under how many the target is reached."""
    attained = rows["attainment_percent"]
    return FOUND.in_language(language).format(
        low=attained.min(), high=attained.max(), reached=(attained >= 100.0).sum(), scopes=len(rows)
    )


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw one bar a scope with its range, and the target as a line."""
    figure, (axes,) = new_figure(1.9 + 0.5 * len(rows))
    order = rows.iloc[::-1].reset_index(drop=True)
    colours = [BLUE if value >= 100.0 else SKY for value in order["attainment_percent"]]
    axes.barh(order.index, order["attainment_percent"], height=0.5, color=colours)
    axes.hlines(
        order.index, order["low_percent"], order["high_percent"], color=BLACK, linewidth=1.2
    )
    part = order[order["elapsed_percent"] < 100.0 - 1e-9]
    if len(part):
        axes.scatter(part["year_end_percent"], part.index, marker="D", s=26, facecolor="white",
                     edgecolor=INK, zorder=3, label=PACE.in_language(language))  # fmt: skip
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), frameon=False, fontsize=8)
    axes.axvline(100.0, color=FAINT, linewidth=1.0, linestyle="--")
    axes.text(100.0, len(order) - 0.45, TARGET.in_language(language), fontsize=8, color=FAINT,
              ha="center", va="bottom")  # fmt: skip
    for y, row in order.iterrows():
        axes.text(2.0, y, f"{row['attainment_percent']:.1f} %", va="center", color="white",
                  fontsize=9, weight="bold")  # fmt: skip
    labels = [SCOPES[scope].in_language(language) for scope in order["scope"]]
    axes.set_yticks(range(len(labels)), labels)
    axes.tick_params(axis="y", length=0)
    top = order[["high_percent", "year_end_percent"]].to_numpy().max()
    axes.set_xlim(0.0, 1.08 * max(100.0, float(top)))
    axes.set_xlabel(AXIS.in_language(language))
    return figure
