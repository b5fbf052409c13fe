"""Two reports folders, file by file as their manifests list them."""

from pathlib import Path

from analysis.files import inside, read_rows
from analysis.verification.comparison.files import compare_file
from analysis.verification.comparison.verdicts import Finding


def compare_trees(committed: Path, rebuilt: Path) -> list[Finding]:
    """Return what came of every file that either manifest lists.

    Raises
    ------
    UserError
        If one of the folders has no manifest, it cannot be read, or it lists files elsewhere.
    """
    names = sorted({name for tree in (committed, rebuilt) for name in _listed(tree)})
    return [compare_file(name, _bytes(committed / name), _bytes(rebuilt / name)) for name in names]


def _listed(reports: Path) -> list[str]:
    names = [row["file"] for row in read_rows(reports / "manifest.csv")]
    for name in names:
        inside(reports, name)
    return names


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
