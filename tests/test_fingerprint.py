"""The code fingerprint: what reaches a result changes it, nothing else does."""

import pytest

from analysis.pipeline import fingerprint
from analysis.pipeline.fingerprint import code_fingerprint, library_versions, reached_modules


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A small first-party package; its syntax is read afresh at every call."""
    files = {
        "__init__.py": '"""x"""',
        "room/__init__.py": "from analysis.room.helper import used\n__all__ = ['used']\n",
        "room/helper.py": "import statsmodels\ndef used():\n    return 1\n",
        "room/unused.py": "import seaborn\ndef other():\n    return 2\n",
        "task.py": "def run():\n    from analysis.room import used\n    return used()\n",
    }
    for name, text in files.items():
        path = tmp_path / "analysis" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(fingerprint, "_of_module", {})
    monkeypatch.setattr(fingerprint, "_leads_to", {})
    return tmp_path


def state(package):
    fingerprint.forget()
    return code_fingerprint(["analysis.task"], package)


def edit(package, name, text):
    (package / "analysis" / name).write_text(text, encoding="utf-8")


def test_a_function_level_import_is_followed_through_the_door(package):
    assert reached_modules(["analysis.task"], package) == {"analysis.task", "analysis.room.helper"}


def test_an_edited_helper_changes_it(package):
    before = state(package)
    edit(package, "room/helper.py", "import statsmodels\ndef used():\n    return -1\n")
    assert state(package) != before


def test_an_unused_neighbour_does_not(package):
    before = state(package)
    edit(package, "room/unused.py", "def other():\n    return 3\n")
    assert state(package) == before


def test_comments_docstrings_and_line_ends_do_not(package):
    before = state(package)
    text = '"""Doc."""\r\nimport statsmodels\r\ndef used():\r\n    """Doc."""\r\n    return 1  # so\r\n'
    (package / "analysis" / "room" / "helper.py").write_bytes(text.encode())
    assert state(package) == before


def test_a_door_that_begins_to_compute_counts(package):
    before = state(package)
    edit(package, "room/__init__.py", "from analysis.room.helper import used\nused = lambda: 3\n")
    assert state(package) != before


def test_libraries_are_those_that_are_reached(package):
    versions = library_versions(["analysis.task"], package)
    assert "statsmodels" in versions
    assert "seaborn" not in versions
