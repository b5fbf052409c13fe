"""A regression table as journals print it: models side by side, errors in brackets beneath.

Values to rows of text; any printer (CSV, Markdown, LaTeX, HTML, Word) takes it from there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# p below the number, one star more for each; economists' and sociologists' habits
STARS = {"off": (), "econ": (0.1, 0.05, 0.01), "soc": (0.05, 0.01, 0.001)}


@dataclass(frozen=True)
class Coefficient:
    """One estimate of one model; error and p None where there are none."""

    estimate: float
    std_error: float | None = None
    p_value: float | None = None


@dataclass(frozen=True)
class Model:
    """One column: what stands above it, its coefficients by term, its lines beneath by label."""

    headings: tuple[str, ...]
    terms: Mapping[str, Coefficient] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)


def regression_table(
    models: Sequence[Model],
    labels: Mapping[str, str],
    heading_labels: Sequence[str] = (),
    stars: str = "off",
    decimals: int = 3,
    line_order: Sequence[str] = (),
) -> tuple[list[str], list[list[str]]]:
    """Return the headings (empty, then (1) ... (k)) and the rows of text.

    Parameters
    ----------
    labels
        What to print for a term; terms stand in this order, others are left out.
    heading_labels
        The first cell of each line of ``Model.headings``.
    stars
        off, econ (* p<0.1, ** p<0.05, *** p<0.01) or soc (* 0.05, ** 0.01, *** 0.001).
    line_order
        Labels of the lines in their order; others follow as they come.
    """
    rows = [
        [label, *(model.headings[j] for model in models)] for j, label in enumerate(heading_labels)
    ]
    for term, label in labels.items():
        cells = [model.terms.get(term) for model in models]
        if any(cells):
            rows.append([label, *(_estimate(one, stars, decimals) for one in cells)])
            rows.append(["", *(_error(one, decimals) for one in cells)])
    found = dict.fromkeys(name for model in models for name in model.lines)
    for line in [
        *(name for name in line_order if name in found),
        *(name for name in found if name not in line_order),
    ]:
        rows.append([line, *(model.lines.get(line, "") for model in models)])
    return ["", *(f"({j})" for j in range(1, len(models) + 1))], rows


def _estimate(one: Coefficient | None, stars: str, decimals: int) -> str:
    if one is None:
        return ""
    reached = [] if one.p_value is None else [p for p in STARS[stars] if one.p_value < p]
    return f"{one.estimate:.{decimals}f}" + "*" * len(reached)


def _error(one: Coefficient | None, decimals: int) -> str:
    return "" if one is None or one.std_error is None else f"({one.std_error:.{decimals}f})"
