"""The same file under two names: which of them does a program read?"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator

from analysis.messages import Text
from analysis.verification.preflight.finding import Finding, Severity, said
from analysis.verification.preflight.tree import Tree

ABOUT = Text("the same file twice", "重复文件")
SAME = Text("the same bytes as {other}", "与 {other} 内容相同")
# an exhibit that draws a result as it is has the same rows, a result of one study its numbers
RESULTS = "reports/results/"
# what is drawn and printed: worth a look, as when a figure is the same in both languages
REPORTS = "reports/"


def find(tree: Tree) -> Iterator[Finding]:
    """Yield each file that has the bytes of an earlier one."""
    names: dict[bytes, list[str]] = defaultdict(list)
    for name in tree.files:
        names[hashlib.sha256(tree.content(name)).digest()].append(name)
    for first, *others in names.values():
        for other in others:
            if not (other.startswith(RESULTS) and first.startswith(RESULTS)):
                severity = Severity.WARNING if other.startswith(REPORTS) else Severity.ERROR
                yield Finding(other, said(SAME, other=first), severity)
