"""Nothing to do is said without the engine; whatever is odd about its record is left to it."""

import subprocess
import sys

import pytest


@pytest.fixture
def built(small):
    return small


def reproduce(project):
    """Return what a build prints, and whether it loaded the engine."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "analysis", "reproduce"],
        cwd=project.folder, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return done.stdout, any(line.split()[-1] == "pytask" for line in done.stderr.splitlines())


def test_nothing_to_do_needs_no_engine(built):
    said, engine_loaded = reproduce(built)
    assert "Everything is up to date" in said
    assert not engine_loaded


def test_an_edit_that_keeps_the_size_goes_to_the_engine(built):
    name = "reports/results/growth.csv"
    before = built.path(name).read_bytes()
    built.replace(name, "20.346065", "20.346066")
    said, engine_loaded = reproduce(built)
    assert engine_loaded
    assert "Built 1 of" in said
    assert built.path(name).read_bytes() == before
    assert reproduce(built)[1] is False


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda lock: lock.unlink(), id="no record"),
        pytest.param(lambda lock: lock.write_bytes(b"\xff{ not TOML"), id="unreadable"),
        pytest.param(
            lambda lock: lock.write_text(lock.read_text("utf-8").replace('"1"', '"2"', 1), "utf-8"),
            id="another version",
        ),
        pytest.param(
            lambda lock: lock.with_name(f"{lock.name}.journal").write_bytes(b""),
            id="left by a killed build",
        ),
    ],
)
def test_a_record_that_cannot_be_relied_on_goes_to_the_engine(built, spoil):
    before = built.snapshot("reports")
    spoil(built.path(".jieli/pytask.lock"))
    assert reproduce(built)[1] is True
    assert built.snapshot("reports") == before
