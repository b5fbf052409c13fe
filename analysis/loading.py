"""The one place that imports by name: rooms whose files are found by their place.

A fingerprint follows static imports only, so whoever loads a module here must also hand its
name to the fingerprint. Lint forbids importing by name anywhere else.
"""

import importlib
from pathlib import Path
from types import ModuleType

from analysis.paths import ROOT


def load(name: str) -> ModuleType:
    """Import and return the first-party module ``name`` (for example analysis.claims.section_1)."""
    if not name.startswith("analysis."):
        raise ImportError(f"not a module of this package: {name}")
    return importlib.import_module(name)


def load_library(name: str) -> ModuleType:
    """Import an installed library's module that only some data need; its data decide, not it."""
    if name.startswith("analysis"):
        raise ImportError(f"a module of this package: {name}")
    return importlib.import_module(name)


def modules_in(package: str) -> list[str]:
    """Return the sorted names of the modules in ``package``'s folder, private ones left out."""
    folder = ROOT.joinpath(*package.split("."))
    return [f"{package}.{path.stem}" for path in _public_files(folder)]


def _public_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.py") if not path.stem.startswith("_"))
