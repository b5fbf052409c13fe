"""Cases per 10,000 persons, and the collective share, by year."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import YEARBOOKS, About, Column
from analysis.exhibits.words import STATUS_SHORT
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text(
        "Cases accepted per 10,000 persons, and the collective share",
        "每万人受理案件数与集体争议比重",
    ),
    note=Text(
        "Vintages of urban employment are kept apart: no rate mixes two, and no growth is taken "
        "across them. Collective meant three or more workers before 2008 and ten or more after "
        f"(unverified). {YEARBOOKS.en}",
        "城镇就业人员各版本分列，同一比率不混用，也不跨版本计算增长。集体争议2008年前指三人及以上，"
        f"其后指十人及以上（未核实）。{YEARBOOKS.zh}",
    ),
    inputs={"rates": "rates.csv"},
)
SERIES = {
    "union_members_10k": Text("cases per 10,000 union members", "每万名会员案件数"),
    "urban_employed_10k_before_2000_census": Text(
        "cases per 10,000 urban employed, before the 2000 census",
        "每万名城镇就业人员（2000年普查前）",
    ),
    "urban_employed_10k_before_2010_census": Text(
        "cases per 10,000 urban employed, before the 2010 census",
        "每万名城镇就业人员（2010年普查前）",
    ),
    "urban_employed_10k_rev": Text(
        "cases per 10,000 urban employed, latest revision", "每万名城镇就业人员（最新修订）"
    ),
    "cases_accepted": Text("collective cases, % of cases accepted", "集体争议占受理案件（%）"),
}
PERIODS = {
    "3 or more workers": Text("3 or more workers", "三人及以上"),
    "10 or more workers (unverified)": Text("10 or more (unverified)", "十人及以上（未核实）"),
}
COLUMNS = [
    Column("denominator", Text("Rate", "比率"), words=SERIES, width=0.4),
    Column("year", Text("Year", "年份")),
    Column("value", Text("Value", "数值"), 3),
    Column("definition_period", Text("Collective means", "集体争议口径"), words=PERIODS),
    Column("inputs_status", Text("Data", "数据状态"), words=STATUS_SHORT),
]


def rows(rates: "pd.DataFrame") -> "pd.DataFrame":
    """Return every rate by year."""
    return rates[[column.key for column in COLUMNS]]
