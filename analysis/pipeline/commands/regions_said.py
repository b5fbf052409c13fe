"""What a user says of a region's file: options typed, or a sidecar that lies beside it."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.pipeline.region_store.sidecar import WEAKEST, given_beside
from analysis.status import STATUSES

if TYPE_CHECKING:
    from analysis.sources.regions import Answers

# options that have a value, by their names in the parsed command
ABOUT = ("source", "licence", "status", "name", "supersedes")
ANSWERS = ("sheet", "data_year", "unit", "variable", "place")


@dataclass(frozen=True)
class Said:
    """What was said; empty texts where nothing was. ``reading`` answers what the file leaves open.

    Without a licence nobody has said that the figures may be passed on: they are private.
    """

    source: str
    title: str
    licence: str
    status: str
    name: str
    supersedes: str
    private: bool
    reading: "Answers"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options about the file and those that answer what it does not say."""
    known = parser.add_argument_group("about the file")
    known.add_argument("--source", help="yearbook and table, or who gave it")
    known.add_argument("--licence", help="makes it public; without one it is private")
    known.add_argument("--private", action="store_true", help="private in spite of a licence")
    known.add_argument("--status", choices=STATUSES[1:], help=f"of its figures; else {WEAKEST}")
    known.add_argument("--name", help="what to call it; else made from place and file name")
    known.add_argument("--supersedes", metavar="NAME", help="the region whose file it corrects")
    answer = parser.add_argument_group("answers, where the file does not say it")
    answer.add_argument("--sheet", help="the one sheet to read")
    answer.add_argument("--data-year", type=int, help="year of the data, not of the book")
    answer.add_argument("--unit", help='"万人", or "gdp=亿元,union_members=万人"')
    answer.add_argument("--variable", help="what its figures are, by name")
    answer.add_argument("--place", help="the one place of a table without places")
    answer.add_argument("--symbols", help='"…=below_unit,-=none,blank=unknown"')
    answer.add_argument(
        "--means", action="append", default=[], metavar="LABEL=NAME,UNIT",
        help='what a label of the file means, new variables too: "结案数=cases_settled,件"',
    )  # fmt: skip


def typed_again(options: argparse.Namespace) -> list[str]:
    """Return the options as words of a command."""
    given = [(name, getattr(options, name)) for name in (*ABOUT, *ANSWERS, "symbols")]
    given += [("means", words) for words in options.means]
    # with "=", so that a value may begin with a hyphen
    words = [f"--{name.replace('_', '-')}={value}" for name, value in given if value is not None]
    return [*words, "--private"] if options.private else words


def said_of(options: argparse.Namespace, file: Path) -> Said:
    """Return what was typed, before what a sidecar beside the file says.

    Raises
    ------
    UserError
        If an answer or the sidecar cannot be used.
    """
    beside = given_beside(file)
    written = {key: str(beside.get(key, "")) for key in (*ABOUT, "title", "producer")}
    words = {name: str(getattr(options, name) or written[name]) for name in ABOUT}
    words["source"] = words["source"] or written["producer"]
    return Said(
        **words, title=written["title"], private=options.private or not words["licence"],
        reading=_answers(options, beside.get("reading", {})),
    )  # fmt: skip


def _answers(options: argparse.Namespace, written: Mapping[str, Any]) -> "Answers":
    from analysis.sources.regions import Answers

    kept = Answers.from_table(dict(written))
    typed = {name: value for name in ANSWERS if (value := getattr(options, name)) is not None}
    symbols = Answers.symbols_of(options.symbols or "")
    means = {label: d for words in options.means for label, d in Answers.declared_of(words).items()}
    return replace(
        kept, **typed,
        symbols={**kept.symbols, **symbols}, variables={**kept.variables, **means},
    )  # fmt: skip
