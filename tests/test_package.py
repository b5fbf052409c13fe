"""The archive: what ships and nothing else, the same bytes whoever packs it, checked by itself."""

import hashlib
import io
import zipfile

import pytest
from conftest import Project

from analysis.verification.package import __main__ as command
from analysis.verification.package.archive import archive
from analysis.verification.shipped import CHECKSUMS, shipped_files, ships

SHIPPED = {
    "README.md": "hello",
    "start.py": "print()",
    ".ci/run": "make",
    "data/raw/growth.csv": "a\n1\n",
    "data/raw/regions/湖南 2019/sheet.csv": "a\n1\n",
    "data/processed/codebook.csv": "a\n",
    "reports/results/growth.csv": "a\n1\n",
}
KEPT = {
    "notes.txt": "mine",
    ".git/HEAD": "x",
    ".venv/bin/python": "x",
    "data/raw/surveys/cfps2010adult_1.dta": "persons",
    "data/raw/regions/private/county/sheet.csv": "private",
    "data/raw/regions/.湖南/sheet.csv": "half-written",
    "data/processed/national.csv": "rebuilt",
    "reports/local/tables/mine.csv": "private",
    "analysis/__pycache__/a.pyc": "cache",
    "reports/results/~$growth.xlsx": "lock",
}


@pytest.fixture
def project(tmp_path):
    for name, content in {**SHIPPED, **KEPT}.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path / "project"


def test_what_ships_is_the_project_and_nothing_of_the_users(project):
    assert shipped_files(project) == sorted(SHIPPED)


@pytest.mark.parametrize("name", sorted(set(KEPT) - {"notes.txt", ".git/HEAD", ".venv/bin/python"}))
def test_a_private_rebuilt_or_stray_file_never_ships(name):
    assert not ships(name)


def test_the_same_files_are_the_same_bytes(project, monkeypatch):
    first = archive(project, "jieli-1")
    for path in project.rglob("*"):
        path.touch()
    (project / "start.py").chmod(0o600)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    assert archive(project, "jieli-1") == first


def test_its_checksums_are_those_of_its_files(project):
    with zipfile.ZipFile(io.BytesIO(archive(project, "jieli-1"))) as packed:
        lines = packed.read(f"jieli-1/{CHECKSUMS}").decode("utf-8").splitlines()
        stated = dict(reversed(line.split("  ", 1)) for line in lines)
        assert set(stated) == set(SHIPPED)
        for name, digest in stated.items():
            content = packed.read(f"jieli-1/{name}")
            assert content == SHIPPED[name].encode("utf-8")
            assert digest == hashlib.sha256(content).hexdigest()


def test_programs_can_be_run_when_unpacked(project):
    with zipfile.ZipFile(io.BytesIO(archive(project, "jieli-1"))) as packed:
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in packed.infolist()}
    assert modes["jieli-1/.ci/run"] == 0o755
    assert modes["jieli-1/README.md"] == 0o644


def test_nothing_is_packed_while_the_preflight_finds_an_error(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "tell", lambda checked, language: 1)
    place = tmp_path / "jieli.zip"
    assert command.main(["--out", str(place)]) == 1
    assert not place.exists()
    assert "Nothing was packed" in capsys.readouterr().err


def test_the_archive_and_its_own_checksum_are_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "tell", lambda checked, language: 0)
    place = tmp_path / "deposit" / "jieli.zip"
    assert command.main(["--out", str(place), "--lang", "zh"]) == 0
    stated = place.with_name("jieli.zip.sha256").read_text("utf-8")
    assert stated == f"{hashlib.sha256(place.read_bytes()).hexdigest()}  jieli.zip\n"
    assert "已生成" in capsys.readouterr().out
    with zipfile.ZipFile(place) as packed:
        names = {name.partition("/")[2] for name in packed.namelist()}
    assert {"README.md", "start.py", "requirements.lock", CHECKSUMS} <= names


@pytest.mark.slow
def test_an_unpacked_archive_has_nothing_to_build_and_passes_verify(small_once, tmp_path):
    with zipfile.ZipFile(io.BytesIO(archive(small_once.folder, "jieli-1"))) as packed:
        packed.extractall(tmp_path)
    unpacked = Project(tmp_path / "jieli-1")
    before = unpacked.snapshot("reports")
    assert unpacked.run("reproduce").returncode == 0
    assert unpacked.snapshot("reports") == before, "the build changed what was packed"
    outcome = unpacked.run("verify")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert "differs" not in outcome.stdout
