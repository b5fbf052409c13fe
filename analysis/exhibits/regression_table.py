"""A regression table as journals print it: models side by side, errors in brackets beneath.

Values to rows of text; any printer (CSV, Markdown, LaTeX, HTML, Word, Excel) takes it from there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analysis.exhibits.printing.stars import OFF, marks

# what stands in brackets beneath an estimate: its standard error, t (or z) statistic or p value
BRACKETS = ("se", "t", "p")
P_DECIMALS, STATISTIC_DECIMALS = 3, 2


@dataclass(frozen=True)
class Coefficient:
    """One estimate of one model; error, p and statistic None where there are none."""

    estimate: float
    std_error: float | None = None
    p_value: float | None = None
    statistic: float | None = None


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
    stars: str = OFF,
    decimals: int = 3,
    line_order: Sequence[str] = (),
    brackets: str = "se",
) -> tuple[list[str], list[list[str]]]:
    """Return the headings, (1) ... (k) over the lines of ``Model.headings``, and the rows of text.

    Parameters
    ----------
    labels
        What to print for a term; terms stand in this order, others are left out.
    heading_labels
        What the lines of ``Model.headings`` are called, in the first column's heading.
    stars
        off, econ (* p<0.1, ** p<0.05, *** p<0.01) or soc (* 0.05, ** 0.01, *** 0.001).
    line_order
        Labels of the lines in their order; others follow as they come.
    brackets
        se, t or p: what stands beneath an estimate.
    """
    headings = ["\n".join(["", *heading_labels])]
    headings += [
        "\n".join([f"({j})", *model.headings[: len(heading_labels)]])
        for j, model in enumerate(models, start=1)
    ]
    rows = []
    for term, label in labels.items():
        cells = [model.terms.get(term) for model in models]
        if any(cells):
            rows.append([label, *(_estimate(one, stars, decimals) for one in cells)])
            rows.append(["", *(_beneath(one, brackets, decimals) for one in cells)])
    return headings, [*rows, *_lines(models, line_order)]


def _lines(models: Sequence[Model], order: Sequence[str]) -> list[list[str]]:
    found = dict.fromkeys(name for model in models for name in model.lines)
    ordered = [
        *(name for name in order if name in found),
        *(name for name in found if name not in order),
    ]
    return [[line, *(model.lines.get(line, "") for model in models)] for line in ordered]


def _estimate(one: Coefficient | None, stars: str, decimals: int) -> str:
    if one is None:
        return ""
    return decimal(one.estimate, decimals) + marks(one.p_value, stars)


def _beneath(one: Coefficient | None, brackets: str, decimals: int) -> str:
    if one is None:
        return ""
    said = {
        "se": lambda: _said(one.std_error, decimals),
        "t": lambda: _said(_statistic(one), STATISTIC_DECIMALS),
        "p": lambda: "" if one.p_value is None else p_text(one.p_value),
    }[brackets]()
    return f"({said})" if said else ""


def _said(value: float | None, decimals: int) -> str:
    return "" if value is None else decimal(value, decimals)


def _statistic(one: Coefficient) -> float | None:
    if one.statistic is not None or not one.std_error:
        return one.statistic
    return one.estimate / one.std_error


def decimal(value: float, decimals: int) -> str:
    """Return a number with so many decimals; one that they would hide, as a power of ten."""
    text = f"{value + 0.0:.{decimals}f}"
    return f"{value:.1e}" if value != 0.0 and float(text) == 0.0 else text


def p_text(p_value: float) -> str:
    """Return a p value as tables print it; never as zero, which none is."""
    least = 10.0**-P_DECIMALS
    return f"<{least:.{P_DECIMALS}f}" if p_value < least / 2.0 else f"{p_value:.{P_DECIMALS}f}"
