"""File names that not every system can hold."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from analysis.messages import Text
from analysis.verification.preflight.finding import Finding, said
from analysis.verification.preflight.tree import Tree

ABOUT = Text("file names that not every system can hold", "并非所有系统都支持的文件名")
FORBIDDEN = Text("Windows cannot hold this name", "Windows 不支持该文件名")
LONG = Text(
    "{length} characters; archives and Windows end at {most}", "{length} 个字符，超过 {most}"
)
CASE = Text("differs from {other} in case only", "与 {other} 仅大小写不同")
BAD = re.compile(
    r"[<>:\"|?*\\\0-\x1f]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE
)
# 260 is where Windows ends; what stands before the project's folder needs room too
MOST = 160


def find(tree: Tree) -> Iterator[Finding]:
    """Yield names that are forbidden, too long, or the same but for their case."""
    seen: dict[str, str] = {}
    for name in tree.files:
        if any(BAD.search(part) for part in PurePosixPath(name).parts):
            yield Finding(name, FORBIDDEN)
        if len(name) > MOST:
            yield Finding(name, said(LONG, length=len(name), most=MOST))
        if (other := seen.setdefault(name.lower(), name)) != name:
            yield Finding(name, said(CASE, other=other))
