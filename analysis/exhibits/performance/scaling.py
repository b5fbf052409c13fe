"""Processor seconds by number of rows, this package and its peers, a panel a comparison."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.performance.words import SHORT, machine_of
from analysis.exhibits.style import BLUE, ORANGE, WIDTH_INCHES
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "Processor seconds by rows: this package and its peers, on simulated data",
        "处理器用时与数据行数：本软件包与同类软件（模拟数据）",
    ),
    note=Text(
        "Medians of alternating runs of make bench; both axes logarithmic. "
        "Processor seconds count every thread and do not depend on what else the machine does. "
        "Where the peer did a share of the work, its time is taken for the whole.",
        "make bench 交替测量的中位数；两轴均为对数刻度。处理器用时计入所有线程，"
        "不受机器其他负载影响。同类软件只完成部分工作时，按比例折算为全部。",
    ),
    inputs={"performance": "performance.csv"},
    data_kind="simulated",
)
COLUMNS_OF_PANELS = 2
ROWS, SECONDS = Text("rows", "行数"), Text("processor seconds", "处理器用时（秒）")
OURS = Text("this package", "本软件包")


def rows(performance: "pd.DataFrame") -> "pd.DataFrame":
    """Return comparison, side, library, rows, seconds and machine where sizes differ."""
    import pandas as pd

    seconds = pd.to_numeric(performance["cpu_seconds_median"]) / performance["peer_share"].where(
        performance["side"] == "peer", 1.0
    )
    found = performance.assign(seconds=seconds)[seconds.notna()]
    sizes = found.groupby("comparison")["rows"].transform("nunique")
    return found.loc[
        sizes > 1, ["comparison", "side", "library", "rows", "seconds", "machine", "python", "date"]
    ].sort_values(["comparison", "side", "rows"])


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the machine and the day."""
    return machine_of(rows, language)


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw a panel a comparison, a line a side."""
    import matplotlib.pyplot as plt

    names = list(dict.fromkeys(rows["comparison"]))
    lines = -(-len(names) // COLUMNS_OF_PANELS)
    figure, panels = plt.subplots(
        lines, COLUMNS_OF_PANELS, figsize=(WIDTH_INCHES, 2.3 * lines), squeeze=False
    )  # fmt: skip
    for axes, name in zip(panels.flat, names, strict=False):
        _draw_panel(axes, rows[rows["comparison"] == name], name, language)
    for axes in panels.flat[len(names) :]:
        axes.axis("off")
    return figure


def _draw_panel(axes: "Axes", rows: "pd.DataFrame", name: str, language: str) -> None:
    from matplotlib.ticker import NullFormatter

    for side, colour, mark in (("ours", BLUE, "o"), ("peer", ORANGE, "s")):
        mine = rows[rows["side"] == side]
        label = OURS.in_language(language) if side == "ours" else "".join(mine["library"].head(1))
        if len(mine):
            axes.plot(mine["rows"], mine["seconds"], color=colour, marker=mark, label=label)
    axes.set_xscale("log")
    axes.set_yscale("log")
    # within one power of ten matplotlib writes every minor tick, one over the other
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_title(SHORT[name].in_language(language) if name in SHORT else name, fontsize=9)
    axes.set_xlabel(ROWS.in_language(language))
    axes.set_ylabel(SECONDS.in_language(language))
    axes.legend(frameon=False, fontsize=8)
