"""``estimators``: one line each on what fits, what it needs and what it reports."""

import argparse

from analysis.messages import Text

HEADING = Text("estimator: what it fits; needs; reports", "估计方法：拟合内容；所需；报告")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments of its own."""


def run(options: argparse.Namespace) -> int:
    """Print the list."""
    from analysis.effects.fitting import estimator, estimator_names

    print(HEADING.in_language(options.lang))
    for name in estimator_names():
        about = estimator(name).ABOUT
        print(f"  {name}: {about.fits}; needs {about.needs}; reports {about.reports}")
    return 0
