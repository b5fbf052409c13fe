"""What leaves this machine: the files of a deposit, and those of a user's that never do."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

# the top of the project; anything else beside them is the user's own and stays
TOP = (
    ".ci",
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE",
    "Makefile",
    "README.md",
    "analysis",
    "data",
    "pyproject.toml",
    "reports",
    "requirements.lock",
    "start.py",
    "tests",
)
# the user's own data and whatever was computed from them
PRIVATE = ("data/raw/surveys", "data/raw/regions/private", "reports/local")
REBUILT = "data/processed"
CODEBOOK = "codebook"
CACHES = ("__pycache__", ".hypothesis", ".ruff_cache", ".mypy_cache")
# an unpacked archive holds it: what every file was when it was packed (sha256sum -c reads it)
CHECKSUMS = "manifest-sha256.txt"
# written by editors and operating systems, or half-written by a program that was killed
JUNK = (".DS_Store", "Thumbs.db", "desktop.ini")
JUNK_STARTS, JUNK_ENDS = ("~$", "._"), (".pyc", ".bak", ".swp", ".tmp", "~")


def shipped_files(root: Path) -> list[str]:
    """Return the names (from ``root``, with forward slashes) of the files that ship, sorted."""
    found = (path.relative_to(root).as_posix() for name in TOP for path in _below(root / name))
    return sorted(name for name in found if ships(name))


def _below(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    for folder, folders, names in os.walk(place):
        # never looked into: they may be large, and nobody's business
        folders[:] = [name for name in folders if name not in CACHES]
        yield from (Path(folder) / name for name in names)


def ships(name: str) -> bool:
    """Say whether a file, named from the root, is part of a deposit."""
    path = PurePosixPath(name)
    rebuilt = path.is_relative_to(REBUILT) and not path.name.startswith(CODEBOOK)
    return not (rebuilt or is_private(name) or is_junk(path) or _unfinished(path))


def is_private(name: str) -> bool:
    """Say whether a file is the user's own, or computed from what is."""
    return any(PurePosixPath(name).is_relative_to(place) for place in PRIVATE)


def is_junk(path: PurePosixPath) -> bool:
    """Say whether a file is left behind by an editor, a cache or the operating system."""
    name = path.name
    return name in JUNK or name.startswith(JUNK_STARTS) or name.endswith(JUNK_ENDS)


def _unfinished(path: PurePosixPath) -> bool:
    """Say whether a raw file lies in a folder that begins with a dot: a region being added."""
    return path.is_relative_to("data/raw") and any(p.startswith(".") for p in path.parts)
