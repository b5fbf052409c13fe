"""Figure 3: 2008 and after, against four paths fitted on 1996-2007."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import YEARBOOKS, About
from analysis.exhibits.style import BLACK, BLUE, FAINT, GREEN, ORANGE, PURPLE, new_figure
from analysis.exhibits.words import CASES_10K, NOT_CONFLICT
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "Cases accepted in 2008 and after, against four paths fitted on 1996-2007",
        "2008年及其后的受理案件数与四条反事实路径",
    ),
    note=Text(
        "Bars and bands are 95 % prediction intervals. Annual "
        "national data cannot separate the two laws of 2008 from each other or from the crisis. "
        f"{NOT_CONFLICT.en} {YEARBOOKS.en}",
        "色带与横线为95%预测区间。全国年度数据无法区分"
        f"2008年两部法律与金融危机的作用。{NOT_CONFLICT.zh}{YEARBOOKS.zh}",
    ),
    inputs={"yearly": "yearly_growth.csv", "counterfactual": "counterfactual.csv"},
)
TEN_THOUSAND = 10_000
SHOWN = (1996, 2012)
METHODS = {
    "log_linear_trend": (Text("log-linear trend", "对数线性趋势"), ORANGE, "--"),
    "arithmetic_growth_path": (Text("path at the mean growth", "按平均增速外推"), GREEN, ":"),
    "ets_a_ad_n": (Text("ETS(A,Ad,N) on logs", "ETS(A,Ad,N)（对数）"), BLUE, "-"),
    "arima_110_drift": (
        Text("ARIMA(1,1,0), drift, on logs", "ARIMA(1,1,0)带漂移（对数）"),
        PURPLE,
        "-.",
    ),
}
FOUND = Text(
    "2008 against the paths: {low:+.0f} to {high:+.0f} %; outside the interval of {outside} of "
    "{forecasts} forecasts.",
    "2008年与各路径之差：{low:+.0f}% 至 {high:+.0f}%；"
    "{forecasts} 个预测区间中有 {outside} 个不含实际值。",
)
WORDS = {
    "actual": Text("actual", "实际"),
    "excess": Text("Excess of 2008 over the path, %", "2008年超出路径（%）"),
}


def rows(yearly: "pd.DataFrame", counterfactual: "pd.DataFrame") -> "pd.DataFrame":
    """Return method (or actual), year, cases_10k, low, high, excess of 2008, inputs_status."""
    import pandas as pd

    actual = yearly[yearly["year"].between(*SHOWN)]
    paths = counterfactual[counterfactual["year"] <= SHOWN[1]]
    first = paths["year"] == 2008
    low, high = (
        100.0 * (paths["actual_cases"] / paths[end] - 1.0) for end in ("high_95", "low_95")
    )
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "method": "actual",
                    "year": actual["year"],
                    "cases_10k": actual["cases"] / TEN_THOUSAND,
                    "inputs_status": actual["status"],
                }
            ),
            pd.DataFrame(
                {
                    "method": paths["method"],
                    "year": paths["year"],
                    "cases_10k": paths["expected_cases"] / TEN_THOUSAND,
                    "low_10k": paths["low_95"] / TEN_THOUSAND,
                    "high_10k": paths["high_95"] / TEN_THOUSAND,
                    "excess_percent": paths["excess_percent"].where(first),
                    "excess_low": low.where(first),
                    "excess_high": high.where(first),
                    "inputs_status": paths["inputs_status"],
                }
            ),
        ],
        ignore_index=True,
    )


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the range of the excess, and how many forecast intervals 2008 lies outside."""
    first = rows[rows["excess_percent"].notna()]
    intervals = first[first["excess_low"].notna()]
    outside = (intervals["excess_low"] > 0) | (intervals["excess_high"] < 0)
    return FOUND.in_language(language).format(
        low=first["excess_percent"].min(), high=first["excess_percent"].max(),
        outside=outside.sum(), forecasts=len(intervals),
    )  # fmt: skip


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw the paths, and beside them how far 2008 lies above each."""
    figure, (left, right) = new_figure(4.4, 2, (1.6, 1.0))
    _draw_paths(left, rows, language)
    _draw_excess(right, rows[rows["excess_percent"].notna()], language)
    return figure


def _draw_paths(axes: "Axes", rows: "pd.DataFrame", language: str) -> None:
    actual = rows[rows["method"] == "actual"].set_index("year")["cases_10k"]
    for method, (label, colour, line) in METHODS.items():
        path = rows[rows["method"] == method].set_index("year")
        years, expected = [2007, *path.index], [actual[2007], *path["cases_10k"]]
        axes.plot(years, expected, line, color=colour, label=label.in_language(language))
        if path["low_10k"].notna().any():
            axes.fill_between(path.index, path["low_10k"], path["high_10k"], color=colour,
                              alpha=0.12, linewidth=0)  # fmt: skip
    axes.plot(actual.index, actual.to_numpy(), "o-", color=BLACK, markersize=4, linewidth=1.4,
              label=WORDS["actual"].in_language(language))  # fmt: skip
    axes.axvline(2007.5, color=FAINT, linewidth=0.7, linestyle=":")
    axes.set_ylim(0, 125)
    axes.set_ylabel(CASES_10K.in_language(language))
    axes.legend(loc="upper left", frameon=False, fontsize=8)


def _draw_excess(axes: "Axes", rows: "pd.DataFrame", language: str) -> None:
    order = list(reversed(METHODS))
    for _, row in rows.iterrows():
        y, (_, colour, _) = order.index(row["method"]), METHODS[row["method"]]
        if row["excess_low"] == row["excess_low"]:
            axes.plot([row["excess_low"], row["excess_high"]], [y, y], color=colour, linewidth=2)
        axes.scatter(row["excess_percent"], y, color=colour, s=40, zorder=3)
        axes.text(row["excess_percent"], y + 0.16, f"{row['excess_percent']:+.0f} %", ha="center",
                  fontsize=8)  # fmt: skip
    axes.set_yticks(range(len(order)), [""] * len(order))
    for y, method in enumerate(order):
        axes.text(2, y - 0.3, METHODS[method][0].in_language(language), fontsize=8,
                  color=METHODS[method][1])  # fmt: skip
    axes.tick_params(axis="y", length=0)
    axes.axvline(0, color=FAINT, linewidth=0.8)
    reach = rows[["excess_percent", "excess_high"]].max().max()
    lowest = rows[["excess_percent", "excess_low"]].min().min()
    axes.set_xlim(min(0.0, 1.1 * lowest), 1.06 * reach)
    axes.set_ylim(-0.6, len(order) - 0.4)
    axes.set_xlabel(WORDS["excess"].in_language(language))
