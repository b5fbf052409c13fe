"""``tables [--style ...] [STUDY ...]``: build the tables, or write them as journals do."""

import argparse

from analysis.exhibits.regressions import CHOICES
from analysis.pipeline.commands import reproduce

HELP = {
    "style": "the journal whose tables they shall be like",
    "brackets": "what stands beneath an estimate: standard error, t or p",
    "stars": "econ: 10, 5, 1 per cent; soc: 5, 1, 0.1 per cent",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the studies and the style."""
    parser.add_argument(
        "study", nargs="*", help="a study of the package or a study file (default: all tables)"
    )
    for name, words in HELP.items():
        parser.add_argument(f"--{name}", choices=CHOICES[name], help=words)


def run(options: argparse.Namespace) -> int:
    """Build the tables; with a study or a style, write them into reports/local/tables/STYLE."""
    given = {name: getattr(options, name) for name in HELP if getattr(options, name)}
    if not (options.study or given):
        options.kind = "tables"
        return reproduce.run(options)
    from analysis.pipeline.commands.journal_tables import write_tables

    given |= {"lang": options.lang_asked} if options.lang_asked else {}
    return write_tables(options.study, given, options.lang)
