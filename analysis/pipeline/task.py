"""A task: files in, one call, files out. What the rooms' work looks like to the engine."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Inputs = Mapping[str, Path]
Arguments = Mapping[str, Any]
Contents = Mapping[str, object]


@dataclass(frozen=True)
class Task:
    """One step from files to files.

    Attributes
    ----------
    name
        Unique; shown to the user.
    group
        What a verb asks for: data, results, figures, tables, report.
    run
        Called with the inputs' paths and the arguments; returns each product's content (a data
        frame, text or bytes) by the product's key. It writes nothing itself.
    code
        The modules whose code decides the products, by name; what they import is found.
    inputs, products
        Paths by key.
    folders
        Paths of folders by key, filled by the task alone: a folder's content is a mapping from
        file names to contents, and a file that is not in it is removed.
    arguments
        Anything JSON can hold.
    bundled
        Whether the engine watches the products as one node, for whoever reads any of them.
    """

    name: str
    group: str
    run: Callable[[Inputs, Arguments], Contents]
    code: tuple[str, ...]
    inputs: Inputs
    products: Mapping[str, Path]
    arguments: Arguments = field(default_factory=dict)
    bundled: bool = False
    folders: Mapping[str, Path] = field(default_factory=dict)

    def canonical_arguments(self) -> str:
        """Return the arguments as canonical JSON: equal text for equal values, and only then."""
        return json.dumps(self.arguments, sort_keys=True, ensure_ascii=False, allow_nan=False)


def needed_for(goals: Iterable[Task], tasks: Iterable[Task]) -> list[Task]:
    """Return the goals and every task whose products they rest on, in the order of ``tasks``."""
    tasks = list(tasks)
    maker = {path: task for task in tasks for path in task.products.values()}
    wanted: dict[str, Task] = {}
    waiting = list(goals)
    while waiting:
        task = waiting.pop()
        if task.name not in wanted:
            wanted[task.name] = task
            waiting += [maker[path] for path in task.inputs.values() if path in maker]
    return [task for task in tasks if task.name in wanted]


def resting_on(goals: Iterable[Task], tasks: Iterable[Task]) -> list[Task]:
    """Return the goals and every task that rests on their products, in the order of ``tasks``."""
    tasks = list(tasks)
    wanted = {task.name for task in goals}
    made = {path for task in tasks if task.name in wanted for path in task.products.values()}
    found = -1
    while found < len(wanted):
        found = len(wanted)
        for task in tasks:
            if task.name not in wanted and not made.isdisjoint(task.inputs.values()):
                wanted.add(task.name)
                made.update(task.products.values())
    return [task for task in tasks if task.name in wanted]
