"""kill -9 at a random moment of bench: its file of timings is whole or not there."""

from analysis.messages import Text
from analysis.verification.faults.afterwards import apart, next_run
from analysis.verification.faults.attempt import Attempt, killed
from analysis.verification.faults.fault import About, Ending, Outcome

ABOUT = About(Text("kill -9 during bench", "bench 运行中被强行终止（kill -9）"), tries=5)
BENCH = ("analysis.performance", "--quick", "--runs", "1")
TIMINGS = "reports/results/performance.csv"


def strike(attempt: Attempt) -> Outcome:
    """Kill bench; no result may have changed, and the next one must write its timings."""
    built, _ = attempt.miniature.results
    project = killed(attempt, attempt.miniature.built, BENCH)
    if changed := apart(project, built):
        return Outcome(Ending.LOST, f"changed: {changed}")
    outcome = next_run(project, built, BENCH)
    written = (project.folder / TIMINGS).is_file()
    return outcome if written else Outcome(Ending.LOST, "no timings were written")
