"""Two reports folders, file by file as their manifests list them."""

from collections.abc import Mapping
from pathlib import Path

from analysis.files import inside, named_hashes, read_rows
from analysis.verification.comparison.files import NONE, compare_file, is_drawing
from analysis.verification.comparison.rendered import Moved
from analysis.verification.comparison.verdicts import Finding


def compare_trees(committed: Path, rebuilt: Path) -> list[Finding]:
    """Return what came of every file that either manifest lists.

    Raises
    ------
    UserError
        If one of the folders has no manifest, it cannot be read, or it lists files elsewhere.
    """
    names = sorted({name for tree in (committed, rebuilt) for name in _listed(tree)})

    def found(name: str, moved: Moved = NONE) -> Finding:
        return compare_file(name, _bytes(committed / name), _bytes(rebuilt / name), moved)

    files = {name: found(name) for name in names if not is_drawing(name)}
    moved = _moved(files, committed, rebuilt)
    return [files.get(name) or found(name, moved) for name in names]


def _moved(files: Mapping[str, Finding], committed: Path, rebuilt: Path) -> Moved:
    """Return what came of each file whose bytes differ, by its name and hash before and after."""
    pairs = {name: (committed / name, rebuilt / name) for name in files}
    hashes = {
        name: (named_hashes([before]).encode(), named_hashes([after]).encode())
        for name, (before, after) in pairs.items()
        if before.is_file() and after.is_file()
    }
    return {pair: files[name] for name, pair in hashes.items() if pair[0] != pair[1]}


def _listed(reports: Path) -> list[str]:
    names = [row["file"] for row in read_rows(reports / "manifest.csv")]
    for name in names:
        inside(reports, name)
    return names


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
