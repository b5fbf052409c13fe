"""Programs that nothing reaches: no verb, no task, no file that is found by its place."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from analysis.messages import Text
from analysis.pipeline.fingerprint import reached_modules
from analysis.verification.preflight.finding import Finding, SkippedError
from analysis.verification.preflight.tree import Tree

ABOUT = Text("programs that nothing uses", "无人使用的程序")
UNUSED = Text("no verb, task or exhibit reaches it", "没有命令、任务或图表用到它")
UNREADABLE = Text("a file of the package is no Python program", "包内有文件不是 Python 程序")
PACKAGE = "analysis"
# marks a name that stands in a text, not in an import
PLACE = "text "


def find(tree: Tree) -> Iterator[Finding]:
    """Yield each module that no entry reaches by imports, and no text names by its place.

    Raises
    ------
    SkippedError
        If a file of the package is no Python program.
    """
    modules = {_module_of(name): name for name in tree.below(PACKAGE, ".py")}
    try:
        reached = _reached(tree, modules)
    except SyntaxError as error:
        raise SkippedError(UNREADABLE) from error
    for module, name in modules.items():
        if module not in reached and not name.endswith("__init__.py"):
            yield Finding(name, UNUSED)


def _module_of(name: str) -> str:
    path = PurePosixPath(name).with_suffix("")
    return ".".join(path.parts[:-1] if path.name == "__init__" else path.parts)


def _reached(tree: Tree, modules: dict[str, str]) -> set[str]:
    """Return the modules that are run, and all that these reach by imports or by name."""
    # what is run as a program, and what the installed package offers to others
    offered = set(re.findall(rf"{PACKAGE}(?:\.\w+)+", tree.text("pyproject.toml")))
    waiting = [m for m in modules if m.endswith("__main__") or m in offered]
    reached: set[str] = set()
    while waiting:
        fresh = {*waiting, *reached_modules(waiting, tree.root)} - reached
        reached |= fresh
        named = {name for m in fresh & modules.keys() for name in _named(tree.text(modules[m]))}
        waiting = [m for m in modules if m not in reached and not named.isdisjoint(_names_of(m))]
    return reached


def _named(text: str) -> set[str]:
    """Return what a program imports by name, and the modules and packages that its texts name.

    Fingerprints pass through a module that only hands names on; here it counts as used.
    """
    nodes = list(ast.walk(ast.parse(text)))
    imported = {n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module}
    texts = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return imported | {f"{PLACE}{text}" for text in texts if text.startswith(f"{PACKAGE}.")}


def _names_of(module: str) -> set[str]:
    """Return what a module answers to: its import, its name in a text, its package's name there.

    A package that a text names has its files found by their place.
    """
    return {module, f"{PLACE}{module}", f"{PLACE}{module.rpartition('.')[0]}"}
