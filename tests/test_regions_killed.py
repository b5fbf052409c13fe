"""kill -9 at any moment of adding or removing: the next command finds the old state or the new one."""

import json
import os
import random
import shutil
import subprocess
import sys

import pytest
from conftest import Project, build_shared, copy_project
from regions_project import ONE, one_province, pristine, with_regional_tasks

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="forks and kills as this system does"),
]
SEED, OTHERS = 20170101, 5
DRAWN = ("measured/rate_maps", "measured/small_multiples", "shipped/census2004_tile_map")
# forks a child a command, so that libraries are loaded once; a child counts what it is about to
# write, rename or delete, and kills itself before one of these
DRIVER = """
import json, os, signal, sys, tempfile
import docx, lxml, matplotlib, pandas, pandera.pandas, pytask, scipy.stats, statsmodels.api
import analysis.effects.fitting, analysis.sources.regions, analysis.pipeline.commands.regions
from analysis.cli import main
EVENTS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
def hook(moment, trace):
    seen = [0]
    def count(event, details):
        if event not in EVENTS or (event == "open" and not (details[2] or 0) & WRITING):
            return
        seen[0] += 1
        if trace is not None:
            trace.append(str(details[0]))
        if seen[0] == moment:
            os.kill(os.getpid(), signal.SIGKILL)
    return count
for line in sys.stdin:
    asked = json.loads(line)
    said, traced = tempfile.TemporaryFile(), tempfile.TemporaryFile()
    child = os.fork()
    if not child:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
        trace = []
        sys.addaudithook(hook(asked["moment"], trace if not asked["moment"] else None))
        code = main(asked["arguments"])
        sys.stdout.flush()
        os.write(traced.fileno(), json.dumps(trace).encode())
        os._exit(code)
    _, status = os.waitpid(child, 0)
    said.seek(0)
    traced.seek(0)
    answer = {"code": os.waitstatus_to_exitcode(status), "output": said.read().decode()}
    print(json.dumps(answer | {"trace": json.loads(traced.read() or b"[]")}), flush=True)
"""


class Forks:
    """Commands in a project, each in a child of one process; ``moment`` kills it there."""

    def __init__(self, project: Project) -> None:
        more = {"JIELI_LANG": "en", "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER], cwd=project.folder, text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **more},
        )  # fmt: skip

    def run(self, *arguments: str, moment: int = 0) -> dict:
        self.process.stdin.write(json.dumps({"arguments": arguments, "moment": moment}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def source(tmp_path_factory, worker_id):
    """The small project without its figures, which take longest and add no other moment."""

    def chosen(project):
        for name in DRAWN:
            project.path(f"analysis/exhibits/regional/{name}.py").unlink()
        return with_regional_tasks(project)

    return build_shared(tmp_path_factory, worker_id, "killed", chosen)


@pytest.fixture
def forks(source, tmp_path):
    project = copy_project(source.folder, tmp_path / "project", ".jieli")
    forks = Forks(project)
    yield forks, project
    forks.process.stdin.close()
    forks.process.wait()


def moments(trace: list[str]) -> list[int]:
    """Return every moment of putting in or taking out, and some of the others."""
    numbered = list(enumerate(trace, start=1))
    store = [number for number, path in numbered if "/data/raw/regions" in path]
    rest = [number for number, path in numbered if "/data/raw/regions" not in path]
    assert len(store) > 3
    return sorted([*store, *random.Random(SEED).sample(rest, OTHERS)])


def is_in(project: Project) -> bool:
    """Say whether the region is in; if it is, it is whole."""
    folder = project.path(f"data/raw/regions/private/{ONE}")
    if folder.exists():
        assert sorted(path.name for path in folder.iterdir()) == ["one.csv", "one.csv.meta.toml"]
    return folder.exists()


def check_that_it_is_said(forks: Forks, project: Project, there: bool) -> None:
    """The next command says which state it found, and leaves nothing half done behind."""
    listed = forks.run("regions", "list")
    assert listed["code"] == 0
    if there:
        assert f"{ONE} (private)" in listed["output"]
        assert "up to date" in listed["output"] or "not yet in the results" in listed["output"]
    else:
        assert "No region has been added" in listed["output"]
    assert not list(project.path("data").rglob(".*.adding"))
    assert not list(project.path("data").rglob(".*.removing"))


def test_adding_is_done_or_not_done_whenever_it_is_killed(forks, source, tmp_path):
    forks, project = forks
    file = one_province(tmp_path / "mine")
    whole = forks.run("regions", "add", str(file))
    assert whole["code"] == 0, whole["output"]
    after = project.snapshot("reports")
    found = set()
    for moment in moments(whole["trace"]):
        pristine(project, source)
        assert forks.run("regions", "add", str(file), moment=moment)["code"] == -9
        there = is_in(project)
        found.add(there)
        check_that_it_is_said(forks, project, there)
        again = forks.run("regions", "add", str(file))
        assert again["code"] == 0, again["output"]
        assert ("in already" in again["output"]) == there
        assert project.snapshot("reports") == after, moment
    assert found == {True, False}


def test_removing_is_done_or_not_done_whenever_it_is_killed(forks, source, tmp_path):
    forks, project = forks
    file = one_province(tmp_path / "mine")
    assert forks.run("regions", "add", str(file))["code"] == 0
    added = Project(shutil.copytree(project.folder, tmp_path / "added"))
    whole = forks.run("regions", "remove", ONE)
    assert whole["code"] == 0, whole["output"]
    found = set()
    for moment in moments(whole["trace"]):
        pristine(project, added)
        assert forks.run("regions", "remove", ONE, moment=moment)["code"] == -9
        there = is_in(project)
        found.add(there)
        check_that_it_is_said(forks, project, there)
        assert forks.run(*(("regions", "remove", ONE) if there else ("reproduce",)))["code"] == 0
        assert project.snapshot("reports", "data/raw") == source.snapshot("reports", "data/raw")
    assert found == {True, False}
