"""Build, and say what the build changed: rows and cells before and after, and what stood still."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from analysis.messages import Text
from analysis.paths import relative
from analysis.pipeline.commands.building import build_showing
from analysis.pipeline.engine import Built
from analysis.pipeline.task import Task

SHOWN = 5
CHANGED = Text("What changed:", "变化：")
NOTHING = Text("Nothing changed.", "没有变化。")
REDRAWN = Text("  {task}: {files} files anew", "  {task}：重新生成 {files} 个文件")
COUNTS = Text(
    "  {file}: {added} rows added, {removed} removed, {changed} cells changed",
    "  {file}：新增 {added} 行，删除 {removed} 行，改动 {changed} 个单元格",
)
CELL = "    {key} · {column}: {before} -> {after}"
MORE = Text("    ... and {count} more", "    …… 另有 {count} 处")
UNTOUCHED = Text(
    "Not affected: {current} of {count} tasks did not run; {same} ran and came out the same.",
    "未受影响：{count} 项任务中 {current} 项未运行；{same} 项重新运行，结果相同。",
)
Snapshot = Mapping[Path, bytes]


def build_telling_changes(tasks: Sequence[Task], language: str) -> int:
    """Build ``tasks``, print what differs from what stood there before; return an exit code."""
    before = snapshot(tasks)
    built, code = build_showing(tasks, language)
    print("\n".join(told(tasks, built, before, snapshot(tasks), language)))
    return code


def snapshot(tasks: Sequence[Task]) -> Snapshot:
    """Return the bytes of every product that there is."""
    products = (path for task in tasks for path in task.products.values())
    return {path: path.read_bytes() for path in products if path.is_file()}


def told(
    tasks: Sequence[Task], built: Built, before: Snapshot, after: Snapshot, language: str
) -> list[str]:
    """Return the lines that name each changed table with its cells, each exhibit made anew."""
    changed = {
        task.name: paths
        for task in tasks
        if (paths := [p for p in task.products.values() if before.get(p) != after.get(p)])
    }
    lines = [line for task in tasks if task.name in changed
             for line in _of_task(task, changed[task.name], before, after, language)]  # fmt: skip
    same = sum(name not in changed for name in built.ran)
    untouched = UNTOUCHED.in_language(language).format(
        current=len(built.current), count=len(tasks), same=same
    )
    heading = (CHANGED if lines else NOTHING).in_language(language)
    return [heading, *lines, untouched]


def _of_task(
    task: Task, paths: Sequence[Path], before: Snapshot, after: Snapshot, language: str
) -> Iterator[str]:
    if task.last:
        yield REDRAWN.in_language(language).format(task=task.name, files=len(paths))
        return
    for path in paths:
        if path.suffix == ".csv":
            yield from _of_table(path, before.get(path, b""), after.get(path, b""), language)


def _of_table(path: Path, before: bytes, after: bytes, language: str) -> Iterator[str]:
    from analysis.comparing import compare

    difference = compare(path.name, before, after)
    yield COUNTS.in_language(language).format(
        file=relative(path),
        added=len(difference.added),
        removed=len(difference.removed),
        changed=len(difference.changed),
    )
    for cell in difference.changed[:SHOWN]:
        key = ", ".join(filter(None, cell.key))
        yield CELL.format(key=key, column=cell.column, before=cell.before, after=cell.after)
    if len(difference.changed) > SHOWN:
        yield MORE.in_language(language).format(count=len(difference.changed) - SHOWN)
