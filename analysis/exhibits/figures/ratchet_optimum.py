"""The target game: optimal collection against the target, and where counties then stand."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.style import BLUE, FAINT, ORANGE, VERMILION, new_figure
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "Target game: optimal collection, and bunching at the target",
        "任务博弈：最优收缴与在任务处的聚集",
    ),
    note=Text(
        "A model, not data: a county keeps 25 of 40 yuan collected, costs rise with collection, "
        "missing the target is penalised, and a share of over-collection is added to later "
        "targets. Only the 25 of 40 is the article's; the other parameters are assumptions "
        "(analysis/institutions/ratchet/target_game.py). Right: targets spread evenly from 30 to "
        "100 % of capacity. The pile at the target comes from the penalty (from below) and from "
        "the ratchet (from above).",
        "模型而非数据：县级从每收40元中留存25元，成本随收缴递增，未完成任务有惩罚，超收的一部分计入"
        "以后年度的任务。仅25比40出自文章，其余参数为假设（见 "
        "analysis/institutions/ratchet/target_game.py）。右图：任务均匀分布于能力的30%至100%。任务"
        "处的聚集来自惩罚（自下而上）与棘轮（自上而下）。",
    ),
    inputs={"policy": "ratchet_policy.csv"},
)
LINES = {0.0: (BLUE, "-"), 0.5: (ORANGE, "--"), 1.0: (VERMILION, ":")}
BIN = 0.05
AT_TARGET = 0.02
FOUND = Text(
    "Met and hardly exceeded: {without:.0f} % of targets without a ratchet, {half:.0f} % with half "
    "of over-collection added to it, {full:.0f} % with all.",
    "刚好完成的任务：无棘轮时占 {without:.0f}%，超收的一半计入任务时占 {half:.0f}%，全部计入时占 "
    "{full:.0f}%。",
)
WORDS = {
    "ratchet": Text("added to later targets: {share:.0f} %", "计入以后任务：{share:.0f}%"),
    "x": Text("Target, % of capacity", "任务占能力（%）"),
    "y": Text("Collection, % of the target", "最优收缴占任务（%）"),
    "x_right": Text("Collected, % of the target", "实收占任务（%）"),
    "y_right": Text("Share of targets, %", "任务的比重（%）"),
}


def rows(policy: "pd.DataFrame") -> "pd.DataFrame":
    """Return ratchet, target, collection, ratio."""
    return policy


def at_target(rows: "pd.DataFrame") -> "pd.Series":
    """Return by ratchet the percent of targets that are met and hardly exceeded."""
    met = (rows["ratio"] >= 1.0 - 1e-6) & (rows["ratio"] < 1.0 + AT_TARGET)
    return 100.0 * met.groupby(rows["ratchet"]).mean()


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the share at the target for each strength of the ratchet."""
    share = at_target(rows)
    return FOUND.in_language(language).format(without=share[0.0], half=share[0.5], full=share[1.0])


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw collection over target by target, and how collection over target is spread."""
    figure, (left, right) = new_figure(4.0, 2, (1.3, 1.0))
    _draw_policy(left, rows, language)
    _draw_spread(right, rows, language)
    return figure


def _draw_policy(axes: "Axes", rows: "pd.DataFrame", language: str) -> None:
    for ratchet, part in rows.groupby("ratchet"):
        colour, line = LINES[ratchet]
        label = WORDS["ratchet"].in_language(language).format(share=100.0 * ratchet)
        axes.plot(100.0 * part["target"], 100.0 * part["ratio"], line, color=colour, label=label)
    axes.axhline(100.0, color=FAINT, linewidth=0.7)
    axes.set_xlabel(WORDS["x"].in_language(language))
    axes.set_ylabel(WORDS["y"].in_language(language))
    axes.legend(loc="upper right", frameon=False, fontsize=8)


def _draw_spread(axes: "Axes", rows: "pd.DataFrame", language: str) -> None:
    import numpy as np

    edges = np.arange(0.6, 2.15 + BIN / 2.0, BIN)
    for ratchet, part in rows.groupby("ratchet"):
        colour, line = LINES[ratchet]
        # a ratio of 1 but for rounding belongs to the bin that begins at 1
        counts, _ = np.histogram(part["ratio"] + 1e-6, bins=edges)
        axes.stairs(100.0 * counts / len(part), 100.0 * edges, color=colour, linestyle=line,
                    linewidth=1.5)  # fmt: skip
    axes.axvline(100.0, color=FAINT, linewidth=0.7)
    axes.set_xlabel(WORDS["x_right"].in_language(language))
    axes.set_ylabel(WORDS["y_right"].in_language(language))
