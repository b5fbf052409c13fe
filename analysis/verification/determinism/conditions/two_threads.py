"""Linear algebra on two threads: sums in another order. A build holds itself to one."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.determinism.condition import Plan
from analysis.verification.tree import empty_tree

ABOUT = Text("two threads of linear algebra instead of one", "线性代数用双线程而非单线程")
HELD_TO_ONE = 'os.environ[name] = "1"'


def prepare(folder: Path) -> Plan:
    """Let go, in the copy, of the line that holds a build to one thread.

    Raises
    ------
    RuntimeError
        If the engine has no such line.
    """
    tree = empty_tree(folder)
    engine = tree / "analysis" / "pipeline" / "engine.py"
    text = engine.read_text(encoding="utf-8")
    if text.count(HELD_TO_ONE) != 1:
        raise RuntimeError(f"{engine.name} does not say {HELD_TO_ONE}")
    engine.write_text(text.replace(HELD_TO_ONE, HELD_TO_ONE.replace("1", "2")), encoding="utf-8")
    return Plan(tree)
