"""``surveys``: which survey files were found and what they hold; map, codebook and twin."""

import argparse

from analysis.messages import LANGUAGES
from analysis.sources.commands import (
    surveys_codebook,
    surveys_list,
    surveys_map,
    surveys_twin,
)

ACTIONS = {
    "list": surveys_list,
    "map": surveys_map,
    "codebook": surveys_codebook,
    "twin": surveys_twin,
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add one sub-command for each thing to do; none is the list."""
    actions = parser.add_subparsers(dest="action", metavar="list | map | codebook | twin")
    for name, module in ACTIONS.items():
        sub = actions.add_parser(name, help=module.HELP, description=module.HELP)
        # the same option after the sub-command; the value given before it stays otherwise
        sub.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help="en / zh")
        module.arguments(sub)


def run(options: argparse.Namespace) -> int:
    """Do what the sub-command says."""
    return ACTIONS[options.action or "list"].run(options)
