"""Plotted rows to the files of one figure, in both languages."""

from types import ModuleType
from typing import TYPE_CHECKING

from analysis.exhibits.style import as_png, as_svg, drawn_language, furnish, look
from analysis.exhibits.words import status_line
from analysis.messages import LANGUAGES

if TYPE_CHECKING:
    import pandas as pd

STATUS = "inputs_status"


def draw_all(module: ModuleType, rows: "pd.DataFrame", source: str = "") -> dict[str, bytes]:
    """Return en_png, en_svg, zh_png and zh_svg of a figure's module.

    ``source`` names the file drawn (its sha256); each picture carries it in its metadata.
    """
    import matplotlib.pyplot as plt

    files = {}
    for language in LANGUAGES:
        spoken = drawn_language(language)
        with look(spoken):
            figure = module.draw(rows, spoken)
            title, finding = module.ABOUT.title.in_language(spoken), module.finding(rows, spoken)
            footer = footer_of(module, rows, spoken)
            furnish(figure, title, finding, footer)
            files[f"{language}_png"] = as_png(figure, source)
            files[f"{language}_svg"] = as_svg(figure, title, f"{finding} {footer}", source)
            plt.close(figure)
    return files


def footer_of(module: ModuleType, rows: "pd.DataFrame", language: str) -> str:
    """Return the note, and the weakest status among the rows."""
    statuses = rows[STATUS].dropna() if STATUS in rows else []
    gap = " " if language == "en" else ""
    note = module.ABOUT.note.in_language(language)
    return f"{note}{gap}{status_line(map(str, statuses), language)}".strip()
