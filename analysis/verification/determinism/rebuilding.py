"""One condition from beginning to end: prepare, build, compare, throw away."""

import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from analysis.loading import load
from analysis.messages import Text, UserError
from analysis.paths import REPORTS
from analysis.pipeline.plan import all_tasks
from analysis.verification.comparison import Exhibit, by_exhibit, compare_trees
from analysis.verification.determinism.condition import NotHereError, Plan
from analysis.verification.tree import rebuild

CONDITIONS = "analysis.verification.determinism.conditions"
# a line that the build prints when a task is done
TASK_DONE = re.compile(r"  .+ \(\d+\.\d s\)")
STAMP = Path(".venv") / "jieli-environment"


@dataclass(frozen=True)
class Outcome:
    """What came of a condition: its exhibits beside the committed ones, or why it was skipped."""

    condition: str
    what: Text
    exhibits: tuple[Exhibit, ...] = ()
    skipped: Text | None = None
    seconds: float = 0.0
    python: str = ""


def tried(condition: str) -> Outcome:
    """Build under ``condition`` in a temporary folder and compare with the committed reports.

    Raises
    ------
    UserError
        If the build failed.
    """
    module = load(f"{CONDITIONS}.{condition}")
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="jieli-determinism-") as folder:
        try:
            plan = module.prepare(Path(folder))
            _build(condition, module.ABOUT, plan)
        except NotHereError as error:
            return Outcome(condition, module.ABOUT, skipped=error.reason)
        exhibits = tuple(by_exhibit(compare_trees(REPORTS, plan.tree / "reports")))
    seconds = time.perf_counter() - started
    return Outcome(condition, module.ABOUT, exhibits, None, seconds, _version(plan))


def _version(plan: Plan) -> str:
    """Return the version of the Python that built."""
    command = [plan.command[0], "-c", "import platform; print(platform.python_version())"]
    return subprocess.check_output(command, text=True).strip()


def _build(condition: str, what: Text, plan: Plan) -> None:
    from tqdm import tqdm

    with tqdm(total=len(all_tasks()), desc=condition, unit="task", disable=None) as bar:

        def tell(line: str) -> None:
            if TASK_DONE.fullmatch(line):
                bar.update()

        code, words = rebuild(plan.tree, tell, plan.command, plan.environment, plan.folder)
    if code and _environment_failed(plan):
        raise NotHereError(Text(*(words.splitlines()[-1:] * 2)))
    if code:
        raise UserError("not_rebuilt_under", condition=what, words=words)


def _environment_failed(plan: Plan) -> bool:
    """Say whether the door was to make an environment and could not."""
    return "start.py" in plan.command and not (plan.tree / STAMP).exists()
