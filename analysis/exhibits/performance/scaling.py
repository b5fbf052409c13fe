"""Processor seconds by number of rows, this package and its peers, a panel a comparison."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.performance.words import SHORT, machine_of
from analysis.exhibits.style import BLUE, ORANGE, WIDTH_INCHES
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
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
FEW_POWERS = 100.0
UNITS = {"en": ((1e6, "M"), (1e3, "k")), "zh": ((1e8, "亿"), (1e4, "万"))}
ROWS, SECONDS = Text("rows", "行数"), Text("processor seconds", "处理器用时（秒）")
OURS = Text("this package", "本软件包")


def rows(performance: "pd.DataFrame") -> "pd.DataFrame":
    """Return comparison, side, library, rows, seconds and machine where sizes differ.

    Comparisons whose peer could not be measured show nothing.
    """
    import pandas as pd

    seconds = pd.to_numeric(performance["cpu_seconds_median"]) / performance["peer_share"].where(
        performance["side"] == "peer", 1.0
    )
    found = performance.assign(seconds=seconds)[seconds.notna()]
    by_comparison = found.groupby("comparison")
    sizes, sides = (by_comparison[name].transform("nunique") for name in ("rows", "side"))
    return found.loc[
        (sizes > 1) & (sides > 1),
        ["comparison", "side", "library", "rows", "seconds", "machine", "python", "date"],
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
    for side, colour, mark in (("ours", BLUE, "o"), ("peer", ORANGE, "s")):
        mine = rows[rows["side"] == side]
        label = OURS.in_language(language) if side == "ours" else "".join(mine["library"].head(1))
        if len(mine):
            axes.plot(mine["rows"], mine["seconds"], color=colour, marker=mark, label=label)
    axes.set_xscale("log")
    axes.set_yscale("log")
    _label_ticks(axes.xaxis, rows["rows"], lambda count: short_count(count, language))
    _label_ticks(axes.yaxis, rows["seconds"], lambda seconds: f"{seconds:,g}")
    axes.set_title(SHORT[name].in_language(language) if name in SHORT else name, fontsize=9)
    axes.set_xlabel(ROWS.in_language(language))
    axes.set_ylabel(SECONDS.in_language(language))
    axes.legend(frameon=False, fontsize=8)


def _label_ticks(axis: "Axis", values: "pd.Series", named: Callable[[float], str]) -> None:
    """Name powers of ten, and 2 and 5 times them where the values span less than two of them."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    few = values.max() < FEW_POWERS * values.min()
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if few else (1.0,)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: named(value)))
    axis.set_minor_locator(NullLocator())


def short_count(count: float, language: str) -> str:
    """Return a round number in few signs: 50k, 1M; 5万, 100万."""
    for unit, name in UNITS[language]:
        if count >= unit:
            return f"{count / unit:,g}{name}"
    return f"{count:,g}"
