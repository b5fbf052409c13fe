"""A region in or out by one rename; what a killed command left is cleared, and said."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from analysis.messages import Text, UserError
from analysis.paths import relative
from analysis.pipeline.region_store.region import PRIVATE, STAGED, Region

# a name with a dot before it is no region: see staged_regions
ADDING, REMOVING = ".adding", ".removing"
SAID = {
    ADDING: Text(
        "Adding {name} was interrupted before it was in: nothing of it is kept, add it again.",
        "加入 {name} 时中断，尚未完成：未保留任何内容，请重新加入。",
    ),
    REMOVING: Text(
        "Removing {name} was interrupted: it is out.", "移除 {name} 时中断：该地区已移除。"
    ),
}


def stage(
    region: Region, contents: Mapping[str, bytes], prove: Callable[[Path], None] = lambda _: None
) -> None:
    """Put a region in: its files by name are written beside, then renamed into place at once.

    ``prove`` is handed the folder before it counts; what it raises keeps the region out.

    Raises
    ------
    UserError
        If the folder cannot be written, or is there already.
    """
    waiting = _beside(region, ADDING)
    try:
        _forget(waiting)
        waiting.mkdir(parents=True)
        for name, content in contents.items():
            _write(waiting / name, content)
        prove(waiting)
        waiting.rename(region.folder)
    except OSError as error:
        raise _refusal(region, error) from error
    finally:
        _forget(waiting)
        _drop_empty()


def withdraw(region: Region) -> None:
    """Take a region out: one rename, then its files are deleted.

    Raises
    ------
    UserError
        If the folder cannot be renamed; it is then still in.
    """
    leaving = _beside(region, REMOVING)
    try:
        _forget(leaving)
        region.folder.rename(leaving)
    except OSError as error:
        raise _refusal(region, error) from error
    _forget(leaving)
    _drop_empty()


def clear_leftovers() -> list[Text]:
    """Delete what killed commands left; return a line each. The caller holds the lock."""
    said = []
    for path, ending in _leftovers():
        _forget(path)
        name = path.name.removesuffix(ending)[1:]
        said.append(Text(*(words.format(name=name) for words in SAID[ending])))
    _drop_empty()
    return said


def _leftovers() -> Iterator[tuple[Path, str]]:
    for folder in (STAGED, PRIVATE):
        for ending in (ADDING, REMOVING):
            for path in sorted(folder.glob(f".*{ending}")):
                yield path, ending


def _beside(region: Region, ending: str) -> Path:
    return region.folder.with_name(f".{region.name}{ending}")


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _forget(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _drop_empty() -> None:
    """Leave no empty folder behind: without a region there is nothing of regions."""
    for folder in (PRIVATE, STAGED):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _refusal(region: Region, error: OSError) -> UserError:
    return UserError("cannot_write", file=relative(region.folder), error=error.strerror or error)
