"""The clock was set back (or forward): every file bears a time far from now."""

import os
import time

from analysis.messages import Text
from analysis.verification.faults.afterwards import next_run
from analysis.verification.faults.attempt import Attempt
from analysis.verification.faults.fault import About, Outcome

DAY = 86_400.0

ABOUT = About(Text("clock set back", "系统时钟回拨"), tries=3)


def strike(attempt: Attempt) -> Outcome:
    """Give all files times up to ten years ahead or behind; the next build must not care."""
    _, changed = attempt.miniature.results
    project = attempt.outdated()
    for path in sorted(project.folder.rglob("*")):
        moment = time.time() + attempt.chance.uniform(-3650.0, 3650.0) * DAY
        os.utime(path, (moment, moment))
    return next_run(project, changed)
