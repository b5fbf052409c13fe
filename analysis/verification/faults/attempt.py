"""One attempt at a fault: copies to strike and a seeded chance."""

import random
import time
from dataclasses import dataclass
from pathlib import Path

from analysis.verification.faults.miniature import Miniature, copy
from analysis.verification.faults.project import Command, Project, Versions


@dataclass(frozen=True)
class Attempt:
    """What a fault works with; ``folder`` is empty and its own."""

    miniature: Miniature
    folder: Path
    chance: random.Random

    def copy_of(self, project: Project) -> Project:
        """Return a fresh copy of one of the miniature's trees."""
        return copy(project, self.folder / f"project {len(list(self.folder.iterdir()))}")

    def outdated(self, target: Path | None = None) -> Project:
        """Return a built tree in which a raw figure has changed since; in ``target`` if given."""
        built = self.miniature.built
        project = copy(built, target) if target else self.copy_of(built)
        for path in (self.miniature.changed.folder / "data" / "raw").iterdir():
            if path.is_file():
                target = project.folder / "data" / "raw" / path.name
                target.write_bytes(path.read_bytes())
        return project

    def to_build(self) -> tuple[Project, Versions]:
        """Return a tree that is out of date, by chance never built, and what may stand in it.

        The versions are its files before a build and after a whole one.
        """
        built, changed = self.miniature.results
        if self.chance.random() < 0.5:
            return self.outdated(), (built, changed)
        empty = self.copy_of(self.miniature.empty)
        return empty, (empty.snapshot(), built)


def killed(attempt: Attempt, project: Project, command: Command) -> Project:
    """Return a copy of ``project`` in which ``command`` was killed at a random moment."""
    latest = _seconds(attempt, project, command)
    while True:
        struck = attempt.copy_of(project)
        moment = attempt.chance.uniform(0.0, latest)
        if struck.run_and_kill(command, moment):
            return struck
        # it had ended by then
        latest = moment


def _seconds(attempt: Attempt, project: Project, command: Command) -> float:
    """Return how long a command takes here, measured once."""
    known = attempt.miniature.seconds
    if command not in known:
        started = time.perf_counter()
        attempt.copy_of(project).run(command)
        known[command] = time.perf_counter() - started
    return known[command]
