"""Union fee: from what is due upward to what is collected, step by step."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import ARTICLE, About
from analysis.exhibits.style import BLUE, FAINT, GREEN, GREY, ORANGE, VERMILION, new_figure
from analysis.institutions.fee_chain.words import ARTICLE_COUNTY, titled
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUBJECT = Text("union fee, from due to collected", "工会经费从应缴到实缴")
NOTE = Text(
    "10,000 yuan. Due is what the tax office's way of collection asks of all employers. In "
    "brackets: the range that the rounding of the inputs allows.",
    "单位：万元。应缴为按代收方式应向全部单位收取的数额。括号内为投入数取整所容许的范围。",
)
CAVEAT = Text(
    " What all owe rests on the article's order of magnitude for full payment. Institutions on the "
    "budget are among the other employers, although the budget pays for them. Counted up to the "
    "middle of December.",
    "全部应缴额以文中对足额缴纳的数量级估计为据；财政供养的事业单位归在其他单位之内。数额截至12月中"
    "旬。",
)
ABOUT = About(
    title=titled(ARTICLE_COUNTY, SUBJECT),
    note=Text(f"{NOTE.en}{CAVEAT.en} {ARTICLE.en}", f"{NOTE.zh}{CAVEAT.zh}{ARTICLE.zh}"),
    inputs={"waterfall": "fee_waterfall.csv"},
)
STEPS = {
    "due": (Text("due from all employers", "全部单位应缴"), BLUE),
    "organs_unpaid": (Text("organs: due, not appropriated", "机关：应缴未拨"), ORANGE),
    "others_uncollected": (Text("others: due, not collected", "其他单位：应缴未收"), VERMILION),
    "uncollected": (Text("due, not collected", "应缴未收"), VERMILION),
    "other_channels": (Text("other channels", "其他渠道"), GREY),
    "collected": (Text("collected", "实缴"), GREEN),
}
FOUND = Text(
    "{collected:,.0f} of {due:,.0f} due is collected: {share:.2f} %.",
    "应缴 {due:,.0f}，实缴 {collected:,.0f}：{share:.2f}%。",
)
AXIS = Text("10,000 yuan", "万元")
RANGE = Text("  ({low:,.0f} to {high:,.0f})", "（{low:,.0f} 至 {high:,.0f}）")


def rows(waterfall: "pd.DataFrame") -> "pd.DataFrame":
    """Return the steps in order."""
    return waterfall


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return what is collected over what is due."""
    amounts = rows.set_index("step")["amount_10k"]
    due, collected = amounts["due"], amounts["collected"]
    return FOUND.in_language(language).format(
        collected=collected, due=due, share=100.0 * collected / due
    )


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw one bar a step, each fall beginning where the last ended."""
    figure, (axes,) = new_figure(1.7 + 0.42 * len(rows))
    reach = float(rows[["start_10k", "end_10k"]].to_numpy().max())
    for y, row in enumerate(reversed(rows.to_dict("records"))):
        _draw_step(axes, y, row, reach, language)
    labels = [STEPS[step][0].in_language(language) for step in reversed(rows["step"].tolist())]
    axes.set_yticks(range(len(labels)), labels)
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(min(0.0, float(rows["end_10k"].min())), 1.3 * reach)
    axes.set_xlabel(AXIS.in_language(language))
    return figure


def _draw_step(axes: "Axes", y: int, row: dict, reach: float, language: str) -> None:
    left, right = sorted((row["start_10k"], row["end_10k"]))
    axes.barh(y, right - left, left=left, height=0.55, color=STEPS[row["step"]][1])
    text = f"{row['amount_10k']:,.1f}"
    if row["low_10k"] < row["high_10k"]:
        around = RANGE.in_language(language)
        text += around.format(low=row["low_10k"], high=row["high_10k"])
    axes.text(right + 0.01 * reach, y, text, va="center", fontsize=8, color=FAINT)
