"""Figure 5: the ledger at a glance, one tile a statement."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import ARTICLE, About
from analysis.exhibits.style import FAINT, INK, VERDICT_COLOURS, new_figure
from analysis.exhibits.words import VERDICTS
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "The ledger at a glance: what of the article can be checked, and what came of it",
        "核对表一览：文章哪些陈述可以核对，结果如何",
    ),
    note=Text(
        "One tile a statement, by section of the article. A hatched tile is provisional: it rests "
        "on a figure that has not been verified. Grey tiles could not have failed and count for "
        f"nothing. Numbers derived by this package are left out. {ARTICLE.en}",
        "每格为一条陈述，按文章章节排列。斜线格为暂定结论，所依数字尚未核实。灰格无法证伪，"
        f"不计入结果。本软件包推算的数字未列入。{ARTICLE.zh}",
    ),
    inputs={"claims": "claims.csv"},
)
SECTIONS = {
    "1": Text("1 Introduction", "一、引言"),
    "2": Text("2 Literature", "二、文献"),
    "3.1": Text("3.1 Wage deposit", "三（一）工资保证金"),
    "3.2": Text("3.2 Union fee", "三（二）工会经费"),
    "3.3": Text("3.3 Conditions", "三（三）条件"),
    "4.1": Text("4.1 Attention", "四（一）注意力"),
    "4.2": Text("4.2 Scope", "四（二）领域"),
    "4.3": Text("4.3 Effect", "四（三）效果"),
    "5": Text("5 Conclusion", "五、结论"),
}
PROVISIONAL = Text("hatched: provisional", "斜线：暂定")
FOUND = Text(
    "{n} of {total} statements could have failed: {settled} settled, {provisional} provisional.",
    "{total} 条陈述中有 {n} 条可被证伪：已定 {settled} 条，暂定 {provisional} 条。",
)
A_ROW = 30


def rows(claims: "pd.DataFrame") -> "pd.DataFrame":
    """Return claim_id, section, verdict, provisional, inputs_status of the author's statements."""
    own = claims[claims["verdict"].notna()]
    return own[["claim_id", "section", "verdict", "provisional", "inputs_status"]]


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return how many statements could have failed, settled and provisional apart."""
    open_to_failure = rows[rows["verdict"] != "not_checkable"]
    return FOUND.in_language(language).format(
        total=len(rows), n=len(open_to_failure), provisional=open_to_failure["provisional"].sum(),
        settled=(~open_to_failure["provisional"]).sum(),
    )  # fmt: skip


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw the tiles, sorted within each section by verdict."""
    figure, (axes,) = new_figure(4.6)
    y, ticks = 0.0, {}
    for section, label in SECTIONS.items():
        mine = rows[rows["section"].astype(str) == section]
        ticks[y] = f"{label.in_language(language)}  ({len(mine)})"
        y += _tiles(axes, mine, y)
    axes.set_yticks(list(ticks), list(ticks.values()))
    axes.tick_params(length=0)
    axes.set_xticks([])
    axes.set_xlim(-0.7, A_ROW + 0.2)
    axes.set_ylim(y - 0.3, -0.9)
    axes.set_aspect("equal", anchor="N")
    for spine in axes.spines.values():
        spine.set_visible(False)
    _legend(axes, rows, language)
    return figure


def _tiles(axes: "Axes", rows: "pd.DataFrame", y: float) -> float:
    """Draw one section's tiles from ``y`` down; return the height that they take."""
    from matplotlib.patches import Rectangle

    ordered = rows.assign(rank=rows["verdict"].map(list(VERDICTS).index))
    ordered = ordered.sort_values(["rank", "provisional"], kind="stable")
    for position, (_, row) in enumerate(ordered.iterrows()):
        x, line = position % A_ROW, position // A_ROW
        hatched = row["provisional"] and row["verdict"] != "not_checkable"
        axes.add_patch(
            Rectangle(
                (x - 0.43, y + line - 0.43), 0.86, 0.86, facecolor=VERDICT_COLOURS[row["verdict"]],
                edgecolor=INK if hatched else "white", hatch="////" if hatched else None,
                linewidth=0.4,
            )
        )  # fmt: skip
    return 1.0 * (1 + max(0, len(ordered) - 1) // A_ROW) + 0.35


def _legend(axes: "Axes", rows: "pd.DataFrame", language: str) -> None:
    from matplotlib.patches import Patch

    count = rows["verdict"].value_counts()
    handles = [
        Patch(
            facecolor=VERDICT_COLOURS[name], label=f"{label.in_language(language)}: {count[name]}"
        )
        for name, label in VERDICTS.items()
        if name in count
    ]
    hatch = Patch(facecolor="white", edgecolor=FAINT, hatch="////",
                  label=PROVISIONAL.in_language(language))  # fmt: skip
    axes.legend(handles=[*handles, hatch], loc="upper center", bbox_to_anchor=(0.42, -0.0), ncol=3,
                frameon=False, fontsize=8)  # fmt: skip
