"""Libraries that a program imports and the project does not declare, or the other way round."""

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import packages_distributions
from pathlib import PurePosixPath

from analysis.messages import Text
from analysis.verification.preflight.declared import canonical, declared_libraries
from analysis.verification.preflight.finding import Finding, Severity, said
from analysis.verification.preflight.tree import Tree

ABOUT = Text("imports and declared libraries", "引入的程序库与声明")
UNDECLARED = Text(
    "imports {library}, which pyproject.toml does not declare",
    "引入了 {library}，而 pyproject.toml 未声明",
)
UNUSED = Text("declares {library}, which no program names", "声明了 {library}，而没有程序用到它")
UNREADABLE = Text("is no Python program", "不是 Python 程序")
# tools that the door, make and the tests' runner call; no program's text names them
TOOLS = {"flit-core", "import-linter", "mypy", "pytest-xdist", "ruff", "uv"}
Distributions = Mapping[str, Sequence[str]]


def find(tree: Tree) -> Iterator[Finding]:
    """Yield undeclared imports of every program, then declared libraries that none names."""
    declared, known = declared_libraries(tree), packages_distributions()
    ours = {"analysis", *(PurePosixPath(name).stem for name in tree.below("tests", ".py"))}
    for name in tree.texts(".py"):
        try:
            imported = _imported(tree.text(name)) - ours - sys.stdlib_module_names
        except SyntaxError:
            yield Finding(name, UNREADABLE)
            continue
        for library in sorted(imported):
            if not _as_distributions(library, known) & declared:
                yield Finding(name, said(UNDECLARED, library=library))
    for library in sorted(declared - TOOLS - _named(tree, known)):
        yield Finding("pyproject.toml", said(UNUSED, library=library), Severity.WARNING)


def _as_distributions(library: str, known: Distributions) -> set[str]:
    return {canonical(name) for name in known.get(library, [library])}


def _imported(text: str) -> set[str]:
    """Return the top names of a program's absolute imports.

    Raises
    ------
    SyntaxError
        If the text is no program.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def _named(tree: Tree, known: Distributions) -> set[str]:
    """Return the libraries that programs or their settings name: engines and data are not imported.

    pandas takes its engines by name, and data sets name the library that brings them.
    """
    words: set[str] = set()
    for name in tree.texts(".py", ".toml"):
        if name != "pyproject.toml":
            words |= set(re.findall(r"\w+", tree.text(name)))
    return {one for word in words for one in _as_distributions(word, known)}
