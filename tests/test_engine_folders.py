"""A folder that a task fills alone: its files are watched, what it no longer makes is removed."""

from analysis.files import write_all
from analysis.pipeline.engine import _keep_only, _placed
from analysis.pipeline.nodes import FolderNode, changed
from analysis.pipeline.task import Task


def task(folder):
    return Task("t", "local", lambda i, a: {}, (), {}, {}, folders={"files": folder})


def fill(folder, contents):
    files = dict(_placed(task(folder), {"files": contents}))
    write_all(files)
    _keep_only(files, [folder])


def test_a_later_run_leaves_nothing_of_an_earlier_one(tmp_path):
    folder = tmp_path / "paper"
    fill(folder, {"a.csv": b"1", "plotted/b.csv": b"2"})
    fill(folder, {"a.csv": b"3"})
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["a.csv"]


def test_a_folder_s_state_tells_an_edited_an_added_and_a_lost_file(tmp_path):
    node = FolderNode("paper", tmp_path / "paper")
    assert node.state() is None
    fill(node.path, {"a.csv": b"1", "plotted/b.csv": b"2"})
    before = node.state()
    assert node.state() == before
    (node.path / "a.csv").write_bytes(b"9")
    assert changed(before, node.state()) == ["a.csv"]
    (node.path / "c.csv").write_bytes(b"9")
    assert changed(before, node.state()) == ["a.csv", "c.csv"]
    fill(node.path, {"plotted/b.csv": b"2"})
    assert node.state() not in (None, before)
