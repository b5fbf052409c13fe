"""A miniature of the project that builds in seconds: the same code, a few tasks and exhibits.

Tasks, exhibits and comparisons are found by their place, so fewer files are a smaller project.
"""

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from analysis.paths import RAW, ROOT
from analysis.sources import seal
from analysis.verification.faults.project import REPRODUCE, Command, Project, Snapshot

KEPT: dict[str, tuple[str, ...]] = {
    "pipeline/tasks": ("raw_data", "growth", "exhibits", "regions", "regional", "surveys"),
    "exhibits/figures": (),
    "exhibits/tables": ("growth_averages",),
    "exhibits/regional/shipped": (),
    "exhibits/regional/measured": ("rates_and_ranks",),
    "performance/comparisons": ("least_squares",),
}
# what a user has in the folder beside the package's own files
USERS = {
    "my_notes.txt": "figures to look up in the yearbook\n",
    "data/raw/surveys/notes.txt": "asked for the files in March\n",
    "reports/local/my_notes.csv": "year,remark\n2008,check\n",
}
# a user's file on its way in, wherever he keeps it; invented figures
REGION = """表1 劳动人事争议案件受理数（模拟数据）
单位：件
地区,2016年,2017年,2018年
江苏,51210,49830,53120
浙江,47310,46020,48870
"""
CORRECTED = "data/raw/national_disputes.csv"
FIGURE, CORRECTION = "2019,cases_accepted,1069638", "2019,cases_accepted,1069639"


@dataclass(frozen=True)
class Miniature:
    """The project never built, built, and with one raw figure changed and built.

    Attributes
    ----------
    empty, built, changed
        The three trees; attempts work on copies of them.
    region
        A file of a region's figures, outside of the trees.
    seconds
        How long commands take here, by command, as they are measured.
    """

    empty: Project
    built: Project
    changed: Project
    region: Path
    seconds: dict[Command, float] = field(default_factory=dict)

    @property
    def results(self) -> tuple[Snapshot, Snapshot]:
        """Return what stands in the built and in the changed tree."""
        return self.built.snapshot(), self.changed.snapshot()


def make(folder: Path) -> Miniature:
    """Make the three trees in ``folder``; ``built`` is what the others are held against.

    Raises
    ------
    RuntimeError
        If the miniature does not build.
    """
    empty = Project(folder / "empty", folder / "scratch")
    _copy_package(empty.folder)
    built = copy(empty, folder / "built")
    seconds = _build(built)
    changed = copy(built, folder / "changed")
    change_a_figure(changed)
    _build(changed)
    region = folder / "region.csv"
    region.write_text(REGION, encoding="utf-8")
    return Miniature(empty, built, changed, region, {REPRODUCE: seconds})


def copy(project: Project, target: Path) -> Project:
    """Return a copy of a project's tree."""
    shutil.copytree(project.folder, target)
    return Project(target, target.with_name(f"{target.name}-scratch"))


def change_a_figure(project: Project) -> None:
    """Correct one raw figure as a user would, and seal its file.

    Raises
    ------
    RuntimeError
        If the figure is not there.
    """
    path = project.folder / CORRECTED
    text = path.read_text(encoding="utf-8")
    if FIGURE not in text:
        raise RuntimeError(f"{CORRECTED} does not hold {FIGURE}")
    path.write_text(text.replace(FIGURE, CORRECTION), encoding="utf-8", newline="\n")
    seal(path)


def _copy_package(target: Path) -> None:
    shutil.copytree(ROOT / "analysis", target / "analysis", ignore=_left_out)
    shutil.copytree(RAW, target / "data" / "raw", ignore=_users)
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy2(ROOT / name, target / name)
    for name, text in USERS.items():
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")


def _left_out(folder: str, names: list[str]) -> set[str]:
    """Name the modules that the miniature does without."""
    place = Path(folder).relative_to(ROOT / "analysis").as_posix()
    if place not in KEPT:
        return {"__pycache__"}
    modules = {name for name in names if not name.startswith("_")}
    return {"__pycache__"} | (modules - {f"{name}.py" for name in KEPT[place]})


def _users(folder: str, names: list[str]) -> set[str]:
    return {"surveys", "regions"} if Path(folder) == RAW else set()


def _build(project: Project) -> float:
    started = time.perf_counter()
    done = project.run(REPRODUCE)
    if done.returncode:
        raise RuntimeError(f"the miniature does not build: {done.stderr}")
    return time.perf_counter() - started
