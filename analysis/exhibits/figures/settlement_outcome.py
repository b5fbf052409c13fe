"""Figure 4: how cases are settled, and who wins, as shares of cases settled."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import YEARBOOKS, About
from analysis.exhibits.style import BLUE, FAINT, ORANGE, SKY, new_figure
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "How labour dispute cases are settled, and who wins them",
        "劳动争议案件的结案方式与处理结果",
    ),
    note=Text(
        "Shares of cases settled, as published. A cross marks a year whose published parts do not "
        "add up to the total; it is left as it is. "
        f"{YEARBOOKS.en}",
        f"占结案数的比重，按公布数计算。叉号表示公布的分项之和不等于合计，未作改动。{YEARBOOKS.zh}",
    ),
    inputs={"composition": "composition.csv"},
)
PANELS = {
    "settlement": {
        "settled_mediation": Text("mediation", "调解"),
        "settled_award": Text("award", "裁决"),
        "settled_other": Text("other ways", "其他方式"),
    },
    "outcome": {
        "won_worker": Text("won by the worker", "劳动者胜诉"),
        "won_both_partial": Text("won in part by both", "双方部分胜诉"),
        "won_employer": Text("won by the employer", "用人单位胜诉"),
    },
}
TITLES = {
    "settlement": Text("How settled", "结案方式"),
    "outcome": Text("Who won", "处理结果"),
}
FOUND = Text(
    "{name}: parts do not add up in {n} of {total} years",
    "{name}：{total} 年中有 {n} 年分项之和与合计不符",
)
COLOURS = (BLUE, ORANGE, SKY)
SHARE = Text("Share of cases settled, %", "占结案数（%）")


def rows(composition: "pd.DataFrame") -> "pd.DataFrame":
    """Return breakdown, year, part, share_percent, gap, inputs_status."""
    columns = ["breakdown", "year", "part", "share_percent", "gap", "inputs_status"]
    return composition[columns]


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return how many published years do not add up, by breakdown."""
    parts = []
    for breakdown, mine in rows.groupby("breakdown", sort=False):
        gaps = mine.groupby("year")["gap"].first()
        name = TITLES[breakdown].in_language(language)
        parts.append(FOUND.in_language(language).format(
            name=name, n=(gaps != 0).sum(), total=len(gaps)))  # fmt: skip
    return ("; " if language == "en" else "；").join(parts)


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw one stacked panel a breakdown."""
    figure, panels = new_figure(4.2, 2)
    for axes, (breakdown, parts) in zip(panels, PANELS.items(), strict=True):
        mine = rows[rows["breakdown"] == breakdown]
        _stack(axes, mine, parts, language)
        axes.set_title(TITLES[breakdown].in_language(language), loc="left", fontsize=9.5)
    panels[0].set_ylabel(SHARE.in_language(language))
    return figure


def _stack(axes: "Axes", rows: "pd.DataFrame", parts: dict[str, Text], language: str) -> None:
    shares = rows.pivot(index="year", columns="part", values="share_percent")[list(parts)]
    bottom = shares.iloc[:, 0] * 0.0
    for (part, label), colour in zip(parts.items(), COLOURS, strict=True):
        axes.bar(shares.index, shares[part], bottom=bottom, color=colour, width=0.86,
                 label=label.in_language(language))  # fmt: skip
        bottom = bottom + shares[part]
    gaps = rows.groupby("year")["gap"].first()
    flagged = gaps[gaps != 0].index
    axes.scatter(flagged, [103] * len(flagged), marker="x", color=FAINT, s=22, linewidth=1.2)
    axes.set_xticks(range(1996, 2015, 3))
    axes.set_ylim(0, 107)
    axes.set_xlim(1995.3, 2014.7)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.07), ncol=3, frameon=False, fontsize=8,
                handlelength=1.0, columnspacing=1.2)  # fmt: skip
