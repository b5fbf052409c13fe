"""Organisation rate and member density by province in 2004, as a dot plot."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.style import BLUE, FAINT, ORANGE, PALE, new_figure
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "Organisation rate and member density by province, China, 2004 census",
        "2004年经济普查：各省建会率与会员密度",
    ),
    note=Text(
        "Organisation rate: legal units with a union over all legal units. Member density: members "
        "over employed persons; the self-employed are outside. Neither is coverage. One year, 26 "
        "provinces, ecological: a picture, not a relation. The dashed lines are the whole country, "
        "the five provinces that are not shown included. Source: National Bureau of Statistics, "
        "First National Economic Census; data/raw/census2004_unions.csv.",
        "建会率：已建工会的法人单位占全部法人单位的比重。会员密度：会员占就业人员的比重，"
        "不含个体经营者。两者都不是覆盖率。仅一个年份、26个省份的汇总数据：只作描述，"
        "不说明二者关系。虚线为全国数，含图中未列的五个省份。资料来源：国家统计局第一次全国经济普查，"
        "见 data/raw/census2004_unions.csv。",
    ),
    inputs={"organisation": "organisation.csv"},
)
RATE, DENSITY = "organisation_rate_percent", "member_density_percent"
MARKS = {
    RATE: (Text("organisation rate", "建会率"), BLUE, "o"),
    DENSITY: (Text("member density", "会员密度"), ORANGE, "D"),
}
PERCENT = Text("Percent", "百分比（%）")
NATIONAL = Text("China {value:.1f} %", "全国 {value:.1f}%")
FOUND = Text(
    "{n} provinces: rate {low:.1f} ({lowest}) to {high:.1f} % ({highest}), "
    "density {thin:.1f} ({thinnest}) to {dense:.1f} % ({densest}).",
    "{n} 个省份。建会率 {low:.1f}%（{lowest}）至 {high:.1f}%（{highest}）；"
    "会员密度 {thin:.1f}%（{thinnest}）至 {dense:.1f}%（{densest}）。",
)


def rows(organisation: "pd.DataFrame") -> "pd.DataFrame":
    """Return name_zh, name_en, both rates, inputs_status, is_national; lowest rate first."""
    columns = ["name_zh", "name_en", RATE, DENSITY, "inputs_status", "is_national"]
    return organisation[columns].sort_values([RATE, "name_en"], kind="stable", ignore_index=True)


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return how many provinces there are, and the ends of both rates with their provinces."""
    provinces = _provinces(rows).set_index(f"name_{language}")
    rate, density = provinces[RATE], provinces[DENSITY]
    return FOUND.in_language(language).format(
        n=len(provinces), low=rate.min(), lowest=rate.idxmin(), high=rate.max(),
        highest=rate.idxmax(), thin=density.min(), thinnest=density.idxmin(), dense=density.max(),
        densest=density.idxmax(),
    )  # fmt: skip


def _provinces(rows: "pd.DataFrame") -> "pd.DataFrame":
    return rows[~rows["is_national"].astype(bool)]


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw a line of two marks a province, and the country's value of each as a dashed line."""
    figure, (axes,) = new_figure(6.6)
    provinces = _provinces(rows)
    for y in range(len(provinces)):
        axes.axhline(y, color=PALE, linewidth=0.7, zorder=0)
    for column, (label, colour, marker) in MARKS.items():
        axes.scatter(provinces[column], range(len(provinces)), color=colour, marker=marker, s=26,
                     zorder=3, label=label.in_language(language))  # fmt: skip
    _draw_country(axes, rows[rows["is_national"].astype(bool)].iloc[0], len(provinces), language)
    axes.set_yticks(range(len(provinces)), list(provinces[f"name_{language}"]))
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-0.7, len(provinces) + 0.6)
    axes.set_xlim(0, 1.08 * float(rows[[RATE, DENSITY]].to_numpy().max()))
    axes.set_xlabel(PERCENT.in_language(language))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.085), ncol=2, frameon=False, fontsize=8)
    return figure


def _draw_country(axes: "Axes", country: "pd.Series", top: float, language: str) -> None:
    for column, (_, colour, _) in MARKS.items():
        value = country[column]
        axes.axvline(value, color=colour, linewidth=0.9, linestyle="--", zorder=1)
        axes.text(value, top + 0.1, " " + NATIONAL.in_language(language).format(value=value),
                  fontsize=8, color=FAINT, va="center")  # fmt: skip
