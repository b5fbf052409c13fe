"""A region is in by one rename or it is not; names are right on every system; one at a time."""

import multiprocessing
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.messages import Text, UserError
from analysis.pipeline.region_store import (
    Region,
    alone,
    checked_name,
    clear_leftovers,
    free_name,
    proposed_name,
    region,
    stage,
    staged_regions,
    staging,
    withdraw,
)
from analysis.pipeline.region_store.naming import LONGEST, RESERVED
from analysis.pipeline.region_store.sidecar import Description, described, now, sidecar_of

CONTENTS = {"a.csv": b"1\n", "a.csv.meta.toml": b"x = 1\n"}


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    """A store of one's own; returns its folder."""
    for module in (region, staging):
        monkeypatch.setattr(module, "STAGED", tmp_path / "regions")
        monkeypatch.setattr(module, "PRIVATE", tmp_path / "regions" / "private")
    return tmp_path / "regions"


def names():
    return [one.name for one in staged_regions()]


# --- in and out -------------------------------------------------------------------------------


@pytest.mark.parametrize("private", [False, True])
def test_a_region_is_in_with_its_files_untouched_and_out_without_a_trace(store, private):
    one = Region("江苏", private)
    stage(one, CONTENTS)
    assert staged_regions() == [one]
    assert {path.name: path.read_bytes() for path in one.files} == CONTENTS
    assert one.file.name == "a.csv"
    withdraw(one)
    assert not store.exists()


def test_public_and_private_regions_do_not_hide_each_other(store):
    for private in (True, False):
        stage(Region(f"r{private}", private), CONTENTS)
    assert names() == ["rFalse", "rTrue"]


def test_what_cannot_be_proven_stays_out(store):
    def refuse(folder):
        assert (folder / "a.csv").exists()
        raise UserError("region_reread", file="a.csv")

    with pytest.raises(UserError, match="changed while"):
        stage(Region("x", False), CONTENTS, refuse)
    assert not store.exists()


def test_a_region_that_is_there_is_not_overwritten(store):
    stage(Region("x", False), CONTENTS)
    with pytest.raises(UserError, match="cannot write"):
        stage(Region("x", False), {"b.csv": b""})
    assert {path.name for path in Region("x", False).files} == set(CONTENTS)
    assert len(list(store.iterdir())) == 1


@pytest.mark.parametrize("ending", [staging.ADDING, staging.REMOVING])
def test_what_a_killed_command_left_is_no_region_and_is_cleared_with_a_word(store, ending):
    stage(Region("kept", False), CONTENTS)
    (store / f".half{ending}").mkdir()
    assert names() == ["kept"]
    (said,) = clear_leftovers()
    assert "half" in said.en and "half" in said.zh
    assert clear_leftovers() == []
    assert [path.name for path in store.iterdir()] == ["kept"]


def test_a_folder_without_a_sidecar_is_refused_by_name(store):
    (store / "x").mkdir(parents=True)
    with pytest.raises(UserError, match="0 sidecars"):
        _ = Region("x", False).file


# --- one at a time ----------------------------------------------------------------------------


def _try(path, queue):
    with alone(path) as free:
        queue.put(free)


def _hold_and_die(path):
    with alone(path):
        os.kill(os.getpid(), 9)


def elsewhere(function, *arguments):
    process = multiprocessing.get_context("fork").Process(target=function, args=arguments)
    process.start()
    process.join()


@pytest.mark.skipif(os.name == "nt", reason="forks a process")
def test_the_lock_keeps_other_processes_out_and_dies_with_its_holder(tmp_path):
    lock, queue = tmp_path / "state" / "lock", multiprocessing.get_context("fork").Queue()
    with alone(lock) as free, alone(lock) as again:
        assert free and again
    elsewhere(_hold_and_die, lock)
    elsewhere(_try, lock, queue)
    assert queue.get(timeout=5) is True
    handle = os.open(lock, os.O_RDWR)
    import fcntl

    fcntl.flock(handle, fcntl.LOCK_EX)
    elsewhere(_try, lock, queue)
    assert queue.get(timeout=5) is False
    os.close(handle)


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("stem", "place", "name"), [
    ("分省年度数据", "", "分省年度数据"),
    ("wages 2019", "江苏", "江苏-wages-2019"),
    ("江苏 工会", "江苏", "江苏-工会"),
    ("", "江苏", "江苏"),
    ("..", "", "region"),
    ("CON", "", "region-CON"),
    ("private", "", "region-private"),
    ("../../etc/passwd", "", "etc-passwd"),
])  # fmt: skip
def test_a_name_is_made_from_place_and_file(stem, place, name):
    assert proposed_name(stem, place) == name


@settings(deadline=None)
@given(st.text(), st.text())
def test_every_name_made_is_one_that_may_be_chosen(stem, place):
    name = proposed_name(stem, place)
    assert name and len(name) <= LONGEST + len("region-")
    assert not set(name) & set('/\\:*?"<>|. \0\n')
    assert not name.startswith(".") and name.lower() not in RESERVED


@pytest.mark.parametrize("name", ["a/b", "..", "", ".x", "private", "NUL", "a b", "x" * 61])
def test_a_name_that_is_none_is_refused_with_one_that_is(name):
    with pytest.raises(UserError, match="no name for a region"):
        checked_name(name)


def test_a_taken_name_gets_a_number_whatever_its_case():
    assert free_name("a", []) == "a"
    assert free_name("a", ["A", "a-2"]) == "a-3"


# --- sidecars ---------------------------------------------------------------------------------


def test_a_sidecar_says_again_what_it_was_told(tmp_path):
    told = Description(
        producer='某年鉴 "表1"\n=1+1', title="t", licence="CC BY 4.0", added=now(),
        status="verified", supersedes="older", found={"codes": ["320000"], "figures": 3},
        reading={"symbols": {"…": "below_unit"}, "data_year": 2018},
        warnings=[Text("a <b>", "甲")],
    )  # fmt: skip
    file = tmp_path / "a.csv"
    file.write_bytes(b"x")
    file.with_name("a.csv.meta.toml").write_bytes(sidecar_of(told, b"x"))
    again = described(file)
    assert again == Description(**{**vars(told), "warnings": (Text("a <b>", "甲"),)})


@pytest.mark.parametrize(("old", "new", "words"), [
    ('status = "unverified"', 'status = "sure"', "sure"),
    ("warnings = []", "warnings = [1]", "warnings"),
    ('added = "', 'added = [', "meta.toml"),
])  # fmt: skip
def test_a_sidecar_edited_amiss_is_refused_by_key(tmp_path, old, new, words):
    file = tmp_path / "a.csv"
    file.write_bytes(b"x")
    text = sidecar_of(Description("p", "t", "l", now()), b"x").decode()
    assert old in text
    file.with_name("a.csv.meta.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(UserError, match=words):
        described(file)


def test_a_file_that_was_edited_is_not_the_one_described(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(b"y")
    text = sidecar_of(Description("p", "t", "l", now()), b"x")
    file.with_name("a.csv.meta.toml").write_bytes(text)
    with pytest.raises(UserError, match="seal"):
        described(file)
