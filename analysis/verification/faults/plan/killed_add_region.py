"""kill -9 at a random moment of adding a region: it is in or it is not, and the file is kept."""

import shutil

from analysis.messages import Text
from analysis.verification.faults.afterwards import next_run
from analysis.verification.faults.attempt import Attempt, killed
from analysis.verification.faults.fault import About, Ending, Outcome
from analysis.verification.faults.miniature import REGION
from analysis.verification.faults.project import Command, Project

ABOUT = About(
    Text("kill -9 while a region is added", "加入地区数据时被强行终止（kill -9）"), tries=12
)
REGIONS = "data/raw/regions"


def strike(attempt: Attempt) -> Outcome:
    """Kill the command; the next build must end as one without the region, or with all of it."""
    command = ("analysis", "regions", "add", str(attempt.miniature.region), "--licence", "CC0")
    project = killed(attempt, attempt.miniature.built, command)
    if attempt.miniature.region.read_text(encoding="utf-8") != REGION:
        return Outcome(Ending.LOST, "the user's file was changed")
    if _is_in(project):
        return next_run(project, _clean_build_with(attempt, project))
    return _added_again(attempt, project, command)


def _is_in(project: Project) -> bool:
    """Say whether a region is staged; names with a dot before them are on their way."""
    return any(project.folder.glob(f"{REGIONS}/[!.]*"))


def _clean_build_with(attempt: Attempt, project: Project) -> dict[str, bytes]:
    """Return what a build leaves where the region, as it is staged, was there from the start."""
    clean = attempt.copy_of(attempt.miniature.empty)
    shutil.copytree(project.folder / REGIONS, clean.folder / REGIONS)
    clean.run()
    return clean.snapshot()


def _added_again(attempt: Attempt, project: Project, command: Command) -> Outcome:
    built, _ = attempt.miniature.results
    outcome = next_run(project, built)
    if not outcome.survived:
        return outcome
    done = project.run(command)
    if done.returncode or not _is_in(project):
        return Outcome(Ending.LOST, f"could not be added again: {done.stderr}")
    return outcome
