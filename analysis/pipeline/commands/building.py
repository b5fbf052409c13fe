"""What the building verbs share: run tasks, show them, turn failures into an exit code."""

import sys
import traceback
from collections.abc import Sequence

from analysis.console import say
from analysis.messages import Text, UserError, message
from analysis.pipeline.engine import Built, build
from analysis.pipeline.manifest import write_manifest
from analysis.pipeline.plan import swept
from analysis.pipeline.task import Task

WORKING = Text("Building what is out of date ...", "正在重建过期的部分……")
MISTAKE, FAULT = 2, 1
FRAMES = 4


def build_showing(tasks: Sequence[Task], language: str) -> tuple[Built, int]:
    """Build ``tasks``, printing one line a task that runs; return what was done and an exit code.

    The code is 2 when a user's mistake stopped it, 1 for a fault of ours, else 0.
    """
    for line in swept():
        say(line.in_language(language))
    announced: list[str] = []

    def tell(line: str) -> None:
        if not announced:
            announced.append(line)
            say(WORKING.in_language(language))
        say(line)

    built = build(tasks, tell)
    # a build that was killed may have left it to this one, which had nothing else to do
    write_manifest()
    return built, report_failures(built)


def report_failures(built: Built) -> int:
    """Print each failure (a user's mistake as one sentence) and return the exit code."""
    code = 0
    for task, error in built.failures.items():
        if isinstance(error, UserError):
            print(error, file=sys.stderr)
            code = max(code, MISTAKE)
        else:
            print(message("step_failed", step=task, error=repr(error)), file=sys.stderr)
            # the engine's own frames say nothing of what went wrong
            traceback.print_exception(error, limit=-FRAMES, chain=False, file=sys.stderr)
            code = max(code, FAULT)
    return code


def build_quietly(tasks: Sequence[Task]) -> Built:
    """Build without a word; the first failure is raised.

    Raises
    ------
    UserError
        If a user's mistake stopped a task.
    """
    built = build(tasks)
    # a build that was killed may have left it to this one, which had nothing else to do
    write_manifest()
    for error in built.failures.values():
        raise error
    return built
