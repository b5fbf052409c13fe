"""What adding and removing a region share: one at a time, and only what rests on it is built."""

from collections.abc import Iterator
from contextlib import contextmanager

from analysis.messages import UserError
from analysis.pipeline.commands.building import build_quietly
from analysis.pipeline.engine import explain
from analysis.pipeline.plan import all_tasks, swept
from analysis.pipeline.region_store import alone
from analysis.pipeline.task import Task, needed_for, resting_on
from analysis.pipeline.tasks import regional, regions


@contextmanager
def one_at_a_time(language: str) -> Iterator[None]:
    """Clear what a killed command left, say so, and keep other commands on regions out.

    Raises
    ------
    UserError
        If another command is adding or removing a region.
    """
    with alone() as free:
        if not free:
            raise UserError("region_busy")
        for line in swept():
            print(line.in_language(language), flush=True)
        yield


def own_tasks(tasks: list[Task]) -> list[Task]:
    """Return the tasks of regions, staged and shipped."""
    names = {task.name for task in (*regions.tasks(), *regional.tasks())}
    return [task for task in tasks if task.name in names]


def touched(tasks: list[Task]) -> list[Task]:
    """Return what a region can change: its own tasks, and all that rest on them."""
    return resting_on(own_tasks(tasks), tasks)


def results(tasks: list[Task]) -> list[Task]:
    """Return what is built when a region comes: its results and exhibits, with what they need.

    The report rests on them and on much besides; typesetting it takes longer than all of this.
    """
    return needed_for(own_tasks(tasks), tasks)


def results_and_report(tasks: list[Task]) -> list[Task]:
    """Return what is built when a region goes: what rests on it too, so that nothing shows it on.

    Only the results while something unrelated is out of date: it is not built for a region's sake.
    """
    whole = needed_for(touched(tasks), tasks)
    related = {task.name for task in (*results(tasks), *touched(tasks))}
    unrelated = [entry for entry in explain(whole) if entry.task not in related]
    return results(tasks) if unrelated else whole


def build_tables() -> None:
    """Bring data/processed up to date: what a new file is held against."""
    tasks = all_tasks()
    build_quietly(needed_for((task for task in tasks if task.group == "data"), tasks))
