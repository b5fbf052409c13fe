"""Simulated: bias and coverage of the literature's estimators, by selection into membership."""

from typing import TYPE_CHECKING, Any

from analysis.exhibits.about import About
from analysis.exhibits.simulated.judging_verdicts import INSTRUMENTS, METHODS, SELECTIONS
from analysis.exhibits.style import GREY, INK, drawable, new_figure
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "Simulated data: bias and coverage of each estimator, by selection into unions",
        "模拟数据：各估计方法在不同入会选择下的偏误与覆盖率",
    ),
    note=Text(
        "Simulated panels of workers with a known effect; no statement about any place or study. "
        "Colour: median bias as a share of the true effect (beyond 200 % drawn as 200 %). Number: "
        "percent of 95 % intervals that hold the truth; a wide interval holds it without saying "
        "much, see power in the table. Errors clustered by person, those of matching Abadie and "
        "Imbens's.",
        "已知真实效应的模拟劳动者面板，与任何地方、任何研究无关。颜色：偏误中位数占真实效应的比重（超"
        "过200%按200%绘制）。数字：95%区间包含真值的百分比；区间过宽虽包含真值却说明甚少，参见表中的"
        "检验力。标准误按个人聚类，匹配法为 Abadie-Imbens 标准误。",
    ),
    inputs={"judging": "judging.csv"},
    data_kind="simulated",
)
MARK = "simulated  模拟数据"
LIMIT = 2.0
WORDS = {
    "bar": Text("Median bias / true effect", "偏误中位数／真实效应"),
    "none": Text("No instrument", "不用工具变量"),
    "instrument": Text("With an instrument", "使用工具变量"),
    "x": Text("Selection into membership", "入会选择"),
}
# short enough to stand side by side; the table has the whole words
TICKS = {
    "none": Text("none", "无选择"),
    "observables": Text("observed", "可观测"),
    "fixed": Text("fixed,\nunseen", "不变的\n不可观测"),
    "time_varying": Text("varying,\nunseen", "时变的\n不可观测"),
}
FOUND = Text(
    "True effect {truth:.2f}; {replications:.0f} replications a cell, seed {seed:.0f}, {day}.",
    "真实效应 {truth:.2f}；每格重复 {replications:.0f} 次，种子 {seed:.0f}，{day}。",
)


def rows(judging: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row a method, state of the instrument and selection."""
    return judging


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the truth, the replications and the seed."""
    first = rows.iloc[0]
    return FOUND.in_language(language).format(
        truth=first["truth"], replications=first["replications"], seed=first["seed"],
        day=first["judged_on"],
    )  # fmt: skip


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw the methods without an instrument at the left, those with one at the right."""
    figure, axes = new_figure(5.6, 2, [1.0, 1.0])
    without = rows["instrument"] == "none"
    for place, part, title in ((axes[0], rows[without], "none"), (axes[1], rows[~without],
                                                                  "instrument")):  # fmt: skip
        image = _draw_part(place, part, language)
        place.set_title(WORDS[title].in_language(language), fontsize=9)
    bar = figure.colorbar(image, ax=axes[0], orientation="horizontal", shrink=0.85, pad=0.26,
                          aspect=25)  # fmt: skip
    bar.set_label(WORDS["bar"].in_language(language), fontsize=8)
    bar.set_ticks([-LIMIT, 0.0, LIMIT])
    bar.ax.xaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
    bar.outline.set_visible(False)
    return figure


def _draw_part(axes: "Axes", part: "pd.DataFrame", language: str) -> Any:
    keys = part[["instrument", "method"]].drop_duplicates()
    keys = keys.sort_values(
        "instrument", kind="stable", key=lambda c: c.map(list(INSTRUMENTS).index)
    )
    order = list(zip(keys["instrument"], keys["method"], strict=True))
    wide = part.assign(share=part["median_bias"] / part["truth"]).pivot_table(
        index=["instrument", "method"], columns="selection", values=["share", "coverage"]
    )
    share = wide["share"].loc[order, list(SELECTIONS)].to_numpy()
    coverage = wide["coverage"].loc[order, list(SELECTIONS)].to_numpy()
    image = axes.imshow(share, cmap="PuOr_r", vmin=-LIMIT, vmax=LIMIT, aspect="auto")
    for (row, column), value in _cells(coverage):
        dark = abs(share[row, column]) > 0.7 * LIMIT
        axes.text(column, row, f"{100 * value:.0f}", ha="center", va="center", fontsize=8,
                  color="white" if dark else INK, zorder=6)  # fmt: skip
    axes.set_xticks(range(len(SELECTIONS)),
                    [TICKS[name].in_language(language) for name in SELECTIONS],
                    fontsize=7.5)  # fmt: skip
    axes.set_yticks(
        range(len(order)), [_name(one, method, language) for one, method in order], fontsize=7.5
    )
    axes.set_xlabel(WORDS["x"].in_language(language))
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.text(0.5, 0.5, drawable(MARK), transform=axes.transAxes, ha="center", va="center",
              rotation=40, fontsize=17, color=GREY, alpha=0.4, zorder=5)  # fmt: skip
    return image


def _cells(values: Any) -> list[tuple[tuple[int, int], float]]:
    return [((i, j), value) for i, row in enumerate(values) for j, value in enumerate(row)]


def _name(instrument: str, method: str, language: str) -> str:
    name = METHODS[method].in_language(language)
    if instrument == "none":
        return name
    gap = ": " if language == "en" else "："
    return f"{INSTRUMENTS[instrument].in_language(language)}{gap}{name}"
