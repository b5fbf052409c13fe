"""What the report says, as data: chapters of paragraphs, exhibits and blocks, read from TOML.

One file a chapter, in the order of their names. A paragraph's numbers are declared beside it, each
with the file, rows and column that it comes from; ``prose`` puts them in.
"""

import tomllib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import zip_longest
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from analysis.files import read_text
from analysis.loading import load
from analysis.messages import Text

CHAPTERS = Path(__file__).with_name("chapters")
OWN = Path(__file__).with_name("own.toml")
BLOCKS = "analysis.exhibits.report.blocks"
# where an exhibit stands that no chapter names: the rest in the last of these
HOMES = {"simulated": "simulated", "survey": "proof", "regional": "regions"}
REST = "methods"


@dataclass(frozen=True)
class Number:
    """Where a printed number comes from.

    Attributes
    ----------
    file
        A CSV file, named from the project's root.
    where
        Column to value, or to several of which one is enough: the rows meant; all where empty.
    take
        value (of the one row), count, distinct, minimum, maximum or sum over the rows.
    form
        Python's format of the number; empty for the cell as it is written.
    """

    file: str
    where: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    column: str = ""
    take: Literal["value", "count", "distinct", "minimum", "maximum", "sum"] = "value"
    form: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Words with {names} of numbers in them; ``page_only`` ones speak of the page itself."""

    text: Text
    numbers: Mapping[str, Number] = field(default_factory=dict)
    page_only: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading within a chapter."""

    text: Text


@dataclass(frozen=True)
class Shown:
    """An exhibit by its name; ``folded`` opens on request."""

    id: str
    folded: bool = False


@dataclass(frozen=True)
class Block:
    """What no paragraph or exhibit can say: one file of ``blocks`` makes it."""

    name: str

    @property
    def module(self) -> ModuleType:
        """Its file's module: INPUTS and html(report, language)."""
        return load(f"{BLOCKS}.{self.name}")


Part = Paragraph | Heading | Shown | Block


@dataclass(frozen=True)
class Chapter:
    """A chapter; ``mark`` is a line that stands across its beginning."""

    id: str
    title: Text
    short: Text
    parts: tuple[Part, ...]
    mark: Text | None = None
    simulated: bool = False

    @property
    def shown(self) -> list[str]:
        """The names of its exhibits, in order."""
        return [part.id for part in self.parts if isinstance(part, Shown)]

    @property
    def blocks(self) -> list[ModuleType]:
        """The modules of its blocks."""
        return [part.module for part in self.parts if isinstance(part, Block)]

    @property
    def files(self) -> set[str]:
        """The files that its numbers and blocks come from."""
        said = (part for part in self.parts if isinstance(part, Paragraph))
        quoted = {number.file for part in said for number in part.numbers.values()}
        return quoted.union(*(block.INPUTS for block in self.blocks))


def chapter_files() -> list[Path]:
    """Return the chapters' files in order."""
    return sorted(CHAPTERS.glob("*.toml"))


@cache
def chapters() -> tuple[Chapter, ...]:
    """Return the report's chapters."""
    return tuple(map(_chapter, chapter_files()))


def own_chapter(figures: Iterable[str], tables: Iterable[str]) -> Chapter:
    """Return the chapter of a user's own data, with the exhibits that hold some."""
    chapter = _chapter(OWN)
    shown = (*map(Shown, figures), *(Shown(name, folded=True) for name in tables))
    return replace(chapter, parts=(*chapter.parts, *shown))


def complete(
    found: Sequence[Chapter], kinds: Mapping[str, str], files: Container[str]
) -> tuple[Chapter, ...]:
    """Return the chapters with every exhibit of ``kinds`` (name to kind of data) in one.

    One that no chapter names follows, folded, in the chapter of its kind of data. What rests on
    an exhibit or a file that is not there is left out (a long simulation that was not run), and so
    is a chapter of which nothing is left.
    """
    named = {name for chapter in found for name in chapter.shown}
    homeless: dict[str, list[Shown]] = {}
    for name, kind in kinds.items():
        if name not in named:
            homeless.setdefault(HOMES.get(kind, REST), []).append(Shown(name, folded=True))
    filled = (
        replace(
            chapter,
            parts=_headed(
                *(part for part in chapter.parts if _is_there(part, kinds, files)),
                *homeless.get(chapter.id, ()),
            ),
        )
        for chapter in found
    )
    return tuple(chapter for chapter in filled if chapter.parts)


def _headed(*parts: Part) -> tuple[Part, ...]:
    """Return the parts without the headings under which nothing is left."""
    return tuple(
        part
        for part, after in zip_longest(parts, parts[1:])
        if not (isinstance(part, Heading) and (after is None or isinstance(after, Heading)))
    )


def _is_there(part: Part, exhibits: Container[str], files: Container[str]) -> bool:
    if isinstance(part, Shown):
        return part.id in exhibits
    if isinstance(part, Paragraph):
        return all(number.file in files for number in part.numbers.values())
    if isinstance(part, Block):
        return all(file in files for file in part.module.INPUTS)
    return True


def _chapter(path: Path) -> Chapter:
    table = tomllib.loads(read_text(path))
    return Chapter(
        id=path.stem.lstrip("0123456789_"),
        title=Text(**table["title"]),
        short=Text(**table["short"]),
        parts=tuple(_part(part) for part in table["part"]),
        mark=Text(**table["mark"]) if "mark" in table else None,
        simulated=table.get("simulated", False),
    )


def _part(table: Mapping[str, Any]) -> Part:
    if "exhibit" in table:
        return Shown(table["exhibit"], table.get("folded", False))
    if "block" in table:
        return Block(table["block"])
    if "heading" in table:
        return Heading(Text(**table["heading"]))
    numbers = {name: Number(**number) for name, number in table.get("numbers", {}).items()}
    text = Text(table["en"].strip(), table["zh"].strip())
    return Paragraph(text, numbers, table.get("page_only", False))
