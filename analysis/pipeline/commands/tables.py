"""``tables``: build the tables and what they rest on."""

import argparse

from analysis.pipeline.commands import reproduce


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments of its own."""


def run(options: argparse.Namespace) -> int:
    """Build the tables."""
    options.kind = "tables"
    return reproduce.run(options)
