"""Every region's latest rates and levels: value, rank, the nation's, share of the nation."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About, Column
from analysis.exhibits.regional.labels import NAMES, UNITS
from analysis.exhibits.regional.words import ACCESS, RECOUNTED, STATUS, sentences
from analysis.exhibits.words import STATUS_SHORT, YEAR
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text("Rates, ranks and shares of the nation, by region",
               "各地区比率、位次与占全国比重"),
    note=sentences(
        Text("The latest year of each figure. Rank 1 is the highest among regions of the same "
             "level that have the figure in that year. A share is of the national figure where "
             "that is known; regions without data are in neither.",
             "每项取最近年份。位次1为同级且当年有数据的地区中最高者。占比以全国数为分母（有全国数时）；"
             "没有数据的地区不在其内。"),
        Text("Rates combine figures of the same region and year only.",
             "比率只用同一地区、同一年份的数字计算。"),
        ACCESS, RECOUNTED, STATUS,
    ),
    inputs={"rates": "regional_rates.csv"}, data_kind="regional",
)  # fmt: skip
COLUMNS = (
    Column("name_en", Text("Region", "地区"), key_zh="name_zh"),
    Column("measure", Text("Figure", "指标"), words=NAMES),
    Column("year", YEAR),
    Column("value", Text("Value", "数值"), 2),
    Column("unit", Text("Unit", "单位"), words=UNITS),
    Column("rank", Text("Rank", "位次"), 0),
    Column("of", Text("of", "共"), 0),
    Column("national", Text("Nation", "全国"), 2),
    Column("share_percent", Text("Share of nation (%)", "占全国（%）"), 1),
    Column("ratio_to_national", Text("Ratio to nation", "与全国之比"), 2),
    Column("inputs_status", Text("Status", "状态"), words=STATUS_SHORT),
)
WANTING = Text("no region has any figure", "没有任何地区的数据")


def rows(rates: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row a region and figure, its latest year, by region and figure."""
    regions = rates[rates["level"] != "nation"].sort_values("year", kind="stable")
    latest = regions.drop_duplicates(["code", "measure"], keep="last")
    order = {name: place for place, name in enumerate(NAMES)}
    latest = latest.assign(order=latest["measure"].map(order))
    latest = latest.sort_values(["code", "order"], ignore_index=True)
    keys = [key for column in COLUMNS for key in dict.fromkeys((column.key, column.key_zh)) if key]
    return latest[["code", *keys]]


def wanting(rows: "pd.DataFrame") -> Text | None:
    """Return why the table is empty, None where it is not."""
    return None if len(rows) else WANTING
