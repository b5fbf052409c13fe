"""Figure 2: growth year by year, and the averages that compete for the stated rate."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import YEARBOOKS, About
from analysis.exhibits.style import (
    BLUE,
    FAINT,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    VERMILION,
    drawable,
    new_figure,
)
from analysis.exhibits.words import DEFINITION_NAMES, YEAR
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "Growth of cases accepted, and the averages that compete for the stated rate",
        "受理案件数的增速，以及与文中年均增速相比的各种平均数",
    ),
    note=Text(
        "Left: growth on the year before; grey outside the article's window. Right: the window's "
        "average by each definition, for both printed values of 1996; the green band is what "
        f"rounds to the stated rate. {YEARBOOKS.en}",
        "左：比上年增长，灰色为文章区间以外。右：按各定义计算的区间平均，1996年取两个版本；"
        f"绿带为四舍五入后等于文中数值的范围。{YEARBOOKS.zh}",
    ),
    inputs={"yearly": "yearly_growth.csv", "growth": "growth.csv"},
)
WINDOW = (1996, 2007)
FOUND = Text(
    "{tried} definitions tried; these round to the stated rate. ",
    "共试 {tried} 种定义，四舍五入后等于文中数值者：",
)
NONE = Text("none", "无")
OFFICIAL = ("compound", "nbs_cumulative")
WORDS = {
    "rate": Text("Growth on the year before, %", "比上年增长（%）"),
    "average": Text("Average growth a year, %", "年均增长（%）"),
    "vintage": Text("1996 = {value:,}", "1996年 = {value:,}"),
    "stated": Text("stated: {value} %", "文中：{value}%"),
}


def rows(yearly: "pd.DataFrame", growth: "pd.DataFrame") -> "pd.DataFrame":
    """Return element, year, definition, vintage, percent, stated, rounds, inputs_status."""
    import pandas as pd

    rates = yearly[yearly["growth_percent"].notna()]
    bars = pd.DataFrame(
        {
            "element": "yearly",
            "year": rates["year"],
            "percent": rates["growth_percent"],
            "inputs_status": rates["inputs_status"],
        }
    )
    here = (growth["start_year"] == WINDOW[0]) & (growth["end_year"] == WINDOW[1])
    chosen = growth[here & growth["dropped_year"].isna()]
    averages = pd.DataFrame(
        {
            "element": "average",
            "definition": chosen["definition"],
            "vintage": chosen["vintage"],
            "percent": chosen["value_percent"],
            "stated": chosen["stated_percent"],
            "rounds_to_stated": chosen["rounds_to_stated"],
            "inputs_status": chosen["inputs_status"],
        }
    )
    return pd.concat([bars, averages], ignore_index=True)


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return which definitions print the stated rate, for each printed value of 1996."""
    averages = rows[rows["element"] == "average"]
    parts = []
    for vintage, mine in averages.groupby("vintage", sort=False):
        prints = mine.loc[mine["rounds_to_stated"].astype(str).str.lower() == "true", "definition"]
        names = [_name(name, language) for name in prints] or [NONE.in_language(language)]
        start = WORDS["vintage"].in_language(language).format(value=int(vintage))
        parts.append(f"{start}: {', '.join(names)}")
    tried = averages["definition"].nunique()
    return f"{FOUND.in_language(language).format(tried=tried)}{'; '.join(parts)}."


def _name(definition: str, language: str) -> str:
    return drawable(DEFINITION_NAMES[definition].in_language(language))


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw the yearly rates beside the averages."""
    figure, (left, right) = new_figure(4.3, 2, (1.0, 1.15))
    _draw_years(left, rows[rows["element"] == "yearly"], language)
    _draw_averages(right, rows[rows["element"] == "average"], language)
    return figure


def _draw_years(axes: "Axes", rows: "pd.DataFrame", language: str) -> None:
    inside = rows["year"].between(WINDOW[0] + 1, WINDOW[1])
    axes.bar(rows["year"], rows["percent"], color=[BLUE if i else GREY for i in inside], width=0.75)
    axes.axhline(0, color=FAINT, linewidth=0.8)
    axes.set_ylabel(WORDS["rate"].in_language(language))
    axes.set_xlabel(YEAR.in_language(language))


def _draw_averages(axes: "Axes", rows: "pd.DataFrame", language: str) -> None:
    order = [name for name in reversed(DEFINITION_NAMES) if name in set(rows["definition"])]
    stated = str(rows["stated"].dropna().iloc[0])
    half = 0.5 * 10.0 ** -len(stated.partition(".")[2])
    axes.axvspan(float(stated) - half, float(stated) + half, color=GREEN, alpha=0.35, linewidth=0)
    for y in range(len(order)):
        axes.axhline(y, color=PALE, linewidth=0.7, zorder=0)
    vintages = [int(value) for value in dict.fromkeys(rows["vintage"].dropna())]
    for vintage, colour, marker in zip(vintages, (BLUE, ORANGE), ("o", "D"), strict=False):
        mine = rows[rows["vintage"] == vintage]
        axes.scatter(
            mine["percent"], mine["definition"].map(order.index), s=30, color=colour,
            marker=marker, alpha=0.85, zorder=3, linewidth=0,
            label=WORDS["vintage"].in_language(language).format(value=vintage),
        )  # fmt: skip
    first = rows[rows["vintage"] == vintages[0]].set_index("definition")["percent"]
    for y, name in enumerate(order):
        axes.text(
            first[name] - 0.25, y, f"{first[name]:.3f}", ha="right", va="center", fontsize=7.5
        )
    axes.set_yticks(range(len(order)), [_name(name, language) for name in order])
    for label, name in zip(axes.get_yticklabels(), order, strict=True):
        label.set_fontweight("bold" if name in OFFICIAL else "normal")
    axes.set_xlim(rows["percent"].min() - 2.0, rows["percent"].max() + 1.2)
    axes.set_xlabel(WORDS["average"].in_language(language))
    axes.text(float(stated), len(order) - 0.35, WORDS["stated"].in_language(language).format(
        value=stated), ha="center", va="bottom", fontsize=8, color=VERMILION)  # fmt: skip
    axes.set_ylim(-0.6, len(order) + 0.15)
    axes.legend(loc="lower right", frameon=False, fontsize=8)
