"""The packages that the project asks for, with the versions that the lock pins."""

import re

from analysis.exhibits.readme.tables import pipe_table

INPUTS = {"project": "pyproject.toml", "lock": "requirements.lock"}
_NAME = re.compile(r"^[\w.-]+")
_PINNED = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)


def text(project: dict, lock: str) -> str:
    """Return package, version and what it is for; whatever they rest on is in the lock."""
    pinned = {_plain(name): version for name, version in _PINNED.findall(lock)}
    asked = {"every build": project["project"]["dependencies"]}
    asked |= project["project"]["optional-dependencies"]
    rows = [
        (f"`{name}`", pinned[name], purpose)
        for purpose, packages in asked.items()
        for package in packages
        for name in map(_plain, _NAME.findall(package))
    ]
    opening = (
        f"Python {project['project']['requires-python']}; the {len(pinned) - len(rows)} packages "
        "that these rest on are in the lock."
    )
    return f"{opening}\n\n{pipe_table(('package', 'version', 'for'), rows)}"


def _plain(name: str) -> str:
    """Return a package's name as PyPI compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()
