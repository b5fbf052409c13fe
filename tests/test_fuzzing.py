"""Hostile input: what was found once stays mended, and the feeder finds what it should."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.loading import load
from analysis.messages import Text, UserError
from analysis.verification.fuzzing import child
from analysis.verification.fuzzing import feeder as feeding
from analysis.verification.fuzzing.found import kept
from analysis.verification.fuzzing.inputs import near
from analysis.verification.fuzzing.run import COLUMNS, TARGETS, Fed, feed, names, table
from analysis.verification.fuzzing.target import About, Finding

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs timers of POSIX")
FAST = [name for name in names() if load(f"{TARGETS}.{name}").ABOUT.cost == 1]
BYTES = About(Text("bytes", "字节"), ".bin")


def target(read, seeds=(b"good",)) -> SimpleNamespace:
    return SimpleNamespace(ABOUT=BYTES, seeds=lambda: list(seeds), read=read)


def fed(read, folder: Path, inputs: int = 60) -> feeding.Feeder:
    feeder = feeding.Feeder(target(read), folder)
    child.feed(feeder, inputs, 3)
    return feeder


# --- targets ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", names())
def test_a_targets_first_seed_is_a_good_input(name, tmp_path):
    """Were it refused, whatever lies behind the refusal would be left untried."""
    feeding.warm_up(feeding.Feeder(load(f"{TARGETS}.{name}"), tmp_path))


@pytest.mark.parametrize("name", names())
def test_what_was_found_once_is_refused_in_one_sentence(name, tmp_path):
    feeder = feeding.Feeder(load(f"{TARGETS}.{name}"), tmp_path)
    for content in kept(name):
        feeder.read(content)
    assert feeder.findings == []


@pytest.mark.slow
@pytest.mark.parametrize("name", FAST)
def test_a_few_hundred_hostile_inputs_are_refused(name):
    outcome = feed(name, "hypothesis", 200, 11)
    assert outcome.inputs >= 200
    assert outcome.findings == ()


# --- the feeder -------------------------------------------------------------------------------


def test_a_traceback_is_a_finding_with_its_smallest_input(tmp_path):
    def read(path):
        if path.read_bytes() != b"good":
            raise KeyError("lost")

    feeder = fed(read, tmp_path)
    assert [finding.kind for finding in feeder.findings] == ["traceback"]
    assert "KeyError" in feeder.findings[0].place
    assert feeder.inputs == 60


def test_a_refusal_is_no_finding(tmp_path):
    def read(path):
        raise UserError("empty_file", file="x")

    assert fed(read, tmp_path).findings == []


def test_a_hang_is_a_finding(tmp_path, monkeypatch):
    monkeypatch.setattr(feeding, "LONGEST_SECONDS", 1)

    def read(path):
        while True:
            pass

    feeder = feeding.Feeder(target(read), tmp_path)
    feeder.read(b"x")
    assert [finding.kind for finding in feeder.findings] == ["hang"]


def test_lack_of_memory_is_a_finding(tmp_path):
    def read(path):
        raise MemoryError

    assert [finding.kind for finding in fed(read, tmp_path, 5).findings] == ["memory"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_inputs_are_near_to_seeds_and_bounded(data):
    seed = b'id = "x"\n[columns]\ny = [1, 2]\n'
    content = data.draw(near([seed], [b"word"]))
    assert isinstance(content, bytes)
    assert len(content) < 400_000


def test_most_inputs_differ_from_their_seeds(tmp_path):
    seen = []
    fed(lambda path: seen.append(path.read_bytes()), tmp_path, 200)
    assert len(set(seen)) > 100


def test_the_table_counts_what_is_left_open():
    crash = Finding("crash", "exit code -11", b"x")
    about = About(Text("files", "文件"), ".x")
    found = table(
        [
            Fed("files", "hypothesis", about, 10, (crash,)),
            Fed("spss_files", "atheris", about, 5, ()),
        ],
        1,
    )
    assert list(found.columns) == COLUMNS
    assert found["left_open"].tolist() == [1, 0]
    assert found["findings"].tolist() == [1, len(kept("spss_files"))]
