"""A file that was read and checked: its name, its sidecar, which region it corrects, its folder."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.files import sha256
from analysis.messages import Text, UserError
from analysis.paths import relative
from analysis.pipeline.commands.regions_said import Said
from analysis.pipeline.region_store import (
    Region,
    checked_name,
    free_name,
    proposed_name,
    stage,
    staged_regions,
)
from analysis.pipeline.region_store.naming import nearest_of
from analysis.pipeline.region_store.region import SUFFIX
from analysis.pipeline.region_store.sidecar import (
    NOT_STATED,
    WEAKEST,
    Description,
    described,
    now,
    sidecar_of,
)
from analysis.pipeline.tasks.regions import read_region, table_of

if TYPE_CHECKING:
    import pandas as pd

    from analysis.sources.regions import Understanding

CELL = ["code", "year", "variable"]


@dataclass(frozen=True)
class Newcomer:
    """A file on its way in.

    Attributes
    ----------
    content
        The file's bytes as they were read.
    found, frame
        What was understood, and its cells as a table.
    names
        Names of its places by code.
    warnings
        What reading and the checks said.
    """

    file: Path
    content: bytes
    said: Said
    found: "Understanding"
    frame: "pd.DataFrame"
    names: Mapping[str, Text]
    warnings: Sequence[Text]


def staged_as(file: Path) -> Region | None:
    """Return the region that holds the same bytes, if any."""
    if file.is_symlink() or not file.is_file():
        return None
    size = file.stat().st_size
    alike = (r for r in staged_regions() if any(p.stat().st_size == size for p in r.files))
    return next((region for region in alike if sha256(region.file) == sha256(file)), None)


def enter(new: Newcomer) -> tuple[Region, Description]:
    """Put the file in, by one rename, after reading the copy with its sidecar's answers alone.

    Raises
    ------
    UserError
        If a name is not to be had, the folder cannot be written, or the copy reads otherwise.
    """
    said, taken = new.said, {region.name: region for region in staged_regions()}
    wanted = checked_name(said.name) if said.name else _proposed(new)
    region = Region(free_name(wanted, taken), said.private)
    description = _description(new, _corrected(new, wanted, taken))
    name = new.file.name.lstrip(".")
    contents = {name: new.content, name + SUFFIX: sidecar_of(description, new.content)}
    stage(region, contents, _reads_the_same(name, new.found))
    return region, description


def _proposed(new: Newcomer) -> str:
    code, *others = dict.fromkeys(new.frame["code"])
    return proposed_name(new.file.stem, "" if others else new.names[code].zh)


def _description(new: Newcomer, supersedes: str) -> Description:
    said, frame = new.said, new.frame
    return Description(
        producer=said.source or new.found.source or NOT_STATED,
        title=said.title or new.found.title or new.file.name,
        licence=said.licence or NOT_STATED,
        added=now(),
        status=said.status or WEAKEST,
        supersedes=supersedes,
        found={
            "figures": len(frame),
            "codes": sorted(set(frame["code"])),
            "first_year": int(frame["year"].min()),
            "last_year": int(frame["year"].max()),
            "variables": sorted(set(frame["variable"])),
        },
        reading=new.found.learnt.as_table(),
        warnings=new.warnings,
    )


def _corrected(new: Newcomer, wanted: str, taken: Mapping[str, Region]) -> str:
    """Return the region that the file corrects: as said, or of the same name with shared cells."""
    if new.said.supersedes:
        if new.said.supersedes not in taken:
            nearest = nearest_of(new.said.supersedes, taken)
            raise UserError("region_unknown", value=new.said.supersedes, nearest=nearest)
        return new.said.supersedes
    vintages = [name for name in taken if name == wanted or _is_numbered(name, wanted)]
    if not vintages:
        return ""
    last = max(vintages, key=lambda name: described(taken[name].file).added)
    return last if left_by(new.frame, taken[last])[0] else ""


def _is_numbered(name: str, wanted: str) -> bool:
    return name.startswith(f"{wanted}-") and name.removeprefix(f"{wanted}-").isdecimal()


def left_by(frame: "pd.DataFrame", older: Region) -> tuple[int, int]:
    """Return how many cells of an older region a file prints too, and how many it does not."""
    there = set(read_region(table_of(older))[CELL].itertuples(index=False, name=None))
    own = set(frame[CELL].itertuples(index=False, name=None))
    return len(there & own), len(there - own)


def _reads_the_same(name: str, found: "Understanding") -> Callable[[Path], None]:
    """Return a proof for the copy: its sidecar's answers give the figures that were shown."""

    def prove(folder: Path) -> None:
        from analysis.sources.regions import Answers, understand

        copy = folder / name
        again = understand(copy, Answers.from_table(dict(described(copy).reading)))
        if again.figures != found.figures:
            raise UserError("region_reread", file=relative(copy))

    return prove
