"""Paths that exist on the author's machine only."""

import re
from collections.abc import Iterator
from pathlib import Path

from analysis.messages import Text
from analysis.verification.preflight.finding import Finding, said
from analysis.verification.preflight.tree import Tree

ABOUT = Text("absolute and Windows paths", "绝对路径与 Windows 路径")
FOUND = Text("line {line}: {path}", "第 {line} 行：{path}")
OF_THIS_MACHINE = Text("holds a path of this machine: {path}", "含有本机路径：{path}")
ABSOLUTE = re.compile(
    r"(?<![\w/.:>\\-])"
    r"(?:/(?:home|Users|root|mnt|media|Volumes|tmp|scratch|work)/[\w.~-]+[\w./~-]*"
    r"|(?:file:///?)?[A-Za-z]:\\+[\w.~ -]{2,}"
    r"|(?<!\\)\\{2,4}[A-Za-z][\w.-]+\\{1,2}[\w$]+)"
)


def find(tree: Tree) -> Iterator[Finding]:
    """Yield each absolute path in a text, and each file that names this machine's own folders."""
    for name in tree.texts(".py", ".toml", ".md", ".csv", ".txt", ".tex", ".cff", ".yml", ""):
        for number, line in enumerate(tree.text(name).splitlines(), start=1):
            for path in ABSOLUTE.findall(line):
                yield Finding(name, said(FOUND, line=number, path=path))
    for own in {str(tree.root), str(Path.home())} - {"/"}:
        for name in tree.files:
            if re.search(rf"{re.escape(own)}\b".encode(), tree.content(name)):
                yield Finding(name, said(OF_THIS_MACHINE, path=own))
