"""Files that a repository or a mail server would refuse."""

from collections.abc import Iterator

from analysis.messages import Text
from analysis.verification.preflight.finding import Finding, Severity, said
from analysis.verification.preflight.tree import Tree

ABOUT = Text("large files", "大文件")
LARGE = Text("{size:.0f} MB", "{size:.0f} MB")
MB = 1e6
NOTABLE, REFUSED = 10 * MB, 50 * MB
WHOLE = 200 * MB


def find(tree: Tree) -> Iterator[Finding]:
    """Yield large files, and the whole where it is."""
    sizes = {name: (tree.root / name).stat().st_size for name in tree.files}
    for name, size in sizes.items():
        if size > NOTABLE:
            severity = Severity.ERROR if size > REFUSED else Severity.WARNING
            yield Finding(name, said(LARGE, size=size / MB), severity)
    if sum(sizes.values()) > WHOLE:
        yield Finding(".", said(LARGE, size=sum(sizes.values()) / MB), Severity.WARNING)
