"""The disk fills up during a build: a disk of its own, with a few kilobytes free."""

import os
from pathlib import Path

from analysis.messages import Text
from analysis.verification.faults.afterwards import stopped_or_right, then
from analysis.verification.faults.attempt import Attempt
from analysis.verification.faults.fault import About, Outcome
from analysis.verification.faults.mounting import can_mount, small_disk

SIZE = 64 * 2**20
# beyond this the miniature's results have room
MOST_FREE = 400_000


def _hindrance() -> Text | None:
    if can_mount():
        return None
    return Text("needs a mount (root on Linux)", "需要挂载权限（Linux 下的 root）")


ABOUT = About(
    Text("disk full during reproduce", "reproduce 运行中磁盘写满"), tries=5, hindrance=_hindrance
)


def strike(attempt: Attempt) -> Outcome:
    """Build on the full disk; with room again the next build must end well."""
    built, changed = attempt.miniature.results
    disk = attempt.folder / "disk"
    with small_disk(disk, SIZE):
        project = attempt.outdated(disk / "project")
        filler = disk / "filler"
        _fill(filler, attempt.chance.randrange(MOST_FREE))
        outcome = stopped_or_right(project.run(), project, (built, changed))
        filler.unlink()
        return then(outcome, project, changed)


def _fill(filler: Path, free: int) -> None:
    """Leave ``free`` bytes (a page more or less) of the filler's disk."""
    space = os.statvfs(filler.parent)
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, space.f_bavail * space.f_frsize - free)
