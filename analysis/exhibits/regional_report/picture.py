"""The page's picture: the region's longest series, the nation beside those it has a rate for."""

from typing import TYPE_CHECKING

from analysis.exhibits.regional.labels import NATION, RATES, RECOUNT
from analysis.exhibits.regional_report import wording as w
from analysis.exhibits.regional_report.content import series_shown, with_unit
from analysis.exhibits.style import (
    BLUE,
    FAINT,
    GREY,
    PALE,
    as_png,
    drawn_language,
    look,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

LAW, WIDTH, HEIGHT, ROOM = 2008 + 4 / 12, 6.2, 2.0, 1.08


def picture_of(code: str, rates: "pd.DataFrame", language: str) -> bytes | None:
    """Return up to four series as PNG, one below the other; None where none has two years."""
    import matplotlib.pyplot as plt

    own = rates[rates["code"] == code]
    names = series_shown(own)
    if not names:
        return None
    spoken = drawn_language(language)
    with look(spoken):
        figure, axes = plt.subplots(
            len(names), 1, figsize=(WIDTH, 0.3 + HEIGHT * len(names)), squeeze=False, sharex=True
        )
        for panel, name in zip(axes[:, 0], names, strict=True):
            nation = rates[(rates["code"] == NATION) & (rates["measure"] == name)]
            _draw(panel, own[own["measure"] == name], nation, name, spoken)
        axes[0, 0].legend(frameon=False, fontsize=7, loc="upper left")
        figure.tight_layout()
        content = as_png(figure)
        plt.close(figure)
    return content


def _draw(
    axes: "Axes", own: "pd.DataFrame", nation: "pd.DataFrame", name: str, language: str
) -> None:
    from matplotlib.ticker import MaxNLocator

    years = range(int(own["year"].min()), int(own["year"].max()) + 1)
    first, last = years[0], years[-1]
    if first <= RECOUNT[1] and last >= RECOUNT[0]:
        axes.axvspan(max(RECOUNT[0], first), min(RECOUNT[1], last), color=PALE, zorder=0)
    if first <= LAW <= last:
        axes.axvline(LAW, color=FAINT, linewidth=0.7, linestyle=":")
    # levels of a region beside those of the nation would lie on the floor
    if name in RATES:
        whole = nation.set_index("year")["value"].astype(float).reindex(years)
        axes.plot(years, whole, color=GREY, linewidth=1.0,
                  label=w.PICTURE_NATION.in_language(language))  # fmt: skip
    values = own.set_index("year")["value"].astype(float).reindex(years)
    axes.plot(years, values, color=BLUE, linewidth=1.3, marker=".", markersize=4,
              label=w.PICTURE_REGION.in_language(language))  # fmt: skip
    axes.set_title(with_unit(name, language), fontsize=8.5, loc="left")
    # room above the highest point, which lies on the frame otherwise
    axes.set_ylim(0.0, ROOM * axes.get_ylim()[1])
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(lambda value, place: f"{value:,.10g}")
