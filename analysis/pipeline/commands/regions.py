"""``regions``: a user's own regions: list, add, remove, template, report.

regions add FILE --source "..." --licence "..."    one file in, everything that rests on it rebuilt
regions add FILE --dry-run                         the same, nothing written
regions remove NAME                                out again
regions template > my_region.csv                   a sheet to fill in
regions report 江苏                                 a region's page, HTML and Word, in two languages
"""

import argparse

from analysis.messages import LANGUAGES
from analysis.pipeline.commands import (
    regions_add,
    regions_list,
    regions_remove,
    regions_report,
    regions_template,
)

ACTIONS = {
    "list": regions_list,
    "add": regions_add,
    "remove": regions_remove,
    "template": regions_template,
    "report": regions_report,
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add one sub-command for each thing to do; none is the list."""
    actions = parser.add_subparsers(dest="action", metavar=" | ".join(ACTIONS))
    for name, module in ACTIONS.items():
        sub = actions.add_parser(name, help=module.HELP, description=module.HELP)
        # the same option after the sub-command; the value given before it stays otherwise
        sub.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help="en / zh")
        module.arguments(sub)


def run(options: argparse.Namespace) -> int:
    """Do what the sub-command says."""
    return ACTIONS[options.action or "list"].run(options)
