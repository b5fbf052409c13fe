"""``estimators``: one line each on what fits, and what follows a fit: its needs, its reports."""

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from analysis.messages import Text

if TYPE_CHECKING:
    from analysis.effects.about import About

HEADING = Text("estimator: what it fits; needs; reports", "估计方法：拟合内容；所需；报告")
AFTER = Text(
    "[[equation.after]] name = ...: what it does; needs; reports",
    "[[equation.after]] name = ...：内容；所需；报告",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments of its own."""


def run(options: argparse.Namespace) -> int:
    """Print the list."""
    from analysis.effects.fitting import after, after_names, estimator, estimator_names

    print(HEADING.in_language(options.lang))
    _print_all((name, estimator(name).ABOUT) for name in estimator_names())
    print(f"\n{AFTER.in_language(options.lang)}")
    _print_all((name, after(name).ABOUT) for name in after_names())
    return 0


def _print_all(abouts: Iterable[tuple[str, "About"]]) -> None:
    for name, about in abouts:
        print(f"  {name}: {about.fits}; needs {about.needs}; reports {about.reports}")
