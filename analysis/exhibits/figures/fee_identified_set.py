"""Union fee: what one year's collection says of base ratio, exemption and quota slack."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import ARTICLE, About
from analysis.exhibits.style import BLUE, FAINT, GREEN, ORANGE, PURPLE, SKY, new_figure
from analysis.institutions.fee_chain.words import ARTICLE_COUNTY, titled
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUBJECT = Text(
    "base ratio, exemption and quota that the collection allows",
    "收缴额所容许的缴费基数、免缴与定额",
)
NOTE = Text(
    "Collected over due is the base ratio times the share not exempt times the quota: one year "
    "gives the product only, and every point of every curve fits it equally well. Below the curve "
    "for 100 % the quota falls. Band: the curve for 100 % over the range that the inputs allow.",
    "实收/应收 = 基数比 × 未免缴比重 × 定额：一年的数据只能确定三者之积，每条曲线上的每一点都同样相"
    "符。在100%曲线下方，定额递减。色带：投入数取整范围内的100%曲线。",
)
ABOUT = About(
    title=titled(ARTICLE_COUNTY, SUBJECT),
    note=Text(
        f"{NOTE.en} What is due rests on the article's order of magnitude. {ARTICLE.en}",
        f"{NOTE.zh}应收额以文中的数量级估计为据。{ARTICLE.zh}",
    ),
    inputs={"curves": "fee_identified_set.csv"},
)
COLOURS = (BLUE, GREEN, ORANGE, PURPLE)
FOUND = Text(
    "The product is {product:.1f} % ({low:.1f} to {high:.1f} over the inputs): the base ratio "
    "alone could be anything from {product:.1f} to 100 %.",
    "三者之积为 {product:.1f}%（投入数范围内 {low:.1f}% 至 {high:.1f}%）：单就基数比而言，"
    "{product:.1f}% 至 100% 均有可能。",
)
WORDS = {
    "x": Text("Base over payroll, %", "缴费基数占工资总额（%）"),
    "y": Text("Share of payroll exempt, %", "免缴工资的比重（%）"),
    "quota": Text("quota {quota:.0f} %", "定额 {quota:.0f}%"),
    "band": Text("quota 100 %, range of the inputs", "定额100%，投入数的范围"),
}


def rows(curves: "pd.DataFrame") -> "pd.DataFrame":
    """Return the curves' points."""
    return curves


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the product with its range."""
    product = rows.groupby("curve")["product"].first() * 100.0
    # an end at which more was collected than is due allows no curve: the product is then one
    return FOUND.in_language(language).format(
        product=product["value"], low=product.get("low", 100.0), high=product.get("high", 100.0)
    )


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw the curve of each quota in the plane of base ratio and exemption."""
    figure, (axes,) = new_figure(4.6)
    _draw_band(axes, rows, language)
    mine = rows[rows["curve"] == "value"]
    for colour, (quota, curve) in zip(COLOURS, mine.groupby("quota", sort=False), strict=False):
        label = WORDS["quota"].in_language(language).format(quota=100.0 * quota)
        x, y = 100.0 * curve["base_ratio"], 100.0 * curve["exempt_share"]
        axes.plot(x, y, color=colour, linewidth=1.8, label=label)
    axes.set_xlim(0.0, 102.0)
    axes.set_ylim(-1.0, 100.0)
    axes.set_xlabel(WORDS["x"].in_language(language))
    axes.set_ylabel(WORDS["y"].in_language(language))
    axes.grid(color=FAINT, alpha=0.15)
    axes.legend(loc="upper left", frameon=False, fontsize=8)
    return figure


def _draw_band(axes: "Axes", rows: "pd.DataFrame", language: str) -> None:
    import numpy as np

    grid = np.linspace(0.0, 1.0, 201)[1:]
    products = rows.groupby("curve")["product"].first()
    ends = [float(products.get(end, 1.0)) for end in ("low", "high")]
    upper, lower = (np.maximum(0.0, 1.0 - end / grid) for end in ends)
    axes.fill_between(
        100.0 * grid, 100.0 * lower, 100.0 * upper, color=SKY, alpha=0.18, linewidth=0,
        label=WORDS["band"].in_language(language),
    )  # fmt: skip
