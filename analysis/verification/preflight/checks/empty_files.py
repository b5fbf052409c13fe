"""Files without a byte: a program that failed half-way, or a placeholder."""

from collections.abc import Iterator

from analysis.messages import Text
from analysis.verification.preflight.finding import Finding
from analysis.verification.preflight.tree import Tree

ABOUT = Text("files of zero bytes", "零字节文件")
EMPTY = Text("is empty", "是空文件")


def find(tree: Tree) -> Iterator[Finding]:
    """Yield each empty file."""
    for name in tree.files:
        if not tree.content(name):
            yield Finding(name, EMPTY)
