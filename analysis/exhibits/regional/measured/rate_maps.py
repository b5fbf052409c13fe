"""Tile maps of the rates that a user's regions give, each in the year that most provinces have."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.regional.labels import PERCENTAGES, RATES, label_of
from analysis.exhibits.regional.tiles import draw_tiles
from analysis.exhibits.regional.words import (
    ACCESS,
    NOT_DRAWN,
    RECOUNTED,
    STATUS,
    opening,
    sentences,
)
from analysis.exhibits.style import FAINT, WIDTH_INCHES, new_figure
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text("Rates by province, from the regions added", "已加入地区数据：各省比率"),
    note=sentences(
        Text("Each map shows the latest of the years that most provinces have. Tiles are laid by "
             "hand, near their neighbours; letters are those of GB/T 2260.",
             "每图取省份最多的年份中最近一年。方块按相邻关系手工排列，不表示边界。"),
        Text("Density is members over employment; neither it nor the organisation rate is "
             "coverage.", "入会率为会员占就业人数的比重；它与建会率都不是覆盖率。"),
        ACCESS, RECOUNTED, STATUS,
    ),
    inputs={"rates": "regional_rates.csv"}, data_kind="regional",
)  # fmt: skip
PROVINCES, MOST = 3, 4
WANTING = Text(
    "no rate is known of {least} provinces in one year",
    "没有任何比率在同一年份有 {least} 个省份的数据",
)
PANEL = Text("{label}, {year}", "{label}，{year}年")
FOUND = Text("{label}, {year}: {low} ({lowest}) to {high} ({highest}), {n} provinces.",
             "{label}，{year}年：{low}（{lowest}）至 {high}（{highest}），共 {n} 省。")  # fmt: skip


def rows(rates: "pd.DataFrame") -> "pd.DataFrame":
    """Return code, names, year, measure, value, inputs_status of up to four maps."""
    columns = ["code", "name_zh", "name_en", "year", "measure", "value", "inputs_status"]
    own = [name for name in RATES if not name.startswith("census_")]
    provinces = rates[(rates["level"] == "province") & rates["measure"].isin(own)]
    counts = provinces.groupby(["measure", "year"], as_index=False)["code"].count()
    counts = counts[counts["code"] >= PROVINCES].sort_values(["code", "year"])
    best = counts.drop_duplicates("measure", keep="last").set_index("measure")["year"]
    chosen = [name for name in own if name in best.index][:MOST]
    kept = provinces["measure"].isin(chosen) & (provinces["year"] == provinces["measure"].map(best))
    return provinces.loc[kept, columns].reset_index(drop=True)


def wanting(rows: "pd.DataFrame") -> Text | None:
    """Return why there is no map, None where there is one."""
    if len(rows):
        return None
    return Text(*(words.format(least=PROVINCES) for words in WANTING))


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the ends of the first map's rate; empty without one."""
    if rows.empty:
        return ""
    name = next(name for name in RATES if name in set(rows["measure"]))
    shown = rows[rows["measure"] == name].set_index(f"name_{language}")
    value, digits = shown["value"].astype(float), _decimals(shown["value"])
    return FOUND.in_language(language).format(
        label=opening(label_of(name).in_language(language)), year=shown["year"].iloc[0],
        low=f"{value.min():,.{digits}f}", lowest=value.idxmin(), high=f"{value.max():,.{digits}f}",
        highest=value.idxmax(), n=len(shown),
    )  # fmt: skip


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw the maps two by two; without any, say why."""
    import matplotlib.pyplot as plt

    reason = wanting(rows)
    if reason:
        return not_drawn(reason, language)
    names = [name for name in RATES if name in set(rows["measure"])]
    lines = (len(names) + 1) // 2
    size = (WIDTH_INCHES, 1.0 + 4.7 * lines)
    figure, axes = plt.subplots(lines, 2, figsize=size, squeeze=False)
    for panel in axes.flat:
        panel.axis("off")
    for panel, name in zip(axes.flat, names, strict=False):
        shown = rows[rows["measure"] == name]
        label = opening(label_of(name).in_language(language))
        unit = "（%）" if language == "zh" else " (%)"
        label += unit if name in PERCENTAGES else ""
        title = PANEL.in_language(language).format(label=label, year=shown["year"].iloc[0])
        values = dict(zip(shown["code"], shown["value"].astype(float), strict=True))
        draw_tiles(panel, values, title, _decimals(shown["value"]), language)
    return figure


def _decimals(values: "pd.Series") -> int:
    """Return none for hundreds, one for tens, two for less."""
    largest = float(values.abs().max())
    return 0 if largest >= 100.0 else 1 if largest >= 10.0 else 2


def not_drawn(reason: Text, language: str) -> "Figure":
    """Return a figure without axes that says why nothing is drawn."""
    figure, (axes,) = new_figure(1.9)
    axes.axis("off")
    words = NOT_DRAWN.in_language(language).format(reason=reason.in_language(language))
    axes.text(0.0, 0.5, words, fontsize=9, color=FAINT, transform=axes.transAxes, wrap=True)
    return figure
