"""The engine's house rules: nothing stale goes unnoticed, nothing current is built again."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

CURRENT = "Up to date"


@pytest.fixture(scope="session")
def built_once(small_once):
    """The engine is the same in a project of few tasks, and answers ten times sooner."""
    return small_once


@pytest.fixture
def built(small):
    return small


@pytest.fixture
def fresh(small):
    for name in (".jieli", "reports", "data/processed"):
        shutil.rmtree(small.path(name))
    return small


def status(project):
    outcome = project.run("status")
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout


def line_of(task, text):
    return next(line for line in text.splitlines() if line.strip().startswith(f"{task}:"))


def test_a_second_build_builds_nothing(built):
    outcome = built.run("reproduce")
    assert outcome.returncode == 0
    assert "Everything is up to date" in outcome.stdout
    assert CURRENT in status(built)


def test_an_edited_helper_makes_what_uses_it_stale_and_nothing_else(built):
    built.replace(
        "analysis/disputes/growth.py",
        "return float(yearly_rates(levels).mean())",
        "return float(yearly_rates(levels).mean()) + 1.0",
    )
    text = status(built)
    assert "code changed" in line_of("growth", text)
    assert "code changed" in line_of("claims", text)
    assert "code changed" in line_of("counterfactual", text)
    assert not any(line.strip().startswith("rates:") for line in text.splitlines())
    before = built.path("reports/results/growth.csv").read_bytes()
    assert built.run("reproduce").returncode == 0
    assert built.path("reports/results/growth.csv").read_bytes() != before
    assert CURRENT in status(built)


def test_a_comment_or_docstring_changes_nothing(built):
    built.replace(
        "analysis/disputes/growth.py",
        '"""Return the median of the yearly rates."""',
        '"""Return the middle one."""  # said otherwise',
    )
    assert CURRENT in status(built)


def test_an_argument_from_minus_one_to_minus_two_is_noticed(built):
    name = "analysis/pipeline/tasks/breaks.py"
    built.replace(
        name, "products={", 'arguments={"shift": -1, "list": [1, 1]},\n            products={'
    )
    assert built.run("reproduce").returncode == 0
    assert CURRENT in status(built)
    built.replace(name, '"shift": -1', '"shift": -2')
    assert "an argument changed" in line_of("breaks", status(built))
    built.replace(name, '"shift": -2', '"shift": -1')
    built.replace(name, "[1, 1]", "[11]")
    assert "an argument changed" in line_of("breaks", status(built))


def test_a_raw_figure_changes_what_rests_on_it(built):
    built.replace(
        "data/raw/national_disputes.csv",
        "2019,cases_accepted,1069638",
        "2019,cases_accepted,1069639",
    )
    assert "not the file its sidecar describes" in built.run("status").stderr
    assert built.run("status").returncode == 2
    assert built.run("seal", "data/raw/national_disputes.csv").returncode == 0
    text = status(built)
    assert "input changed: data/raw/national_disputes.csv" in line_of("raw data", text)
    assert "follows" in line_of("growth", text)
    assert built.run("reproduce").returncode == 0
    assert "1069639" in built.path("reports/results/yearly_growth.csv").read_text()


def test_a_product_edited_by_hand_is_named_and_rebuilt(built):
    name = "reports/results/growth.csv"
    built.replace(name, "20.346065", "20.300000")
    assert f"product edited by hand: {name}" in line_of("growth", status(built))
    assert built.run("reproduce").returncode == 0
    assert "20.346065" in built.path(name).read_text()


def test_of_several_files_watched_as_one_the_edited_one_is_named(built):
    name = "reports/figures/growth_en.svg"
    built.replace(name, "<svg", "<svg ")
    line = line_of("figure growth", status(built))
    assert line.count("product edited by hand") == 1
    assert name in line


def test_an_edit_that_keeps_size_and_time_is_noticed(built):
    path = built.path("reports/results/growth.csv")
    times = (path.stat().st_atime, path.stat().st_mtime)
    path.write_bytes(path.read_bytes().replace(b"20.346065", b"20.346066"))
    os.utime(path, times)
    assert "product edited by hand" in line_of("growth", status(built))


def test_a_deleted_product_is_missing_and_built_again(built):
    name = "reports/figures/growth_zh.svg"
    built.path(name).unlink()
    assert f"product missing: {name}" in line_of("figure growth", status(built))
    assert built.run("figures").returncode == 0
    assert built.path(name).exists()


def test_another_library_version_is_a_reason(built):
    built.replace(
        "analysis/pipeline/libraries.py",
        "return metadata.version(name)",
        'return metadata.version(name) + ("+1" if name == "statsmodels" else "")',
    )
    text = status(built)
    assert "a library's version changed" in line_of("breaks", text)
    assert "a library's version changed" in line_of("counterfactual", text)
    assert "library" not in text.partition("rates:")[2].partition("\n")[0]


def test_a_new_raw_file_is_noticed(built):
    built.path("data/raw/stray.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    outcome = built.run("reproduce")
    assert outcome.returncode == 2
    assert "stray.csv" in outcome.stderr


@pytest.mark.slow
def test_an_unreadable_state_is_thrown_away_not_trusted(built):
    built.path(".jieli/pytask.lock").write_text("{ not a lock", encoding="utf-8")
    outcome = built.run("reproduce")
    assert outcome.returncode == 0, outcome.stderr
    assert CURRENT in status(built)


@pytest.mark.slow
def test_results_do_not_depend_on_the_state(built, built_once):
    """Built again from nothing, every result and figure has the same bytes."""
    for name in (".jieli", "reports"):
        shutil.rmtree(built.path(name))
    assert built.run("reproduce", PYTHONHASHSEED="7").returncode == 0
    assert built.snapshot("reports") == built_once.snapshot("reports")


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [1.5, 3.0, 5.0, 7.0])
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_build_killed_in_the_middle_is_finished_by_the_next(fresh, built_once, seconds):
    process = subprocess.Popen(
        [sys.executable, "-m", "analysis", "reproduce"],
        cwd=fresh.folder, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for path in fresh.path("reports").rglob("*"):
        whole = built_once.path(path.relative_to(fresh.folder).as_posix())
        assert path.is_dir() or path.read_bytes() == whole.read_bytes(), f"{path} is torn"
    assert fresh.run("reproduce").returncode == 0
    assert fresh.snapshot("reports") == built_once.snapshot("reports")


def test_a_failing_task_writes_nothing_and_says_where(built):
    built.replace(
        "analysis/disputes/rates.py",
        "    table = pd.DataFrame(rows, columns=COLUMNS)\n",
        '    table = pd.DataFrame(rows, columns=COLUMNS)\n    raise RuntimeError("on purpose")\n',
    )
    before = built.path("reports/results/rates.csv").read_bytes()
    outcome = built.run("reproduce")
    assert outcome.returncode == 1
    assert "on purpose" in outcome.stderr
    assert "rates" in outcome.stderr
    assert built.path("reports/results/rates.csv").read_bytes() == before


def test_a_reader_that_goes_away_stops_no_task(built):
    """As in ``reproduce | head -1``."""
    name = "reports/results/growth.csv"
    built.path(name).unlink()
    process = subprocess.Popen(
        [sys.executable, "-m", "analysis", "reproduce"],
        cwd=built.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 0
    assert built.path(name).exists()
    assert CURRENT in status(built)


def test_a_figure_is_one_new_file(built):
    source = built.path("analysis/exhibits/figures/settlement_outcome.py")
    copy = source.with_name("a_new_figure.py")
    copy.write_bytes(source.read_bytes())
    assert built.run("figures").returncode == 0
    for name in ("en.png", "en.svg", "zh.png", "zh.svg"):
        assert built.path(f"reports/figures/a_new_figure_{name}").exists()
    assert built.run("reproduce").returncode == 0
    assert "a_new_figure" in built.path("reports/results/exhibits.csv").read_text(encoding="utf-8")
