"""The lock: every library pinned, with a hash, from no particular address."""

import re
from collections.abc import Iterator

from analysis.messages import Text
from analysis.verification.preflight.declared import canonical, declared_libraries
from analysis.verification.preflight.finding import Finding, said
from analysis.verification.preflight.tree import Tree

ABOUT = Text("libraries locked by hash", "程序库以散列锁定")
UNPINNED = Text("{library} is declared and not pinned", "{library} 已声明而未锁定")
NO_HASH = Text("{library} has no hash", "{library} 没有散列值")
ADDRESS = Text("line {line} names an address", "第 {line} 行含有网址")
LOCK = "requirements.lock"
PIN = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==", re.MULTILINE)


def find(tree: Tree) -> Iterator[Finding]:
    """Yield declared libraries without a pin, pins without a hash, and addresses."""
    entries = _entries(tree.text(LOCK))
    for library in sorted(declared_libraries(tree) - entries.keys()):
        yield Finding(LOCK, said(UNPINNED, library=library))
    for library, entry in entries.items():
        if "--hash=sha256:" not in entry:
            yield Finding(LOCK, said(NO_HASH, library=library))
    for number, line in enumerate(tree.text(LOCK).splitlines(), start=1):
        if "://" in line:
            yield Finding(LOCK, said(ADDRESS, line=number))


def _entries(text: str) -> dict[str, str]:
    """Return the lock's text of each pinned library by its name."""
    pins = list(PIN.finditer(text))
    ends = [pin.start() for pin in pins[1:]] + [len(text)]
    return {canonical(pin[1]): text[pin.start() : end] for pin, end in zip(pins, ends, strict=True)}
