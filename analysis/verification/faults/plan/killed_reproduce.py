"""kill -9 at a random moment of reproduce: from nothing, or after a raw figure was corrected."""

from analysis.messages import Text
from analysis.verification.faults.afterwards import next_run, torn
from analysis.verification.faults.attempt import Attempt, killed
from analysis.verification.faults.fault import About, Ending, Outcome
from analysis.verification.faults.project import REPRODUCE

ABOUT = About(Text("kill -9 during reproduce", "reproduce 运行中被强行终止（kill -9）"), tries=26)


def strike(attempt: Attempt) -> Outcome:
    """Kill the build; every file must be whole, and the next build must end as a clean one."""
    start, versions = attempt.to_build()
    project = killed(attempt, start, REPRODUCE)
    if halves := torn(project, versions):
        return Outcome(Ending.LOST, f"torn: {halves}")
    return next_run(project, versions[-1])
