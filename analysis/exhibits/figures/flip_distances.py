"""Figure 6: how little must change for a verdict to change, beside how well that input is known."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About
from analysis.exhibits.style import BLUE, FAINT, ORANGE, PALE, new_figure
from analysis.exhibits.words import GRADE_LABELS, GRADES, grade
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "Flip distance: the smallest change of one figure that alters a verdict",
        "翻转距离：改变结论所需的单个数字的最小变动",
    ),
    note=Text(
        "Each row moves one published figure, the others held; the number is the change in cases. "
        "Hollow: the figure itself is not verified. A verdict close to the left edge with a hollow "
        "mark is the first to look up in the yearbook (python -m analysis confirm). Figures that "
        "no change up to their own size can flip are left out.",
        "每行只变动一个公布数字，其余不变；标注为所需变动的案件数。空心：该数字尚未核实。"
        "越靠左且空心者，越应先查年鉴（python -m analysis confirm）。变动幅度达到其自身大小仍不能"
        "翻转结论的数字未列入。",
    ),
    inputs={"flips": "flip_distances.csv"},
)
# the footnote on the average rests on the same figures in the same way
LEFT_OUT = ("disp-avg-growth-footnote",)
CLAIMS = {
    "disp-avg-growth": Text("20.3 % a year, 1996-2007", "1996至2007年年均增长20.3%"),
    "disp-1996-level": Text("4.8 in 1996", "1996年4.8万件"),
    "disp-2007-level": Text("35 in 2007", "2007年35万件"),
    "disp-2008-level": Text("69.3 in 2008", "2008年69.3万件"),
    "disp-2008-growth": Text("+98 % in 2008", "2008年增长98%"),
    "disp-post-band": Text("600,000-odd after 2008", "2008年后60多万件"),
}
FOUND = Text(
    "Nearest: {flip:+,.0f} cases ({percent:.3f} %) in {year} alter the verdict on {claim}.",
    "最近者：{year}年变动 {flip:+,.0f} 件（{percent:.3f}%）即改变对“{claim}”的结论。",
)
CHANGE = Text(
    "Smallest change that alters the verdict, % of the figure", "改变结论的最小变动（占该数字的%）"
)
FIGURE_OF = Text("{year}: {claim}", "{year}年：{claim}")


def rows(flips: "pd.DataFrame") -> "pd.DataFrame":
    """Return claim_id, year, value, flip, flip_percent, inputs_status, nearest last."""
    published = flips[(flips["status"] != "article") & flips["flip"].notna()]
    published = published[~published["claim_id"].isin(LEFT_OUT)]
    chosen = published.assign(
        year=published["input"].str.split().str[-1].astype(int),
        distance=published["flip_percent"].abs(),
        inputs_status=published["status"],
    ).sort_values(["distance", "claim_id"], ascending=False, kind="stable")
    return chosen[["claim_id", "year", "value", "flip", "flip_percent", "inputs_status"]]


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return the nearest flip."""
    nearest = rows.loc[rows["flip_percent"].abs().idxmin()]
    return FOUND.in_language(language).format(
        year=nearest["year"], flip=nearest["flip"], percent=abs(nearest["flip_percent"]),
        claim=CLAIMS[nearest["claim_id"]].in_language(language),
    )  # fmt: skip


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw one row a figure and claim on a logarithmic scale."""
    figure, (axes,) = new_figure(1.4 + 0.22 * len(rows))
    rows = rows.reset_index(drop=True)
    fills = {"read in a source": BLUE, "corroborated": ORANGE, "not verified": "white"}
    grades = rows["inputs_status"].map(grade)
    for name in GRADES:
        mine = rows[grades == name]
        axes.scatter(
            mine["flip_percent"].abs(), mine.index, s=36, facecolor=fills[name], edgecolor=BLUE,
            linewidth=1.2, zorder=3, label=GRADE_LABELS[name].in_language(language),
        )  # fmt: skip
    _label_rows(axes, rows, language)
    axes.set_xscale("log")
    axes.set_xlim(0.003, 4)
    axes.xaxis.set_major_formatter(lambda value, position: f"{value:g}")
    axes.set_xlabel(CHANGE.in_language(language))
    axes.legend(loc="lower left", frameon=False, fontsize=8)
    return figure


def _label_rows(axes: "Axes", rows: "pd.DataFrame", language: str) -> None:
    for y, row in rows.iterrows():
        axes.axhline(y, color=PALE, linewidth=0.7, zorder=0)
        axes.annotate(
            f"{row['flip']:+,.0f}", (abs(row["flip_percent"]), y), (7, 0),
            textcoords="offset points", va="center", fontsize=8, color=FAINT,
        )  # fmt: skip
    labels = [
        FIGURE_OF.in_language(language).format(
            year=row["year"], claim=CLAIMS[row["claim_id"]].in_language(language)
        )
        for _, row in rows.iterrows()
    ]
    axes.set_yticks(range(len(rows)), labels, fontsize=8)
