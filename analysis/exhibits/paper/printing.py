"""One step's rows to its files: tables in every format; figures as PNG and SVG."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.exhibits.formats import ALL, words_of, written
from analysis.exhibits.paper.facts import Facts
from analysis.exhibits.paper.figures import draw
from analysis.exhibits.paper.flat import FLAT, flat_cells, flat_columns
from analysis.exhibits.paper.regressions import reasons, regression_cells
from analysis.exhibits.paper.words import NOTES, OPEN, RESTRICTED, TITLES, UNITS
from analysis.exhibits.printing.style import style
from analysis.exhibits.regressions.words import NOTE
from analysis.exhibits.style import as_png, as_svg, drawn_language, furnish, look
from analysis.messages import LANGUAGES, Text

if TYPE_CHECKING:
    import pandas as pd

MADE, NOT_MADE = Text("made", "已生成"), Text("not made: ", "未生成：")
CONTENTS = Text("Contents", "目录")
# tables without standard errors of regressions
PLAIN = ("table1_definitions", "table5_matching", "figure1_propensity", "figure3_placebo")


def printed(name: str, rows: "pd.DataFrame", facts: Facts) -> dict[str, bytes]:
    """Return a step's files by name: its rows under plotted/, tables or figures beside it."""
    files = {f"plotted/{name}.csv": rows.to_csv(index=False, lineterminator="\n").encode()}
    for language in LANGUAGES:
        make = _figure if name.startswith("figure") else _table
        files |= make(name, rows, facts, language)
    return files


def title_of(name: str, facts: Facts, language: str) -> str:
    """Return the title; simulated and teaching data are named first."""
    return facts.prefix(language) + TITLES[name].in_language(language)


def note_of(name: str, rows: "pd.DataFrame", facts: Facts, language: str) -> str:
    """Return the note: what the table is, its errors and contrast, the status of its data."""
    gap = " " if language == "en" else ""
    own = NOTES.get(name, Text("", "")).in_language(language)
    if name == "figure3_placebo":
        first = rows.iloc[0]
        units = UNITS.get(first["units"], Text(first["units"], first["units"]))
        own = own.format(
            units=units.in_language(language), draws=first["draws"], seed=first["seed"]
        )
    more = (OPEN if facts.status != "survey" else RESTRICTED).get(name, Text("", ""))
    errors = "" if name in PLAIN else facts.errors().in_language(language)
    parts = (
        errors, own, more.in_language(language), *reasons(rows, language), facts.data(language),
    )  # fmt: skip
    return NOTE.in_language(language) + gap.join(filter(None, parts))


def _table(name: str, rows: "pd.DataFrame", facts: Facts, language: str) -> dict[str, bytes]:
    if name in FLAT:
        headings, cells = flat_cells(name, rows, facts, language)
        columns = flat_columns(name, rows, facts)
        numeric = [column.decimals is not None for column in columns]
        widths = [column.width for column in columns]
    else:
        headings, cells = regression_cells(rows, facts, language)
        numeric, widths = [False, *(True for _ in headings[1:])], []
    title, note = title_of(name, facts, language), note_of(name, rows, facts, language)
    table = words_of(title, headings, cells, numeric, note, language, widths)
    return {f"{name}_{language}.{suffix}": written(table, suffix, style()) for suffix in ALL}


def _figure(name: str, rows: "pd.DataFrame", facts: Facts, language: str) -> dict[str, bytes]:
    import matplotlib.pyplot as plt

    spoken = drawn_language(language)
    with look(spoken):
        figure = draw(name, rows, spoken, facts.status == "simulated")
        title, note = title_of(name, facts, spoken), note_of(name, rows, facts, spoken)
        furnish(figure, title, facts.title.in_language(spoken), note)
        files = {
            f"{name}_{language}.png": as_png(figure),
            f"{name}_{language}.svg": as_svg(figure, title, note),
        }
        plt.close(figure)
    return files


def contents_page(
    results: Sequence[tuple[str, Text | None, float]], facts: Facts, language: str
) -> bytes:
    """Return the table of contents: what was made, what was not and why (None: made)."""
    title = facts.prefix(language) + facts.title.in_language(language)
    lines = [f"# {title}", "", f"## {CONTENTS.in_language(language)}", ""]
    for name, reason, _ in results:
        said = (
            MADE.in_language(language)
            if reason is None
            else NOT_MADE.in_language(language) + reason.in_language(language)
        )
        lines.append(f"- {TITLES[name].in_language(language)} ({name}): {said}")
    lines += ["", facts.data(language), ""]
    return "\n".join(lines).encode("utf-8")
