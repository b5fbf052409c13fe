"""A folder that may not be written to: the results, the tidy data, the engine's state, or all."""

import os

from analysis.messages import Text
from analysis.verification.faults.afterwards import stopped_or_right, then
from analysis.verification.faults.attempt import Attempt
from analysis.verification.faults.fault import About, Outcome
from analysis.verification.faults.mounting import can_mount, read_only

FOLDERS = ("reports", "data/processed", ".jieli", ".")


def _hindrance() -> Text | None:
    if os.name == "posix" and (can_mount() or os.geteuid() != 0):
        return None
    return Text("permissions do not bind this user", "权限对当前用户不起作用")


ABOUT = About(Text("read-only folder", "文件夹只读"), tries=5, hindrance=_hindrance)


def strike(attempt: Attempt) -> Outcome:
    """Build what is out of date into a read-only folder, then again once it may be written to."""
    built, changed = attempt.miniature.results
    project = attempt.outdated()
    with read_only(project.folder / attempt.chance.choice(FOLDERS)):
        outcome = stopped_or_right(project.run(), project, (built, changed))
    return then(outcome, project, changed)
