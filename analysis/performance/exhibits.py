"""The table and the plots of a bench run, in both languages, below reports/performance."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.exhibits.drawing import draw_all
from analysis.exhibits.formats import print_all
from analysis.exhibits.performance import comparisons, scaling
from analysis.paths import REPORTS

if TYPE_CHECKING:
    import pandas as pd

FOLDER = REPORTS / "performance"
FORMATS = ("md", "tex", "html", "docx")


def exhibits_of(performance: "pd.DataFrame") -> Mapping[Path, bytes]:
    """Return the files of the table and, where sizes differ, of the plots."""
    table = print_all(
        comparisons.ABOUT,
        comparisons.COLUMNS,
        comparisons.rows(performance).to_dict("records"),
        comparisons.footer(performance),
        FORMATS,
    )
    drawn = scaling.rows(performance)
    plots = draw_all(scaling, drawn) if len(drawn) else {}
    return {
        **{FOLDER / f"comparisons_{_named(key)}": content for key, content in table.items()},
        **{FOLDER / f"scaling_{_named(key)}": content for key, content in plots.items()},
    }


def _named(key: str) -> str:
    """Return en.md of en_md."""
    language, _, suffix = key.partition("_")
    return f"{language}.{suffix}"
