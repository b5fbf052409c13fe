"""pytask, used thinly: run what is out of date, or say what is and why."""

import os
import shutil
import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.files import sweep_scratch, write_all
from analysis.messages import UserError
from analysis.paths import STATE, relative
from analysis.pipeline.fingerprint import code_and_libraries, save_cache
from analysis.pipeline.libraries import check_libraries
from analysis.pipeline.nodes import FileNode, FilesNode, FolderNode, Node, TextNode, changed
from analysis.pipeline.recorded import all_as_recorded
from analysis.pipeline.task import Contents, Task

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
    """Run the tasks that are out of date, in order; ``tell`` gets one line a task that runs.

    Raises
    ------
    UserError
        If a library is missing or too old.
    """
    check_libraries()
    for name in THREADS:
        # sums in another order are other numbers in the last digits
        os.environ[name] = "1"
    sweep_scratch()
    started = time.perf_counter()
    nodes = _as_nodes(tasks, lambda task: _runner(task, tell))
    if all_as_recorded(nodes):
        names = tuple(task.name for task in tasks)
        return Built((), names, {}, time.perf_counter() - started)
    session = _session(nodes)
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
    nodes = _as_nodes(tasks, lambda task: _nothing)
    if all_as_recorded(nodes):
        return []
    session = _session(nodes, explain=True)
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
        if set(contents) != {*task.products, *task.folders}:
            raise KeyError(f"{task.name} returned {sorted(contents)}")
        files = dict(_placed(task, contents))
        write_all({path: as_bytes(content) for path, content in files.items()})
        _keep_only(files, task.folders.values())
        tell(f"  {task.name} ({time.perf_counter() - started:.1f} s)")

    return run


def _placed(task: Task, contents: Contents) -> Iterator[tuple[Path, Any]]:
    """Yield each file's path with its content."""
    yield from ((path, contents[key]) for key, path in task.products.items())
    for key, folder in task.folders.items():
        inside: Any = contents[key]
        yield from ((folder / name, content) for name, content in inside.items())


def _keep_only(files: Container[Path], folders: Iterable[Path]) -> None:
    """Remove what an earlier run left in a task's folders."""
    for folder in folders:
        for path in [path for path in folder.rglob("*") if path.is_file()]:
            if path not in files:
                path.unlink()


def _as_nodes(tasks: Sequence[Task], work: Callable[[Task], Callable[[], None]]) -> list[Node]:
    bundles = {path: task for task in tasks if task.bundled for path in task.products.values()}
    return [_as_node(task, work(task), bundles) for task in tasks]


def _as_node(task: Task, function: Callable[[], None], bundles: Mapping[Path, Task]) -> Node:
    code, libraries = code_and_libraries(task.code)
    texts = {"code": code, "library": libraries, "argument": task.canonical_arguments()}
    depends_on = {
        "inputs": _input_nodes(task, bundles),
        "texts": TextNode(f"{TEXTS}{task.name}", texts),
    }
    return Node(task.name, function, depends_on, {"products": _product_nodes(task)})


def _input_nodes(task: Task, bundles: Mapping[Path, Task]) -> dict[str, FileNode | FilesNode]:
    """Return a node a file that the task reads; one for all that it reads of a bundle."""
    nodes: dict[str, FileNode | FilesNode] = {}
    for key, path in task.inputs.items():
        maker = bundles.get(path)
        nodes[maker.name if maker else key] = _bundle(maker) if maker else _file_node(path)
    return nodes


def _product_nodes(task: Task) -> Mapping[str, FileNode | FolderNode] | FilesNode:
    if task.bundled:
        return _bundle(task)
    folders = {key: FolderNode(relative(path), path) for key, path in task.folders.items()}
    return {key: _file_node(path) for key, path in task.products.items()} | folders


def _bundle(task: Task) -> FilesNode:
    files = {relative(path): path for path in task.products.values()}
    return FilesNode(f"{PRODUCTS}{task.name}", files)


def _file_node(path: Path) -> FileNode:
    return FileNode(relative(path), path)


def _session(nodes: list[Node], explain: bool = False) -> Any:
    """Run pytask; where its own files cannot be written that is one sentence."""
    try:
        return _run_pytask(nodes, explain)
    except OSError as error:
        place = error.filename or relative(STATE)
        raise UserError("cannot_write", file=place, error=error.strerror) from error


def _run_pytask(nodes: list[Node], explain: bool) -> Any:
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
    name, kind = reason.node_name, "product_edited" if reason.node_type == "product" else "input"
    if reason.reason == "cascade":
        return [("follows", name)]
    if reason.reason == "missing":
        paths = (*task.products.values(), *task.folders.values())
        absent = [path for path in paths if not path.exists()]
        return [("product_missing", relative(path)) for path in absent]
    if reason.reason != "changed":
        return [("never_built", "")]
    if name.startswith((TEXTS, PRODUCTS)):
        parts = changed(reason.details["old_hash"], reason.details["new_hash"])
        return [(kind, p) if name.startswith(PRODUCTS) else (p, "") for p in parts]
    return [(kind, name)]
