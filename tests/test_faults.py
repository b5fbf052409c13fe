"""The plan of faults: what each attempt asks, and a short run of the real thing."""

import importlib.util
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from analysis.loading import load
from analysis.messages import Text
from analysis.paths import ROOT
from analysis.trials import renewed
from analysis.verification.faults import afterwards as asked
from analysis.verification.faults import attempt as trying
from analysis.verification.faults.__main__ import main
from analysis.verification.faults.fault import About, Ending, Outcome
from analysis.verification.faults.project import Project
from analysis.verification.faults.run import COLUMNS, PLAN, Tried, how, names, table

MANIFEST = "reports/manifest.csv"


def tried(*endings: Ending, hindrance=lambda: None) -> Tried:
    about = About(Text("a fault", "故障"), len(endings), hindrance)
    return Tried("a_fault", about, tuple(map(Outcome, endings)), 1.0)


def project(folder, **files: bytes) -> Project:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return Project(folder, folder.with_name("scratch"))


def ended(code: int, said: str = "") -> SimpleNamespace:
    return SimpleNamespace(returncode=code, stderr=said, stdout="")


# --- the plan ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", names())
def test_every_fault_says_what_it_is_in_both_languages(name):
    module = load(f"{PLAN}.{name}")
    assert all(module.ABOUT.title)
    assert module.ABOUT.tries > 0
    assert callable(module.strike)


def test_fifty_kills_or_more_are_planned():
    kills = [name for name in names() if name.startswith("killed_")]
    assert set(kills) >= {f"killed_{what}" for what in ("reproduce", "verify", "bench")}
    assert sum(load(f"{PLAN}.{name}").ABOUT.tries for name in kills) >= 50


def test_the_table_counts_endings_in_words():
    found = table([tried(Ending.RECOVERED, Ending.RECOVERED, Ending.LOST)], 7)
    assert list(found.columns) == COLUMNS
    row = found.iloc[0]
    assert (row["tries"], row["survived"], row["seed"]) == (3, 2, 7)
    assert row["how_en"] == f"{Ending.RECOVERED.value.en}: 2; {Ending.LOST.value.en}: 1"
    assert "2；" in row["how_zh"]


def test_a_selection_renews_its_own_rows_alone(tmp_path):
    record = tmp_path / "faults.csv"
    first, second = names()[:2]
    before = [replace(tried(Ending.LOST), fault=name) for name in (first, second, "of old")]
    table(before, 1).to_csv(record, index=False)
    again = renewed(
        table([replace(tried(Ending.RECOVERED), fault=second)], 2), record, "fault", names()
    )
    assert again[["fault", "survived", "seed"]].to_numpy().tolist() == [
        [first, "0", "1"],
        [second, "1", "2"],
    ]


def test_what_cannot_be_tried_here_says_why():
    why = Text("needs a mount", "需要挂载权限")
    assert how(tried(hindrance=lambda: why), "zh") == "需要挂载权限"


# --- what is asked of a project afterwards ----------------------------------------------------


def test_a_file_of_neither_state_is_torn(tmp_path):
    before, after = {"a": b"old", "b": b"old"}, {"a": b"new", "b": b"new", "c": b"new"}
    here = project(tmp_path, a=b"old", b=b"new")
    assert asked.torn(here, (before, after)) == ""
    assert asked.torn(here, (after,)) == "a, c"
    project(tmp_path, a=b"ol")
    assert asked.torn(here, (before, after)) == "a"


def test_a_file_of_the_users_that_is_gone_is_torn(tmp_path):
    assert asked.torn(project(tmp_path), ({"notes": b"mine"},)) == "notes"


def test_a_manifest_may_list_files_of_both_states_but_no_others():
    versions = ({MANIFEST: b"file\na,1\nb,1\n"}, {MANIFEST: b"file\na,2\nb,2\n"})
    assert asked._whole(MANIFEST, b"file\na,2\nb,1\n", versions)
    assert not asked._whole(MANIFEST, b"file\na,3\n", versions)


def test_after_the_next_run_the_manifest_too_must_be_exact(tmp_path):
    (tmp_path / "reports").mkdir()
    here = project(tmp_path, **{MANIFEST: b"file\na,1\n"})
    assert asked.apart(here, {MANIFEST: b"file\na,1\nb,1\n"}) == MANIFEST
    assert asked.apart(here, {MANIFEST: b"file\na,1\n", "notes": b"mine"}) == "notes"
    assert asked.apart(here, {MANIFEST: b"file\na,1\n"}) == ""


@pytest.mark.parametrize(
    ("code", "said", "is_refusal"),
    [
        (2, "cannot write x: no space", True),
        (2, "", False),
        (1, "x failed: OSError", False),
        (2, "Traceback (most recent call last):\n ...", False),
    ],
)
def test_a_refusal_is_a_message_and_exit_code_two(code, said, is_refusal):
    assert asked.refused(ended(code, said)) is is_refusal


def test_a_run_that_ends_well_with_other_results_is_not_survived(tmp_path):
    here = project(tmp_path, a=b"other")
    outcome = asked.stopped_or_right(ended(0), here, ({"a": b"old"}, {"a": b"new"}))
    assert not outcome.survived
    assert outcome.detail.endswith(": a")


def test_a_kill_falls_within_the_run_or_is_tried_again(tmp_path, monkeypatch):
    moments = []

    def run_and_kill(self, command, seconds):
        moments.append(seconds)
        return len(moments) > 2

    monkeypatch.setattr(Project, "run_and_kill", run_and_kill)
    source = tmp_path / "source"
    source.mkdir()
    one = trying.Attempt(
        SimpleNamespace(seconds={("x",): 9.0}), tmp_path / "here", random.Random(1)
    )
    one.folder.mkdir()
    trying.killed(one, Project(source, tmp_path), ("x",))
    assert len(moments) == 3
    assert sorted(moments, reverse=True) == moments
    assert moments[0] < 9.0


# --- the real thing ---------------------------------------------------------------------------


def test_a_library_of_a_wrong_version_is_one_sentence(small, tmp_path):
    described = tmp_path / "pandas-0.1.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: pandas\nVersion: 0.1\n")
    before = small.snapshot("reports")
    outcome = small.run("reproduce", PYTHONPATH=str(tmp_path))
    assert outcome.returncode == 2
    assert "pandas 0.1 is installed; this project needs" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert small.snapshot("reports") == before


def test_outside_of_the_environment_a_verb_says_which_library_is_missing(small):
    """Without site-packages no library is found."""
    command = [sys.executable, "-S", "-m", "analysis", "claims"]
    outcome = subprocess.run(command, cwd=small.folder, capture_output=True, text=True)
    assert outcome.returncode == 2
    assert "not installed in this Python" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_manifest_that_a_killed_build_owed_is_written_by_the_next(small):
    manifest = small.path(MANIFEST)
    whole = manifest.read_bytes()
    manifest.write_bytes(whole.splitlines(keepends=True)[0])
    outcome = small.run("reproduce")
    assert outcome.returncode == 0, outcome.stderr
    assert "up to date" in outcome.stdout
    assert manifest.read_bytes() == whole


LISTED = (ROOT / "requirements.lock").read_bytes()
DAMAGED = {
    "empty": b"",
    "cut within a hash": LISTED[: LISTED.rindex(b"sha256:") + 20],
    "cut before a hash": LISTED[: LISTED.index(b" \\\n") + 3],
    "noise": LISTED.replace(b"==", b"\0\xff", 1),
    "without hashes": b"pandas==3.1.0\n",
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_list_of_packages_costs_no_environment(tmp_path, kind):
    """The environment that there is stays: another could not be made from such a list."""
    (tmp_path / "requirements.lock").write_bytes(DAMAGED[kind])
    for name in ("start.py", "pyproject.toml"):
        shutil.copy2(ROOT / name, tmp_path / name)
    kept = tmp_path / ".venv" / "kept"
    kept.parent.mkdir()
    kept.touch()
    command = [sys.executable, "start.py", "status"]
    outcome = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert outcome.returncode == 2
    assert "requirements.lock is damaged" in outcome.stderr
    assert kept.exists()


def test_the_list_of_packages_as_it_is_shipped_is_whole():
    """Else nobody could make the environment."""
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    start.refuse_damaged_lock()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kills by session")
def test_ten_kills_and_a_torn_cache_are_survived(capfd):
    chosen = ["killed_reproduce", "killed_add_region", "killed_verify", "truncated_cache"]
    code = main(["--only", *chosen, "--most", "3"])
    said = capfd.readouterr().out
    assert code == 0, said
    assert said.count("of 3 survived") == len(chosen)
    assert not list((ROOT / "reports").glob("jieli-faults*"))
