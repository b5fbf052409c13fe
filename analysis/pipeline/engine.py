"""pytask, used thinly: run what is out of date, or say what is and why."""

import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.files import sweep_scratch, write_all
from analysis.paths import STATE, relative
from analysis.pipeline.fingerprint import code_and_libraries, save_cache
from analysis.pipeline.nodes import FileNode, FilesNode, Node, TextNode, changed
from analysis.pipeline.task import Task

CONFIGURATION = STATE / "pyproject.toml"
TEXTS, PRODUCTS = "texts of ", "products of "
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@dataclass(frozen=True)
class Built:
    """What a build did: tasks that ran, tasks already current, the first error by task."""

    ran: tuple[str, ...]
    current: tuple[str, ...]
    failures: dict[str, BaseException]
    seconds: float


@dataclass(frozen=True)
class Stale:
    """A task that would run, and why: (kind, what) pairs.

    Kinds: input, code, library, argument, product_edited, product_missing, never_built, follows.
    """

    task: str
    reasons: tuple[tuple[str, str], ...]


def build(tasks: Sequence[Task], tell: Callable[[str], None] = lambda line: None) -> Built:
    """Run the tasks that are out of date, in order; ``tell`` gets one line a task that runs."""
    for name in THREADS:
        # sums in another order are other numbers in the last digits
        os.environ[name] = "1"
    sweep_scratch()
    started = time.perf_counter()
    session = _session([_as_node(task, _runner(task, tell)) for task in tasks])
    failures = {
        report.task.name: report.exc_info[1]
        for report in session.execution_reports
        if report.outcome.name == "FAIL"
    }
    by_outcome = {report.task.name: report.outcome.name for report in session.execution_reports}
    return Built(
        ran=tuple(name for name, outcome in by_outcome.items() if outcome == "SUCCESS"),
        current=tuple(n for n, outcome in by_outcome.items() if outcome == "SKIP_UNCHANGED"),
        failures=failures,
        seconds=time.perf_counter() - started,
    )


def explain(tasks: Sequence[Task]) -> list[Stale]:
    """Return the tasks that a build would run, each with its reasons; run nothing."""
    session = _session([_as_node(task, _nothing) for task in tasks], explain=True)
    by_name = {task.name: task for task in tasks}
    return [
        Stale(
            report.task.name,
            tuple(
                named
                for reason in report.task.attributes["explanation"].reasons
                for named in _reasons(reason, by_name[report.task.name])
            ),
        )
        for report in session.execution_reports
        if report.outcome.name == "WOULD_BE_EXECUTED"
    ]


def _nothing() -> None:
    """Stand in for a task's work where only its state is asked for."""


def _runner(task: Task, tell: Callable[[str], None]) -> Callable[[], None]:
    def run() -> None:
        from analysis.tabular import as_bytes

        started = time.perf_counter()
        contents = task.run(task.inputs, task.arguments)
        if set(contents) != set(task.products):
            raise KeyError(f"{task.name} returned {sorted(contents)}")
        write_all({task.products[key]: as_bytes(content) for key, content in contents.items()})
        tell(f"  {task.name} ({time.perf_counter() - started:.1f} s)")

    return run


def _as_node(task: Task, function: Callable[[], None]) -> Node:
    code, libraries = code_and_libraries(task.code)
    texts = {"code": code, "library": libraries, "argument": task.canonical_arguments()}
    inputs = {key: _file_node(path) for key, path in task.inputs.items()}
    depends_on = {"inputs": inputs, "texts": TextNode(f"{TEXTS}{task.name}", texts)}
    return Node(task.name, function, depends_on, {"products": _product_nodes(task)})


def _product_nodes(task: Task) -> dict[str, FileNode] | FilesNode:
    if task.last:
        files = {relative(path): path for path in task.products.values()}
        return FilesNode(f"{PRODUCTS}{task.name}", files)
    return {key: _file_node(path) for key, path in task.products.items()}


def _file_node(path: Path) -> FileNode:
    return FileNode(relative(path), path)


def _session(nodes: list[Node], explain: bool = False) -> Any:
    """Run pytask in this process, silent; a state that it cannot read is thrown away once."""
    import pytask

    pytask.console.quiet = True
    for attempt in ("with the state there is", "with none"):
        STATE.mkdir(exist_ok=True)
        if not CONFIGURATION.exists():
            write_all({CONFIGURATION: b"[tool.pytask.ini_options]\n"})
        session = pytask.build(
            tasks=nodes,  # type: ignore[arg-type]
            config=CONFIGURATION, paths=[STATE], capture="no", verbose=0,
            explain=explain,
        )  # fmt: skip
        if session.exit_code != pytask.ExitCode.CONFIGURATION_FAILED:
            break
        if attempt == "with the state there is":
            # the state is a cache, never evidence
            shutil.rmtree(STATE, ignore_errors=True)
    if not session.execution_reports and nodes:
        raise RuntimeError("pytask collected nothing; its own message stands above")
    save_cache()
    return session


def _reasons(reason: Any, task: Task) -> list[tuple[str, str]]:
    """Name pytask's reason in this project's words; one node of ours can hold several."""
    name = reason.node_name
    if reason.reason == "cascade":
        return [("follows", name)]
    if reason.reason == "missing":
        absent = [path for path in task.products.values() if not path.exists()]
        return [("product_missing", relative(path)) for path in absent]
    if reason.reason != "changed":
        return [("never_built", "")]
    if name.startswith((TEXTS, PRODUCTS)):
        parts = changed(reason.details["old_hash"], reason.details["new_hash"])
        return [("product_edited", p) if name.startswith(PRODUCTS) else (p, "") for p in parts]
    return [("product_edited" if reason.node_type == "product" else "input", name)]
