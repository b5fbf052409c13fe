"""Files of reports/ that no program makes, and programs' files that are not there."""

from collections.abc import Iterator

from analysis.messages import Text
from analysis.paths import REPORTS, ROOT, relative
from analysis.pipeline.manifest import LOCAL, MANIFEST, is_compared
from analysis.pipeline.plan import all_tasks
from analysis.verification.preflight.finding import Finding
from analysis.verification.preflight.tree import Tree

ABOUT = Text("exhibits that no program makes", "没有程序生成的图表")
NOBODY = Text("no program makes it", "没有程序生成它")
MISSING = Text("a program makes it, and it is not there", "有程序生成它，而文件不存在")


def find(tree: Tree) -> Iterator[Finding]:
    """Yield files without a program, then programs' files that are missing."""
    tasks = all_tasks()
    made = {p for t in tasks for p in t.products.values() if p.is_relative_to(REPORTS)}
    read = {p for t in tasks for p in t.inputs.values() if p.is_relative_to(REPORTS)}
    known = {relative(path) for path in (*made, *read, MANIFEST)}
    for name in tree.below("reports"):
        if name not in known and is_compared(ROOT / name):
            yield Finding(name, NOBODY)
    shipped = set(tree.files)
    for path in sorted(made):
        if not path.is_relative_to(LOCAL) and relative(path) not in shipped:
            yield Finding(relative(path), MISSING)
