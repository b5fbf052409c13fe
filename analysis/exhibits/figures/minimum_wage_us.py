"""Proof of estimators: an event study of staggered adoption by three estimators."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.style import BLUE, FAINT, GREEN, ORANGE, PALE, new_figure
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "United States counties 2003-2007: minimum wages and teen employment, event study",
        "美国各县，2003至2007年：最低工资与青少年就业的事件研究",
    ),
    note=Text(
        "Proof of estimators on teaching data (Callaway and Sant'Anna 2021; 500 counties, state "
        "minimum wages raised in 2004, 2006 or 2007; the rest never). Against the year before "
        "adoption; pointwise 95 % intervals by county; controls never treated, no covariates. "
        "It can say how counties that raised differ over time from those that did not; it cannot "
        "say why states raised, and flat years before do not prove that trends would have stayed "
        "parallel. Two-way fixed effects stand here for contrast. Nothing of China follows.",
        "以教学数据（Callaway 与 Sant'Anna 2021；500个县，部分州于2004、2006或2007年提高最低工资，"
        "其余从未提高）检验估计方法。以实施前一年为基准；逐点95%置信区间，按县；"
        "对照组为从未实施者，无协变量。能够说明实施县与未实施县随时间的差异；不能说明各州为何提高，实施前各年平稳也不能证明"
        "趋势本会平行。双向固定效应仅供对照。与中国无关。",
    ),
    inputs={"estimates": "estimates.csv"},
    data_kind="survey",
)
STUDY = "minimum_wage"
ESTIMATORS = {
    "callaway_santanna": (Text("Callaway and Sant'Anna", "Callaway-Sant'Anna"), BLUE, "o"),
    "sun_abraham": (Text("Sun and Abraham", "Sun-Abraham"), GREEN, "s"),
    "two_way": (Text("two-way fixed effects", "双向固定效应"), ORANGE, "^"),
}
YEARS = Text("years since adoption", "实施后年数")
EFFECT = Text("teen employment, log points", "青少年就业（对数点）")
FOUND = Text(
    "Three years after adoption: {cs:.3f}. Of {all} leads {flat} do not differ from zero at "
    "5 %; all together p = {p:.2f}.",
    "实施三年后为 {cs:.3f}；{all} 个先导期中有 {flat} 个在5%水平上与零无差异；"
    "联合检验 p = {p:.2f}。",
)


def rows(estimates: "pd.DataFrame") -> "pd.DataFrame":
    """Return equation, years since adoption, estimate and interval; the joint tests of leads."""
    mine = estimates[estimates["study"] == STUDY]
    years = mine["component"].str.extract(r"^e=(-?\d+)$")[0].astype(float)
    kept = mine.assign(event_time=years)
    kept = kept[years.notna() | (mine["component"] == "pre_trends:event")]
    columns = ["equation", "component", "event_time", "estimate", "std_error", "p_value",
               "ci_low", "ci_high", "n_obs"]  # fmt: skip
    return kept[columns]


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the effect after three years and what the years before say."""
    mine = rows[rows["equation"] == "callaway_santanna"].set_index("component")
    leads = mine[mine["event_time"] < 0]
    leads = leads[leads["std_error"].notna()]
    return FOUND.in_language(language).format(
        cs=mine.loc["e=3", "estimate"], flat=int((leads["p_value"] > 0.05).sum()),
        all=len(leads), p=mine.loc["pre_trends:event", "p_value"],
    )  # fmt: skip


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw the three event studies side by side at each year, the base year at zero."""
    figure, (axes,) = new_figure(4.2)
    axes.axhline(0, color=FAINT, linewidth=0.8)
    axes.axvspan(-0.5, rows["event_time"].max() + 0.5, color=PALE, alpha=0.5, linewidth=0)
    for shift, (equation, (name, colour, mark)) in enumerate(ESTIMATORS.items()):
        path = rows[(rows["equation"] == equation) & rows["std_error"].notna()]
        path = path[path["event_time"].notna()].sort_values("event_time")
        x = path["event_time"] + 0.14 * (shift - 1)
        axes.vlines(x, path["ci_low"], path["ci_high"], color=colour, linewidth=1.6)
        axes.plot(x, path["estimate"], linestyle="none", marker=mark, markersize=5, color=colour,
                  label=name.in_language(language))  # fmt: skip
    axes.scatter([-1], [0], color=FAINT, s=22, zorder=3)
    axes.set_xticks(range(int(rows["event_time"].min()), int(rows["event_time"].max()) + 1))
    axes.set_xlabel(YEARS.in_language(language))
    axes.set_ylabel(EFFECT.in_language(language))
    axes.legend(frameon=False, fontsize=8.5, loc="lower left")
    return figure
