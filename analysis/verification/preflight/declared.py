"""The libraries that pyproject.toml declares, by the names under which packages are compared."""

import re
import tomllib

from analysis.verification.preflight.tree import Tree


def declared_libraries(tree: Tree) -> set[str]:
    """Return the canonical names of all declared libraries, those of every extra included."""
    project = tomllib.loads(tree.text("pyproject.toml"))["project"]
    lists = [project["dependencies"], *project.get("optional-dependencies", {}).values()]
    return {canonical(re.split(r"[^\w.-]", entry)[0]) for entries in lists for entry in entries}


def canonical(name: str) -> str:
    """Return a library's name as indexes compare it: lower case, one hyphen."""
    return re.sub(r"[-_.]+", "-", name).lower()
