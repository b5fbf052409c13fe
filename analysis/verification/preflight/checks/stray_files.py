"""What lies about: files that will not ship though they stand among those that do."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from analysis.messages import Text
from analysis.verification.preflight.finding import Finding, Severity
from analysis.verification.preflight.tree import Tree
from analysis.verification.shipped import CACHES, CHECKSUMS, TOP, is_junk

ABOUT = Text("stray files", "遗留文件")
JUNK = Text("left behind by an editor, a cache or the system", "编辑器、缓存或系统遗留的文件")
UNKNOWN = Text("not part of the project: it will not ship", "不属于本项目：不会随包提供")
MISSING = Text("expected at the top of the project", "项目顶层应有此文件")
# made by the project's own tools, or the version control's
OURS = {
    ".git", ".venv", ".jieli", ".import_linter_cache", ".mypy_cache", "dist", CHECKSUMS, *CACHES,
}  # fmt: skip


def find(tree: Tree) -> Iterator[Finding]:
    """Yield what is missing or unknown at the top, and junk anywhere among what ships."""
    present = {path.name for path in tree.root.iterdir()}
    for name in sorted(set(TOP) - present):
        yield Finding(name, MISSING)
    for name in sorted(present - set(TOP) - OURS):
        yield Finding(name, UNKNOWN, Severity.WARNING)
    for top in TOP:
        for path in sorted((tree.root / top).rglob("*")):
            place = PurePosixPath(path.relative_to(tree.root).as_posix())
            if is_junk(place) and not set(place.parts) & set(CACHES):
                yield Finding(str(place), JUNK, Severity.WARNING)
