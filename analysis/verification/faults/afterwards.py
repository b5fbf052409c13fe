"""The questions asked of a project after a fault: is a file torn, is the next run right?"""

import subprocess

from analysis.verification.faults.fault import Ending, Outcome
from analysis.verification.faults.project import REPRODUCE, Command, Project, Snapshot, Versions

USERS_MISTAKE = 2
MANIFEST = "reports/manifest.csv"


def torn(project: Project, versions: Versions) -> str:
    """Name the files that are in none of the states that they may be in; empty when all are whole.

    A file may also be missing where a version lacks it. The manifest lists the others as they
    stand: each of its lines must be one of a version's.
    """
    stands = project.snapshot()
    names = sorted({*stands, *(name for version in versions for name in version)})
    return ", ".join(name for name in names if not _whole(name, stands.get(name), versions))


def apart(project: Project, expected: Snapshot) -> str:
    """Name the files that are not exactly as expected, missing ones and others' among them."""
    stands = project.snapshot()
    names = sorted({*stands, *expected})
    return ", ".join(name for name in names if stands.get(name) != expected.get(name))


def _whole(name: str, content: bytes | None, versions: Versions) -> bool:
    known = [version.get(name) for version in versions]
    if content in known:
        return True
    return name == MANIFEST and _lines(content) <= {line for one in known for line in _lines(one)}


def _lines(content: bytes | None) -> set[bytes]:
    return set((content or b"").splitlines())


def next_run(project: Project, expected: Snapshot, command: Command = REPRODUCE) -> Outcome:
    """Run a command again: it must end well and leave exactly what is expected."""
    return _judged(project.run(command), project, expected, Ending.RECOVERED)


def _judged(
    done: subprocess.CompletedProcess[str],
    project: Project,
    expected: Snapshot,
    well: Ending,
) -> Outcome:
    if done.returncode or "Traceback" in done.stderr:
        return Outcome(Ending.LOST, f"exit code {done.returncode}: {last_line(done.stderr)}")
    if others := apart(project, expected):
        return Outcome(Ending.LOST, f"not as a clean build leaves it: {others}")
    return Outcome(well)


def refused(done: subprocess.CompletedProcess[str]) -> bool:
    """Say whether a run ended with a message, no traceback, and the code for a user's matter."""
    said = done.stderr.strip()
    return done.returncode == USERS_MISTAKE and bool(said) and "Traceback" not in said


def stopped_or_right(
    done: subprocess.CompletedProcess[str], project: Project, versions: Versions
) -> Outcome:
    """Judge a run under a fault: it ended right (the last version), or said clearly why not.

    Whether it left nothing torn is judged in both cases.
    """
    if done.returncode == 0:
        return _judged(done, project, versions[-1], Ending.UNHARMED)
    if not refused(done):
        said = last_line(done.stderr)
        return Outcome(Ending.LOST, f"no clear message; exit code {done.returncode}: {said}")
    if halves := torn(project, versions):
        return Outcome(Ending.LOST, f"torn: {halves}")
    return Outcome(Ending.REFUSED)


def then(
    outcome: Outcome, project: Project, expected: Snapshot, command: Command = REPRODUCE
) -> Outcome:
    """Return ``outcome`` where it was survived and the next run ends as expected."""
    if not outcome.survived:
        return outcome
    following = next_run(project, expected, command)
    return outcome if following.survived else following


def last_line(text: str) -> str:
    """Return the last line that says something."""
    return (text.strip().splitlines() or [""])[-1]
