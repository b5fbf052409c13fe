"""All tasks of the package, found by their place: analysis/pipeline/tasks/*.py."""

from analysis.loading import load, modules_in
from analysis.messages import Text, UserError
from analysis.pipeline.task import Task, needed_for

PACKAGE = "analysis.pipeline.tasks"


def all_tasks() -> list[Task]:
    """Return every task, data first; two of one name or with one product are a mistake."""
    tasks = [task for name in modules_in(PACKAGE) for task in load(name).tasks()]
    names = [task.name for task in tasks]
    products = [path for task in tasks for path in task.products.values()]
    if len(set(names)) < len(names) or len(set(products)) < len(products):
        raise ValueError("two tasks share a name or a product")
    return tasks


def tasks_for(*groups: str) -> list[Task]:
    """Return the tasks of the groups and what they rest on; all where no group is named."""
    tasks = all_tasks()
    if not groups:
        return tasks
    return needed_for((task for task in tasks if task.group in groups), tasks)


def swept() -> list[Text]:
    """Delete what stands there and no task makes any more; return a line on each thing said.

    A module of tasks whose number depends on what a user added has a function ``sweep``.

    Raises
    ------
    UserError
        If something cannot be deleted.
    """
    sweeps = (getattr(load(name), "sweep", None) for name in modules_in(PACKAGE))
    try:
        return [line for sweep in sweeps if sweep for line in sweep()]
    except OSError as error:
        place = error.filename or ""
        raise UserError("cannot_write", file=place, error=error.strerror) from error


def remarks() -> list[Text]:
    """Return what modules of tasks have to say of a build: of what was used, or might be added.

    A module says it in a function ``remarks``.
    """
    said = (getattr(load(name), "remarks", None) for name in modules_in(PACKAGE))
    return [line for remark in said if remark for line in remark()]
