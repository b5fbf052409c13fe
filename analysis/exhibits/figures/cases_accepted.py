"""Figure 1: cases accepted 1991-2019, with what the article states drawn on the series."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import YEARBOOKS, About
from analysis.exhibits.style import BLUE, FAINT, GREEN, GREY, ORANGE, PALE, VERMILION, new_figure
from analysis.exhibits.words import CASES_10K, GRADE_LABELS, GRADES, NOT_CONFLICT, grade
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABOUT = About(
    title=Text(
        "Labour dispute cases accepted, China 1991-2019, and what the article says of them",
        "1991至2019年中国劳动争议受理案件数与文章的陈述",
    ),
    note=Text(f"{NOT_CONFLICT.en}\n{YEARBOOKS.en}", f"{NOT_CONFLICT.zh}\n{YEARBOOKS.zh}"),
    inputs={"yearly": "yearly_growth.csv", "claims": "claims.csv"},
)
TEN_THOUSAND = 10_000
LEVELS = {"disp-1996-level": 1996, "disp-2007-level": 2007, "disp-2008-level": 2008}
WINDOW = (1996, 2007)
BAND_YEARS = (2009, 2015)
WORDS = {
    "window": Text("article's window\n{growth} % a year", "文章考察区间\n年均增长 {growth}%"),
    "band": Text("stated: 600,000-odd", "文中：60多万件"),
    "jump": Text("stated: +{jump} %", "文中：增长{jump}%"),
    "stated": Text("stated: {value}", "文中：{value}"),
    "gap": Text("1992, 1993\nmissing", "1992、1993\n缺"),
}


def rows(yearly: "pd.DataFrame", claims: "pd.DataFrame") -> "pd.DataFrame":
    """Return element, year, cases_10k, stated, inputs_status: the series, then the statements."""
    import pandas as pd

    series = pd.DataFrame(
        {
            "element": "series",
            "year": yearly["year"],
            "cases_10k": yearly["cases"] / TEN_THOUSAND,
            "inputs_status": yearly["status"],
        }
    )
    stated = claims.set_index("claim_id")["stated"]
    statements = [
        *(("level", year, stated[claim_id]) for claim_id, year in LEVELS.items()),
        ("growth", WINDOW[1], stated["disp-avg-growth"]),
        ("jump", 2008, stated["disp-2008-growth"]),
        *(("band", year, stated["disp-post-band"]) for year in BAND_YEARS),
    ]
    marks = pd.DataFrame(statements, columns=["element", "year", "stated"])
    return pd.concat([series, marks], ignore_index=True)


def finding(rows: "pd.DataFrame", language: str) -> str:
    """Return how many of the drawn years rest on a figure that is not verified."""
    grades = rows.loc[rows["element"] == "series", "inputs_status"].map(grade)
    words = Text("{n} of {total} years rest on a figure that is not verified.",
                 "{total} 个年份中有 {n} 个的数字尚未核实。")  # fmt: skip
    return words.in_language(language).format(n=(grades == GRADES[-1]).sum(), total=len(grades))


def draw(rows: "pd.DataFrame", language: str) -> "Figure":
    """Draw the line, a mark a year filled by its status, and the statements."""
    figure, (axes,) = new_figure(4.8)
    series = rows[rows["element"] == "series"].set_index("year")
    _draw_statements(axes, rows, series["cases_10k"], language)
    _draw_series(axes, series, language)
    axes.set_ylabel(CASES_10K.in_language(language))
    axes.set_ylim(0, 1.08 * series["cases_10k"].max())
    axes.set_xlim(1990, 2020)
    axes.legend(loc="upper left", frameon=False, fontsize=8)
    return figure


def _draw_series(axes: "Axes", series: "pd.DataFrame", language: str) -> None:
    whole = series["cases_10k"].reindex(range(series.index.min(), series.index.max() + 1))
    axes.plot(whole.index, whole.to_numpy(), color=BLUE, linewidth=1.2, zorder=2)
    fills = {"read in a source": BLUE, "corroborated": ORANGE, "not verified": "white"}
    grades = series["inputs_status"].map(grade)
    for name in GRADES:
        chosen = series[grades == name]
        axes.scatter(
            chosen.index, chosen["cases_10k"], s=28, facecolor=fills[name], edgecolor=BLUE,
            linewidth=1.1, zorder=3, label=GRADE_LABELS[name].in_language(language),
        )  # fmt: skip
    axes.annotate(
        WORDS["gap"].in_language(language), (1992.5, 1.5), (1991.9, 10), fontsize=7,
        color=FAINT, ha="center", arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.6},
    )  # fmt: skip


def _draw_statements(axes: "Axes", rows: "pd.DataFrame", cases: "pd.Series", language: str) -> None:
    stated = rows[rows["element"] != "series"]
    value = stated.groupby("element")["stated"].first()
    axes.axvspan(*WINDOW, color=PALE, zorder=0)
    axes.text(
        sum(WINDOW) / 2, 76, WORDS["window"].in_language(language).format(growth=value["growth"]),
        ha="center", va="top", fontsize=8, color=FAINT,
    )  # fmt: skip
    low, high = (float(end) for end in value["band"].split("-"))
    axes.fill_between(BAND_YEARS, low, high, color=GREEN, alpha=0.18, linewidth=0, zorder=0)
    axes.text(BAND_YEARS[0] + 0.2, low - 5.0, WORDS["band"].in_language(language),
              va="top", fontsize=8, color=GREEN)  # fmt: skip
    for _, row in stated[stated["element"] == "level"].iterrows():
        _annotate(axes, int(row["year"]), cases[row["year"]], row["stated"], language)
    middle = (cases[2007] + cases[2008]) / 2
    axes.annotate(
        WORDS["jump"].in_language(language).format(jump=value["jump"]), (2007.5, middle),
        (2003.2, middle + 5), fontsize=8, color=VERMILION,
        arrowprops={"arrowstyle": "->", "color": VERMILION, "linewidth": 0.8},
    )  # fmt: skip


def _annotate(axes: "Axes", year: int, height: float, stated: str, language: str) -> None:
    text = WORDS["stated"].in_language(language).format(value=stated)
    offset = {1996: (2, 34), 2007: (8, -14), 2008: (-8, 12)}[year]
    axes.annotate(
        text, (year, height), offset, textcoords="offset points", fontsize=8, color=VERMILION,
        ha="left" if year == 2007 else "right",
        arrowprops={"arrowstyle": "-", "color": VERMILION, "linewidth": 0.6},
    )  # fmt: skip
