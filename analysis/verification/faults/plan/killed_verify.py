"""kill -9 at a random moment of verify, which must never touch what it verifies."""

from analysis.messages import Text
from analysis.verification.faults.afterwards import apart, next_run
from analysis.verification.faults.attempt import Attempt, killed
from analysis.verification.faults.fault import About, Ending, Outcome

ABOUT = About(Text("kill -9 during verify", "verify 运行中被强行终止（kill -9）"), tries=7)
VERIFY = ("analysis", "verify")


def strike(attempt: Attempt) -> Outcome:
    """Kill verify; nothing may have changed, and the next one must find all reproduced."""
    built, _ = attempt.miniature.results
    project = killed(attempt, attempt.miniature.built, VERIFY)
    if changed := apart(project, built):
        return Outcome(Ending.LOST, f"changed: {changed}")
    return next_run(project, built, VERIFY)
