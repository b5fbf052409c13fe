"""One rate over the years, a small panel a region, the nation behind it where it is known."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.regional.labels import NATION, PERCENTAGES, RECOUNT, label_of
from analysis.exhibits.regional.measured.rate_maps import not_drawn
from analysis.exhibits.regional.words import ACCESS, RECOUNTED, STATUS, opening, sentences
from analysis.exhibits.style import BLUE, FAINT, GREY, PALE, WIDTH_INCHES
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text("A rate over the years, region by region", "各地区比率历年变化"),
    note=sentences(
        Text("One scale for all panels. A line joins consecutive years only; a gap is a year "
             "without a figure. Dotted: May 2008, arbitration free and the time limit a year. "
             "Shaded: 1999-2003. Grey: the whole country, where its figure is known.",
             "各图同一尺度。只连接相邻年份，断开处为无数据。虚线：2008年5月仲裁免费、时效一年。"
             "阴影：1999至2003年。灰线：全国（有数据时）。"),
        ACCESS, RECOUNTED, STATUS,
    ),
    inputs={"rates": "regional_rates.csv"}, data_kind="regional",
)  # fmt: skip
# in this order: the first that some region has for five years is drawn
CANDIDATES = ("disputes_per_10k_employed", "disputes_per_10k_members",
              "disputes_per_10k_population", "density", "organisation_rate",
              "workers_per_dispute", "collective_share")  # fmt: skip
YEARS, PANELS, ACROSS = 5, 36, 6
LAW = 2008 + 4 / 12
WANTING = Text(
    "no region has a rate for {least} years", "没有任何地区的任一比率达到 {least} 个年份"
)
FOUND = Text("{label}{unit}, {first}-{last}. Regions: {n}.",
             "{label}{unit}，{first}至{last}年，{n} 个地区。")  # fmt: skip
REST = Text(" Not shown: {n} more regions.", "另有 {n} 个地区未画出。")


def rows(rates: "pd.DataFrame") -> "pd.DataFrame":
    """Return code, names, year, measure, value, inputs_status: regions by code, and the nation."""
    columns = ["code", "name_zh", "name_en", "year", "measure", "value", "inputs_status"]
    regions = rates[rates["level"] != "nation"]
    for name in CANDIDATES:
        counts = regions.loc[regions["measure"] == name, "code"].value_counts()
        codes = [*counts.index[counts >= YEARS]]
        if codes:
            own = rates["measure"] == name
            return rates.loc[own & rates["code"].isin([*codes, NATION]), columns].sort_values(
                ["code", "year"], ignore_index=True
            )
    return rates.loc[[], columns]


def wanting(rows: "pd.DataFrame") -> Text | None:
    """Return why there is no figure, None where there is one."""
    if len(rows):
        return None
    return Text(*(words.format(least=YEARS) for words in WANTING))


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the rate, the number of regions and the years; empty without any."""
    if rows.empty:
        return ""
    regions = rows[rows["code"] != NATION]
    measure = rows["measure"].iloc[0]
    unit = Text(" (%)", "（%）").in_language(language) if measure in PERCENTAGES else ""
    said = FOUND.in_language(language).format(
        label=opening(label_of(measure).in_language(language)), unit=unit,
        n=regions["code"].nunique(), first=regions["year"].min(), last=regions["year"].max(),
    )  # fmt: skip
    more = regions["code"].nunique() - PANELS
    return said + (REST.in_language(language).format(n=more) if more > 0 else "")


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw up to 36 panels on one scale; without any region, say why."""
    import matplotlib.pyplot as plt

    reason = wanting(rows)
    if reason:
        return not_drawn(reason, language)
    regions = rows[rows["code"] != NATION]
    codes = list(dict.fromkeys(regions["code"]))[:PANELS]
    across = min(ACROSS, len(codes))
    lines = -(-len(codes) // across)
    size = (WIDTH_INCHES, max(3.2, 1.6 + 1.15 * lines))
    figure, axes = plt.subplots(
        lines, across, figsize=size, squeeze=False, sharex=True, sharey=True
    )
    nation = rows[rows["code"] == NATION].set_index("year")["value"].astype(float)
    ends = (int(regions["year"].min()), int(regions["year"].max()))
    for panel, code in zip(axes.flat, codes, strict=False):
        own = regions[regions["code"] == code].set_index("year")
        name = own[f"name_{language}"].iloc[0]
        _draw_panel(panel, own["value"].astype(float), nation, ends, name)
    for panel in axes.flat[len(codes) :]:
        panel.axis("off")
    for panel in axes.flat[max(len(codes) - across, 0) : len(codes)]:
        panel.tick_params(labelbottom=True)
    shown = rows[rows["year"].between(*ends) & rows["code"].isin([*codes, NATION])]
    axes[0, 0].set_ylim(0.0, 1.05 * float(shown["value"].max()) or 1.0)
    return figure


def _draw_panel(
    axes: "Axes", own: "pd.Series", nation: "pd.Series", ends: tuple[int, int], name: str
) -> None:
    years = range(ends[0], ends[1] + 1)
    if ends[0] <= RECOUNT[1] and ends[1] >= RECOUNT[0]:
        axes.axvspan(max(RECOUNT[0], ends[0]), min(RECOUNT[1], ends[1]), color=PALE, zorder=0)
    if ends[0] <= LAW <= ends[1]:
        axes.axvline(LAW, color=FAINT, linewidth=0.7, linestyle=":")
    # a reindexed series has holes where years are missing, and a line stops at them
    axes.plot(years, nation.reindex(years), color=GREY, linewidth=0.9)
    axes.plot(years, own.reindex(years), color=BLUE, linewidth=1.2, marker=".", markersize=2.5)
    # dollars would be read as mathematics
    axes.set_title(name.replace("$", r"\$"), fontsize=7.5, pad=2)
    axes.set_xticks([ends[0], ends[1]] if ends[1] > ends[0] else [ends[0]])
    axes.tick_params(labelsize=6.5, length=2)
