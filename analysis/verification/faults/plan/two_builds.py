"""Two builds of one folder at once."""

import time

from analysis.messages import Text
from analysis.verification.faults.afterwards import stopped_or_right, then
from analysis.verification.faults.attempt import Attempt
from analysis.verification.faults.fault import About, Outcome
from analysis.verification.faults.project import REPRODUCE, finish

ABOUT = About(Text("two builds at once", "同一文件夹中同时运行两次构建"), tries=4)


def strike(attempt: Attempt) -> Outcome:
    """Start a second build a moment after the first; both must end right or say why not."""
    project, versions = attempt.to_build()
    first = project.start(REPRODUCE)
    time.sleep(attempt.chance.uniform(0.0, 1.0))
    second = finish(project.start(REPRODUCE))
    outcomes = [stopped_or_right(done, project, versions) for done in (finish(first), second)]
    worst = next((one for one in outcomes if not one.survived), outcomes[-1])
    return then(worst, project, versions[-1])
