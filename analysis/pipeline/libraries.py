"""The libraries that are installed, held against what pyproject.toml needs."""

import re
import tomllib
from functools import cache
from importlib import metadata

from analysis.messages import UserError
from analysis.paths import ROOT

NOT_INSTALLED = "not installed"
REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,]+\])?>=(?P<oldest>[\d.]+)")


@cache
def installed_version(name: str) -> str:
    """Return a distribution's version, or ``not installed``."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return NOT_INSTALLED


def check_libraries() -> None:
    """Hold each library that the project needs against the oldest version it works with.

    Raises
    ------
    UserError
        If one is missing or older: results of another version would be other results.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, oldest in map(_needed, project["dependencies"]):
        found = installed_version(name)
        if found == NOT_INSTALLED:
            raise UserError("library_missing", name=name)
        if _numbers(found) < _numbers(oldest):
            raise UserError("library_version", name=name, found=found, oldest=oldest)


def _needed(requirement: str) -> tuple[str, str]:
    found = REQUIREMENT.match(requirement)
    if not found:
        raise ValueError(f"not NAME>=VERSION: {requirement}")
    return found["name"], found["oldest"]


def _numbers(version: str) -> tuple[int, ...]:
    """Return a version's leading numbers: 3.1.0rc1 gives 3, 1, 0."""
    leading = re.match(r"[\d.]*", version)
    return tuple(int(part) for part in (leading[0] if leading else "").split(".") if part)
