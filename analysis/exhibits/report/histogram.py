"""A variable's distribution as a line of small bars."""

from collections.abc import Sequence

from analysis.messages import Text

BARS, WIDTH, HEIGHT, GAP = 16, 96, 22, 1
SAID = Text("{n} values, {low} to {high}", "{n} 个数值，{low} 至 {high}")


def counts(values: Sequence[float], bars: int = BARS) -> list[int]:
    """Return how many values lie in each of ``bars`` equal parts of their range."""
    low, high = min(values), max(values)
    found = [0] * bars
    for value in values:
        place = int(bars * (value - low) / (high - low)) if high > low else 0
        found[min(place, bars - 1)] += 1
    return found


def as_svg(values: Sequence[float], language: str) -> str:
    """Return the bars; empty where there are no two different values."""
    if len(set(values)) < 2:
        return ""
    found = counts(values)
    step, tallest = WIDTH / BARS, max(found)
    bars = "".join(
        f'<rect x="{place * step:g}" y="{HEIGHT * (1 - count / tallest):.1f}" '
        f'width="{step - GAP:g}" height="{HEIGHT * count / tallest:.1f}"/>'
        for place, count in enumerate(found)
        if count
    )
    name = SAID.in_language(language).format(
        n=len(values), low=f"{min(values):,.6g}", high=f"{max(values):,.6g}"
    )
    return (
        f'<svg class="histogram" role="img" aria-label="{name}" width="{WIDTH}" '
        f'height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">{bars}</svg>'
    )
