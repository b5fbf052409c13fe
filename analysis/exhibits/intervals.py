"""Estimates one below the other: a point, its interval, its numbers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.exhibits.style import BLUE, FAINT, PALE
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def draw_intervals(
    axes: "Axes",
    rows: "pd.DataFrame",
    names: Mapping[str, Text],
    language: str,
    colours: Mapping[str, str] | None = None,
) -> None:
    """Draw the rows that ``names`` lists, the first on top.

    Parameters
    ----------
    rows
        estimate, std_error, ci_low, ci_high by the index that ``names`` has for keys.
    colours
        Of each key; blue without.
    """
    order = [name for name in reversed(list(names)) if name in rows.index]
    for y, name in enumerate(order):
        colour = (colours or {}).get(name, BLUE)
        estimate, error, low, high = rows.loc[name, ["estimate", "std_error", "ci_low", "ci_high"]]
        axes.axhline(y, color=PALE, linewidth=0.7, zorder=0)
        axes.plot([low, high], [y, y], color=colour, linewidth=2)
        axes.scatter(estimate, y, color=colour, s=36, zorder=3)
        axes.annotate(
            f"{estimate:.3f} ({error:.3f})", (high, y), (6, 0), textcoords="offset points",
            va="center", fontsize=8, color=FAINT,
        )  # fmt: skip
    axes.axvline(0, color=FAINT, linewidth=0.8)
    axes.set_yticks(range(len(order)), [names[name].in_language(language) for name in order])
    axes.set_ylim(-0.6, len(order) - 0.4)
