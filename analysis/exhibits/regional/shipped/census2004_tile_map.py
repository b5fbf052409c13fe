"""Union organisation by province in 2004, as four tile maps."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.regional.tiles import draw_tiles
from analysis.exhibits.style import WIDTH_INCHES
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "Unions by province, China, First Economic Census 2004 (verified figures)",
        "2004年第一次全国经济普查：各省工会组织（已核实数字）",
    ),
    note=Text(
        "Organisation rate: legal units with a union over all legal units. Member density: members "
        "over employed persons, the self-employed outside. Neither is coverage. Tiles are laid by "
        "hand, near their neighbours; letters are those of GB/T 2260. No data: the five provinces "
        "that the tables read give only in sum (Shaanxi, Gansu, Qinghai, Ningxia, Xinjiang); "
        "Taiwan, Hong Kong and Macao, outside the census. One year: a picture, not a relation. "
        "Source: National Bureau of Statistics, communiques; data/raw/census2004_unions.csv.",
        "建会率：已建工会的法人单位占全部法人单位的比重。入会率：会员占就业人员的比重，不含个体经营者。"
        "两者都不是覆盖率。方块按相邻关系手工排列，不表示边界。无数据：所查公报中只见合计的五省区"
        "（陕西、甘肃、青海、宁夏、新疆），以及不在普查范围内的台湾、香港、澳门。仅一个年份，只作描述，"
        "不说明关系。资料来源：国家统计局公报，见 data/raw/census2004_unions.csv。",
    ),
    inputs={"rates": "regional_rates.csv"},
)
# measure, panel title, scale, decimals
PANELS = (
    ("census_organisation_rate", Text("Organisation rate (%)", "建会率（%）"), 1.0, 1),
    ("census_density", Text("Member density (%)", "入会率（%）"), 1.0, 1),
    ("census_legal_units_with_union", Text("Legal units with a union (1,000)",
                                           "已建工会的法人单位（千个）"), 1e-3, 1),
    ("census_union_members", Text("Union members (10,000)", "工会会员（万人）"), 1e-4, 0),
)  # fmt: skip
FOUND = Text(
    "{n} provinces. Organisation rate {low:.1f} % ({lowest}) to {high:.1f} % ({highest}); "
    "China {nation:.1f} %.",
    "{n} 个省份。建会率 {low:.1f}%（{lowest}）至 {high:.1f}%（{highest}）；全国 {nation:.1f}%。",
)


def rows(rates: "pd.DataFrame") -> "pd.DataFrame":
    """Return code, names, measure, value, national, inputs_status of the provinces in 2004."""
    shown = rates["measure"].isin([name for name, *_ in PANELS]) & (rates["level"] == "province")
    columns = ["code", "name_zh", "name_en", "measure", "value", "national", "inputs_status"]
    return rates.loc[shown, columns].reset_index(drop=True)


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the ends of the organisation rate with their provinces, and the nation's."""
    rate = rows[rows["measure"] == PANELS[0][0]].set_index(f"name_{language}")
    value = rate["value"]
    return FOUND.in_language(language).format(
        n=len(rate), low=value.min(), lowest=value.idxmin(), high=value.max(),
        highest=value.idxmax(), nation=rate["national"].iloc[0],
    )  # fmt: skip


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw the four maps, two by two."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(WIDTH_INCHES, 10.4))
    for panel, (measure, title, scale, decimals) in zip(axes.flat, PANELS, strict=True):
        chosen = rows[rows["measure"] == measure]
        values = dict(zip(chosen["code"], scale * chosen["value"].astype(float), strict=True))
        draw_tiles(panel, values, title.in_language(language), decimals, language)
    return figure
