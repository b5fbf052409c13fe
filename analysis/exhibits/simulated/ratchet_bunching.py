"""Simulated: collection over target in three regimes, with the fitted counterfactual."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.simulated.ratchet_power import REGIMES
from analysis.exhibits.style import BLUE, FAINT, GREY, SKY, VERMILION, drawable, new_figure
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "Simulated data: collection over target, and the excess at the target",
        "模拟数据：实收与任务之比，及任务处的超额",
    ),
    note=Text(
        "One simulated panel a regime from the target game; no statement about any place. Line: "
        "polynomial fitted outside the shaded window. Excess mass b: the excess at the target in "
        "units of an ordinary bin, with the 95 % interval of a bootstrap over simulated counties.",
        "每种情形为由任务博弈模拟的一个面板，与任何地方无关。曲线：以阴影之外各组拟合的多项式。超额"
        " b：任务处的超额，以普通一组为单位，附按县自助法的95%区间。",
    ),
    inputs={"demonstration": "bunching_demonstration.csv"},
    data_kind="simulated",
)
WINDOW = (0.94, 1.04)
MARK = "simulated  模拟数据"
FOUND = Text(
    "Excess mass from left to right: {masses}; {counties:,} counties, {years} years, {players:.0f} "
    "% respond, seed {seed}.",
    "自左至右的超额：{masses}；{counties:,} 个县，{years} 年，{players:.0f}% 作出反应，种子 "
    "{seed}。",
)
WORDS = {
    "x": Text("Collected, % of the target", "实收占任务（%）"),
    "y": Text("County-years", "县·年"),
    "mass": Text(
        "b = {mass:.1f} ({low:.1f} to {high:.1f})", "b = {mass:.1f}（{low:.1f} 至 {high:.1f}）"
    ),
}


def rows(demonstration: "pd.DataFrame") -> "pd.DataFrame":
    """Return the bins of every regime."""
    return demonstration


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return each regime's excess mass."""
    first = rows.drop_duplicates("regime")
    masses = ", ".join(f"{mass:.1f}" for mass in first["excess_mass"])
    top = first.iloc[0]
    return FOUND.in_language(language).format(
        masses=masses, counties=top["counties"], years=top["years"],
        players=top["players_percent"], seed=top["seed"],
    )  # fmt: skip


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw one panel a regime on one scale, the word simulated across each."""
    panels = list(rows.groupby("regime", sort=False))
    figure, axes = new_figure(3.7, len(panels))
    top = 1.15 * rows["counts"].max()
    for place, (regime, part) in zip(axes, panels, strict=True):
        _draw_regime(place, part, language)
        place.set_ylim(0.0, top)
        place.set_title(REGIMES[regime].in_language(language), fontsize=9)
    axes[0].set_ylabel(WORDS["y"].in_language(language))
    return figure


def _draw_regime(axes: "Axes", part: "pd.DataFrame", language: str) -> None:
    x = 100.0 * part["ratio_middle"]
    axes.axvspan(100.0 * WINDOW[0], 100.0 * WINDOW[1], color=SKY, alpha=0.2, linewidth=0)
    axes.bar(x, part["counts"], width=2.0, color=BLUE, alpha=0.75, linewidth=0)
    axes.plot(x, part["counterfactual"], color=VERMILION, linewidth=1.4)
    first = part.iloc[0]
    words = WORDS["mass"].in_language(language)
    axes.text(0.5, 0.97, words.format(mass=first["excess_mass"], low=first["ci_low"],
                                      high=first["ci_high"]),
              transform=axes.transAxes, ha="center", va="top", fontsize=8, color=FAINT)  # fmt: skip
    axes.text(0.5, 0.5, drawable(MARK), transform=axes.transAxes, ha="center", va="center",
              rotation=28, fontsize=15, color=GREY, alpha=0.45, zorder=5)  # fmt: skip
    axes.set_xlabel(WORDS["x"].in_language(language))
