"""All tasks of the package, found by their place: analysis/pipeline/tasks/*.py."""

from analysis.loading import load, modules_in
from analysis.pipeline.task import Task, needed_for

PACKAGE = "analysis.pipeline.tasks"


def all_tasks() -> list[Task]:
    """Return every task, data first; two of one name or with one product are a mistake."""
    tasks = [task for name in modules_in(PACKAGE) for task in load(name).tasks()]
    names = [task.name for task in tasks]
    products = [path for task in tasks for path in task.products.values()]
    if len(set(names)) < len(names) or len(set(products)) < len(products):
        raise ValueError("two tasks share a name or a product")
    ends = {path for task in tasks if task.last for path in task.products.values()}
    if read := [path for task in tasks for path in task.inputs.values() if path in ends]:
        raise ValueError(f"a task reads what should be last: {read[0]}")
    return tasks


def tasks_for(*groups: str) -> list[Task]:
    """Return the tasks of the groups and what they rest on; all where no group is named."""
    tasks = all_tasks()
    if not groups:
        return tasks
    return needed_for((task for task in tasks if task.group in groups), tasks)
