"""Specification curves drawn: estimates in order, the null's band, a dashboard of choices beneath.

Bands are areas and the dashboard is one image, so that 4,096 specifications read as well as ten.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.exhibits.style import BLUE, FAINT, ORANGE, PALE, WIDTH_INCHES
from analysis.messages import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ORDER = Text("specifications, by size of the estimate", "各设定（按估计值排序）")
INTERVAL, MEDIAN = Text("95 % interval", "95%置信区间"), Text("median estimate", "估计值中位数")
NULL = Text("no effect: 95 % of curves", "无效应时95%的曲线")
# columns of the dashboard: more are finer than a printed line
MOST_COLUMNS = 512
EDGES = ("null_low", "null_high")
NUMBERS = ["place", "estimate", "ci_low", "ci_high", "p_value", "controls", *EDGES]


def curve_rows(estimates: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row a specification, by size: columns place, estimate ... null_high.

    The null's band, written at shares of the curve, is interpolated to each place; it is empty
    where the study did not ask for it.
    """
    import numpy as np

    each = estimates[estimates["component"].str.startswith("spec=")].sort_values("estimate")
    controls = each["component"].str.extract(r"controls=([^;]*)")[0].fillna("")
    at = np.linspace(0.0, 1.0, len(each))
    band = {name: _edge(estimates, name, at) for name in EDGES}
    return each.assign(place=range(1, len(each) + 1), controls=controls, **band)[NUMBERS]


def _edge(estimates: "pd.DataFrame", name: str, at: "np.ndarray") -> "np.ndarray":
    import numpy as np

    rows = estimates[estimates["component"].str.startswith(f"{name}=")]
    if rows.empty:
        return np.full(len(at), np.nan)
    shares = rows["component"].str.partition("=")[2].astype(float)
    order = shares.argsort()
    return np.interp(at, shares.iloc[order], rows["estimate"].astype(float).iloc[order])


def draw_curve(
    rows: "pd.DataFrame", controls: Mapping[str, str], effect: str, language: str
) -> "Figure":
    """Draw the curve above and, in the same order, the choices beneath.

    Parameters
    ----------
    rows
        As ``curve_rows`` returns them.
    controls
        What each control is called on the dashboard, line by line.
    effect
        The label of the estimates' axis.
    """
    import matplotlib.pyplot as plt

    board_height = max(2.0, 0.22 * len(controls))
    figure, (curve, board) = plt.subplots(
        2, 1, figsize=(WIDTH_INCHES, 3.4 + board_height), sharex=True,
        gridspec_kw={"height_ratios": [3.4, board_height]},
    )  # fmt: skip
    _draw_estimates(curve, rows, effect, language)
    _draw_board(board, rows, controls)
    board.set_xlabel(ORDER.in_language(language))
    return figure


def _draw_estimates(axes: "Axes", rows: "pd.DataFrame", effect: str, language: str) -> None:
    if rows[EDGES[0]].notna().all():
        axes.fill_between(
            rows["place"], rows[EDGES[0]], rows[EDGES[1]], color=FAINT, alpha=0.25, linewidth=0,
            label=NULL.in_language(language),
        )  # fmt: skip
    axes.fill_between(
        rows["place"], rows["ci_low"], rows["ci_high"], color=BLUE, alpha=0.18, linewidth=0,
        label=INTERVAL.in_language(language),
    )  # fmt: skip
    axes.plot(rows["place"], rows["estimate"], color=BLUE, linewidth=1.6)
    axes.axhline(
        rows["estimate"].median(), color=ORANGE, linewidth=1, linestyle="--",
        label=MEDIAN.in_language(language),
    )  # fmt: skip
    axes.axhline(0, color=FAINT, linewidth=0.8)
    low, high = rows[["ci_low", *EDGES]].min().min(), rows[["ci_high", *EDGES]].max().max()
    pad = 0.05 * (max(high, 0.0) - min(low, 0.0))
    axes.set_ylim(min(0.0, low) - pad, max(0.0, high) + pad)
    axes.set_ylabel(effect)
    # above the curve: within, there is no corner that some curve does not cross
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3)


def _draw_board(axes: "Axes", rows: "pd.DataFrame", controls: Mapping[str, str]) -> None:
    """Draw one line a control: dark where a specification has it.

    More specifications than the picture has room for share a column, shaded by the share of them
    that have the control.
    """
    import numpy as np
    from matplotlib.colors import LinearSegmentedColormap

    chosen = rows["controls"].str.split("+", regex=False)
    has = np.array([[name in one for one in chosen] for name in controls], dtype=float)
    bins = np.unique(np.linspace(0, len(rows), MOST_COLUMNS + 1).astype(int))
    starts = bins[:-1] if len(rows) > MOST_COLUMNS else np.arange(len(rows))
    shares = np.add.reduceat(has, starts, axis=1) / np.diff(np.append(starts, len(rows)))
    axes.imshow(
        shares, aspect="auto", interpolation="nearest",
        cmap=LinearSegmentedColormap.from_list("choices", [PALE, BLUE]),
        extent=(0.5, len(rows) + 0.5, len(controls) - 0.5, -0.5), vmin=0, vmax=1,
    )  # fmt: skip
    for line in range(1, len(controls)):
        axes.axhline(line - 0.5, color="white", linewidth=2)
    axes.set_yticks(range(len(controls)), list(controls.values()))
    axes.tick_params(axis="y", length=0)
