"""Build, and say what the build changed: estimates, cells, exhibits, and what stood still."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from analysis.messages import Text
from analysis.paths import REPORTS, relative
from analysis.pipeline.commands.building import build_showing
from analysis.pipeline.plan import all_tasks
from analysis.pipeline.task import Task

SHOWN, LONGEST = 5, 40
CHANGED = Text("What changed:", "变化：")
NOTHING = Text("Nothing changed.", "没有变化。")
REDRAWN = Text("  {task}: {files} files anew", "  {task}：重新生成 {files} 个文件")
DRAWN = Text("  {task}: {files} new files", "  {task}：新增 {files} 个文件")
GONE = Text("  gone: {files} files of {folder}", "  已删除：{folder} 的 {files} 个文件")
COUNTS = Text(
    "  {file}: {added} rows added, {removed} removed, {changed} cells changed",
    "  {file}：新增 {added} 行，删除 {removed} 行，改动 {changed} 个单元格",
)
CELL = "    {key} · {column}: {before} -> {after}"
ESTIMATE = "    {key}: {before} -> {after}"
ABSENT = "–"
MORE = Text("    ... and {count} more", "    …… 另有 {count} 处")
WAITING = Text(
    "Still to be made anew, by make reproduce: {names}.",
    "尚待 make reproduce 重建：{names}。",
)
UNTOUCHED = Text(
    "Not affected: {rest} of {count} tasks. Of the {all} looked at, {current} were up to date and "
    "{same} ran and came out the same.",
    "未受影响：{count} 项任务中的 {rest} 项；所查 {all} 项中 {current} 项无需运行，"
    "{same} 项重新运行而结果相同。",
)
# what tells one estimate from another, as it is printed
ESTIMATE_KEY = ("equation", "outcome", "term", "component")
Snapshot = Mapping[Path, bytes]
Choice = Callable[[list[Task]], list[Task]]


def build_telling_changes(before: Snapshot, touched: Choice, build: Choice, language: str) -> int:
    """Build the tasks that ``build`` takes of all, print how they differ from ``before``.

    ``touched`` takes those that may have become out of date; the ones not built are named.
    Returns the exit code.
    """
    everything = all_tasks()
    tasks = build(everything)
    built, code = build_showing(tasks, language)
    after = snapshot(tasks)
    names = {task.name for task in tasks}
    waiting = [task.name for task in touched(everything) if task.name not in names]
    lines = told(tasks, before, after, language)
    if waiting:
        lines.append(WAITING.in_language(language).format(names=", ".join(waiting)))
    same = [t for t in tasks if t.name in built.ran and not changed_products(t, before, after)]
    lines.append(UNTOUCHED.in_language(language).format(
        rest=len(everything) - len(tasks), count=len(everything), all=len(tasks),
        current=len(built.current), same=len(same),
    ))  # fmt: skip
    print("\n".join(lines))
    return code


def snapshot(tasks: Sequence[Task]) -> Snapshot:
    """Return the bytes of every product that there is."""
    products = (path for task in tasks for path in task.products.values())
    return {path: path.read_bytes() for path in products if path.is_file()}


def told(tasks: Sequence[Task], before: Snapshot, after: Snapshot, language: str) -> list[str]:
    """Return the lines that name each changed table with its cells, each exhibit made anew."""
    lines = [
        line
        for task in tasks
        # data/processed is on the way to what is told
        if task.group != "data" and (changed := changed_products(task, before, after))
        for line in _of_task(task, changed, before, after, language)
    ]
    lines += _gone(before, language)
    return [(CHANGED if lines else NOTHING).in_language(language), *lines]


def changed_products(task: Task, before: Snapshot, after: Snapshot) -> list[Path]:
    """Return the products of a task whose bytes differ."""
    return [path for path in task.products.values() if before.get(path) != after.get(path)]


def _gone(before: Snapshot, language: str) -> Iterator[str]:
    gone = (path for path in before if path.is_relative_to(REPORTS) and not path.exists())
    folders = Counter(relative(path.parent) for path in gone)
    for folder, files in sorted(folders.items()):
        yield GONE.in_language(language).format(folder=folder, files=files)


def _of_task(
    task: Task, paths: Sequence[Path], before: Snapshot, after: Snapshot, language: str
) -> Iterator[str]:
    if task.bundled:
        words = REDRAWN if any(path in before for path in paths) else DRAWN
        yield words.in_language(language).format(task=task.name, files=len(paths))
        return
    for path in paths:
        if path.suffix == ".csv":
            yield from _of_table(path, before.get(path, b""), after.get(path, b""), language)


def _of_table(path: Path, before: bytes, after: bytes, language: str) -> Iterator[str]:
    from analysis.comparing import compare

    difference = compare(path.name, before, after)
    if not difference:
        # an empty table that came or went
        return
    yield COUNTS.in_language(language).format(
        file=relative(path),
        added=len(difference.added),
        removed=len(difference.removed),
        changed=len(difference.changed),
    )
    if path.name.endswith("estimates.csv"):
        yield from _estimates(before, after)
        return
    for cell in difference.changed[:SHOWN]:
        key = ", ".join(shorten(part, LONGEST) for part in cell.key if part)
        old, new = (shorten(text, LONGEST) for text in (cell.before, cell.after))
        yield CELL.format(key=key, column=cell.column, before=old, after=new)
    if len(difference.changed) > SHOWN:
        yield MORE.in_language(language).format(count=len(difference.changed) - SHOWN)


def _estimates(before: bytes, after: bytes) -> Iterator[str]:
    """Yield every estimate that came, went or moved; a dash stands for none."""
    old, new = _by_key(before), _by_key(after)
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            words = ", ".join(filter(None, key))
            yield ESTIMATE.format(
                key=words, before=old.get(key, ABSENT), after=new.get(key, ABSENT)
            )


def shorten(text: str, most: int) -> str:
    """Return a cell's text, cut where it is long."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _by_key(content: bytes) -> dict[tuple[str, ...], str]:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
    keyed = ((tuple(row.get(name) or "" for name in ESTIMATE_KEY), row) for row in rows)
    return {key: _with_error(row["estimate"], row["std_error"]) for key, row in keyed}


def _with_error(estimate: str, std_error: str) -> str:
    return f"{estimate} ({std_error})" if std_error else estimate
