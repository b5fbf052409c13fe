"""The fingerprint of the code behind a result: a changed helper makes the result stale.

fingerprint = sha256 over the sorted (module, syntax tree without docstrings) of the first-party
modules that static imports reach, function-level imports included. Comments, layout and
docstrings do not count. A package whose ``__init__`` only re-exports is a door: a name imported
through it leads to the module that defines the name, not to the whole room.
"""

import ast
import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis.files import write_all
from analysis.paths import ROOT, STATE
from analysis.pipeline.libraries import installed_version

FIRST_PARTY = "analysis"
# they decide numbers wherever any library does
ALWAYS = ("numpy", "pandas", "scipy")
CACHE = STATE / "syntax.json"
CACHE_FORMAT = f"1 {sys.version_info.major}.{sys.version_info.minor}"
Import = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Syntax:
    """What a module's text says: its tree's hash, what it imports, whether it only re-exports."""

    tree_hash: str
    imports: tuple[Import, ...]
    is_door: bool


def code_and_libraries(roots: Iterable[str], folder: Path = ROOT) -> tuple[str, str]:
    """Return ``code_fingerprint`` and ``library_versions`` of the same modules, found once."""
    reached = reached_modules(roots, folder)
    return _fingerprint_of(reached, folder), _versions_of(reached, folder)


def code_fingerprint(roots: Iterable[str], folder: Path = ROOT) -> str:
    """Return the sha256 of the modules that ``roots`` reach, themselves included."""
    return _fingerprint_of(reached_modules(roots, folder), folder)


def _fingerprint_of(reached: set[str], folder: Path) -> str:
    digest = hashlib.sha256()
    for name in sorted(reached):
        digest.update(f"{name} {_syntax_of(folder, name).tree_hash}\n".encode())
    return digest.hexdigest()


def library_versions(roots: Iterable[str], folder: Path = ROOT) -> str:
    """Return one line a library that the reached modules import, and the Python, with versions."""
    return _versions_of(reached_modules(roots, folder), folder)


def _versions_of(reached: set[str], folder: Path) -> str:
    names = {*ALWAYS}
    for module in reached:
        names |= {_top(imported) for imported, _ in _syntax_of(folder, module).imports}
    names -= {FIRST_PARTY, *sys.stdlib_module_names}
    python = f"python {sys.version_info.major}.{sys.version_info.minor}"
    return "\n".join([python, *(f"{name} {installed_version(name)}" for name in sorted(names))])


def reached_modules(roots: Iterable[str], folder: Path = ROOT) -> set[str]:
    """Return the first-party modules that decide what ``roots`` do, doors passed through."""
    reached: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in reached or _file_of(folder, name) is None:
            continue
        reached.add(name)
        waiting += _next(folder, name)
    return {name for name in reached if not _syntax_of(folder, name).is_door}


def _next(folder: Path, name: str) -> tuple[str, ...]:
    """Return the first-party modules that a module's imports lead to."""
    key = (folder, name)
    if key not in _leads_to:
        imports = _syntax_of(folder, name).imports
        found = (target for imported in imports for target in _targets(folder, imported))
        _leads_to[key] = tuple(found)
    return _leads_to[key]


def _targets(folder: Path, imported: Import) -> list[str]:
    module, names = imported
    if _top(module) != FIRST_PARTY:
        return []
    if not names or not _is_package(folder, module):
        return [module]
    return [_behind(folder, module, name) for name in names]


def _behind(folder: Path, package: str, name: str) -> str:
    """Return the module that defines ``name`` of ``package``."""
    syntax = _syntax_of(folder, package)
    for module, names in syntax.imports if syntax.is_door else ():
        if name in names:
            return module
    submodule = f"{package}.{name}"
    return submodule if _file_of(folder, submodule) else package


def _top(module: str) -> str:
    return module.partition(".")[0]


def _is_package(folder: Path, module: str) -> bool:
    return folder.joinpath(*module.split("."), "__init__.py").exists()


def _file_of(folder: Path, module: str) -> Path | None:
    place = folder.joinpath(*module.split("."))
    for candidate in (place.with_suffix(".py"), place / "__init__.py"):
        if candidate.exists():
            return candidate
    return None


# --- syntax, cached by the text's own hash ----------------------------------------------------

_known: dict[str, Syntax] = {}
_of_module: dict[tuple[Path, str], Syntax] = {}
_leads_to: dict[tuple[Path, str], tuple[str, ...]] = {}


def forget() -> None:
    """Read every module again: for a process in which the code itself changes."""
    _of_module.clear()
    _leads_to.clear()


def _syntax_of(folder: Path, module: str) -> Syntax:
    key = (folder, module)
    if key not in _of_module:
        place = _file_of(folder, module)
        text = place.read_bytes().replace(b"\r\n", b"\n") if place else b""
        _of_module[key] = _parsed(text)
    return _of_module[key]


def _parsed(text: bytes) -> Syntax:
    if not _known:
        _known.update(_read_cache())
    key = hashlib.sha256(text).hexdigest()
    if key not in _known:
        _known[key] = _parse(text)
    return _known[key]


def _parse(text: bytes) -> Syntax:
    tree = ast.parse(text)
    imports = tuple(_imports(tree))
    is_door = bool(imports) and all(_only_reexports(node) for node in tree.body)
    _drop_docstrings(tree)
    return Syntax(hashlib.sha256(ast.dump(tree).encode()).hexdigest(), imports, is_door)


def _imports(tree: ast.Module) -> Iterable[Import]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, tuple(alias.name for alias in node.names)


def _only_reexports(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Assign) and all(
        isinstance(target, ast.Name) and target.id.startswith("__") for target in node.targets
    )


def _drop_docstrings(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:]


def _read_cache() -> dict[str, Syntax]:
    try:
        stored = json.loads(CACHE.read_text(encoding="utf-8"))
        if stored["format"] != CACHE_FORMAT:
            return {}
        return {key: _from_json(entry) for key, entry in stored["syntax"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        # a cache is never evidence: what cannot be read is computed again
        return {}


def _from_json(entry: dict) -> Syntax:
    imports = tuple((module, tuple(names)) for module, names in entry["imports"])
    return Syntax(entry["tree_hash"], imports, entry["is_door"])


def save_cache() -> None:
    """Keep the syntax of the modules seen in this run for the next one."""
    used = {id(syntax) for syntax in _of_module.values()}
    seen = {key: syntax for key, syntax in _known.items() if id(syntax) in used}
    stored = {"format": CACHE_FORMAT, "syntax": {key: asdict(seen[key]) for key in sorted(seen)}}
    content = json.dumps(stored, indent=0).encode("utf-8")
    if not CACHE.exists() or CACHE.read_bytes() != content:
        write_all({CACHE: content})
