"""Pre-flight: each check finds the fault that is planted for it, and leaves sound files alone."""

import hashlib
import json
import sys

import pytest

from analysis.loading import load
from analysis.messages import Text
from analysis.verification.preflight import __main__ as command
from analysis.verification.preflight.checks import known_vulnerabilities
from analysis.verification.preflight.finding import Finding, Severity, SkippedError
from analysis.verification.preflight.run import CHECKS, Checked, names
from analysis.verification.preflight.tree import Tree

SIDECAR = (
    'producer = "a"\ntitle = "a"\ncitation = "a"\nlicence = "{licence}"\naccessed = "a"\n'
    'sha256 = "{digest}"\nnotes = []\n'
)
MAP = (
    "[survey]\nname = \"CFPS\"\nfiles = '^cfps(?P<wave>20\\d\\d)adult.*\\.dta$'\n"
    '[wave.2010]\nperson_id = { variable = "pid" }\n'
)
MAPS = "analysis/sources/surveys/maps/cfps.toml"
STUDY = '[study]\nid = "ours"\ndata = "cfps"\n'
PROJECT = '[project]\nname = "x"\ndependencies = ["numpy>=2"]\n'
ESTIMATES = "study,equation,sample,outcome,term,quantity,column,component,estimate\n"


@pytest.fixture
def look(tmp_path):
    """Return a function that writes files into an empty project and runs one check on it."""

    def found(check: str, files: dict[str, str | bytes]) -> list[Finding]:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content.encode("utf-8") if isinstance(content, str) else content
            path.write_bytes(data)
        return list(load(f"{CHECKS}.{check}").find(Tree(tmp_path)))

    return found


def sidecar(content: str, licence: str = "CC BY 4.0") -> str:
    return SIDECAR.format(digest=hashlib.sha256(content.encode()).hexdigest(), licence=licence)


# put together, so that these very lines are no such paths
HOME, DRIVE = "/" + "home/me", "C:" + "\\data\\"
SHARE = "\\" * 2 + "server" + "\\" + "share"

# check, files, the one file that is named (None where nothing is wrong), a word of what is said
PLANTED = [
    ("absolute_paths", {"analysis/a.py": f'open("{HOME}/x.csv")'}, "analysis/a.py", HOME),
    ("absolute_paths", {"analysis/a.py": f'open("{DRIVE}x.csv")'}, "analysis/a.py", "C:"),
    ("absolute_paths", {"README.md": f"see {SHARE}"}, "README.md", "server"),
    ("absolute_paths", {"README.md": "https://a.org/home/x, data/raw, 1/2"}, None, ""),
    ("empty_files", {"analysis/a.py": "", "analysis/b.py": "1"}, "analysis/a.py", "empty"),
    ("duplicate_files", {"data/raw/a.csv": "x", "data/raw/b.csv": "x"}, "data/raw/b.csv", "a.csv"),
    (
        "duplicate_files",
        {"reports/figures/a_en.png": "x", "reports/figures/a_zh.png": "x"},
        "reports/figures/a_zh.png",
        "a_en.png",
    ),
    ("duplicate_files", {"reports/results/a.csv": "x", "reports/results/plotted/a.csv": "x"}, None, ""),
    ("undeclared_imports", {"analysis/a.py": "import numpy, scipy"}, "analysis/a.py", "scipy"),
    ("undeclared_imports", {"analysis/a.py": "import numpy, os"}, None, ""),
    ("undeclared_imports", {"analysis/a.py": "x = 1"}, "pyproject.toml", "numpy"),
    ("undeclared_imports", {"analysis/a.py": "import numpy; ("}, "analysis/a.py", "no Python"),
    ("data_without_source", {"data/raw/a.csv": "x\n1\n"}, "data/raw/a.csv", "sidecar"),
    ("data_without_source", {"data/raw/regions/a/b.html": "x"}, "data/raw/regions/a/b.html", "sidecar"),
    ("data_without_source", {"analysis/a.dta": "x"}, "analysis/a.dta", "outside"),
    (
        "data_without_source",
        {"data/raw/a.csv": "x\n", "data/raw/a.csv.meta.toml": sidecar("x\n", licence=" ")},
        "data/raw/a.csv",
        "licence",
    ),
    (
        "data_without_source",
        {"data/raw/a.csv": "x\n", "data/raw/a.csv.meta.toml": sidecar("x\n")},
        None,
        "",
    ),
    ("personal_data", {"data/raw/a.csv": "name_en,姓名\nx,y\n"}, "data/raw/a.csv", "姓名"),
    ("personal_data", {"data/raw/a.csv": "n\n43010219800101123X\n"}, "data/raw/a.csv", "citizen"),
    ("personal_data", {"data/raw/a.csv": "n,m\n1,13800138000\n"}, "data/raw/a.csv", "row 2"),
    ("personal_data", {"reports/a.csv": "n\nme@example.org\n"}, "reports/a.csv", "e-mail"),
    ("personal_data", {"reports/a.csv": "name_en,value\nHunan,13.800138000\n"}, None, ""),
    ("personal_data", {"reports/a.csv": "sha256\nab13800138000cd\n"}, None, ""),
    (
        "unlabelled_variables",
        {"data/processed/codebook.csv": "table,variable,label_en,label_zh\na,b,words,\n"},
        "data/processed/codebook.csv",
        "a.b has no label in Chinese",
    ),
    ("large_files", {"data/raw/a.csv": b"0" * 10_000_001}, "data/raw/a.csv", "10 MB"),
    ("readme_current", {"README.md": "# README\n\n## Overview\n"}, "README.md", "References"),
    (
        "readme_current",
        {"README.md": "<!-- trust:begin -->\nold\n<!-- trust:end -->\n"},
        "README.md",
        "behind the files",
    ),
    (
        "chinese_fonts",
        {"reports/figures/a_zh.svg": "<svg>English</svg>", "reports/figures/a_en.svg": "<svg/>"},
        "reports/figures/a_zh.svg",
        "no Chinese",
    ),
    ("chinese_fonts", {"reports/figures/a_zh.svg": "<svg><!-- 年 --></svg>"}, None, ""),
    ("dead_links", {"README.md": "[a](no/such.md)"}, "README.md", "no/such.md"),
    ("dead_links", {"README.md": "# One part\n[a](#another)"}, "README.md", "#another"),
    ("dead_links", {"reports/a.html": '<a href="b.csv">'}, "reports/a.html", "b.csv"),
    (
        "dead_links",
        {"README.md": "# One part\n[a](#one-part) [b](reports/a%20b.csv) [c](https://a.org/x)",
         "reports/a b.csv": "1"},
        None,
        "",
    ),
    ("restricted_data", {MAPS: MAP, "tests/CFPS2010adult_1.dta": "x"}, "tests/CFPS2010adult_1.dta",
     "CFPS"),
    ("restricted_data", {MAPS: MAP, "reports/a.csv": "pid,wage\n1,2\n"}, "reports/a.csv", "pid"),
    (
        "restricted_data",
        {MAPS: MAP, "analysis/s.toml": STUDY, "reports/a.csv": f"{ESTIMATES}ours,,,,,,,,1\n"},
        "reports/a.csv",
        "ours",
    ),
    (
        "restricted_data",
        {MAPS: MAP, "data/raw/surveys/x.sav": "rows", "tests/data/y.bin": "rows"},
        "tests/data/y.bin",
        "copy",
    ),
    (
        "restricted_data",
        {MAPS: MAP, "analysis/s.toml": STUDY, "reports/a.csv": "study,sign\nours,+\n"},
        None,
        "",
    ),
    ("portable_names", {"reports/a:b.csv": "1"}, "reports/a:b.csv", "Windows"),
    ("portable_names", {"reports/Nul.csv": "1"}, "reports/Nul.csv", "Windows"),
    ("portable_names", {"reports/A.csv": "1", "reports/a.csv": "2"}, "reports/a.csv", "A.csv"),
    ("portable_names", {f"reports/{'a' * 170}": "1"}, f"reports/{'a' * 170}", "178 characters"),
    ("stray_files", {"reports/.DS_Store": "x"}, "reports/.DS_Store", "left behind"),
    ("stray_files", {"notes.txt": "x"}, "notes.txt", "will not ship"),
    ("manifest_current", {"reports/a.csv": "1"}, "reports/manifest.csv", "does not exist"),
    (
        "manifest_current",
        {"reports/manifest.csv": "file,sha256,bytes\na.csv,00,1\n", "reports/a.csv": "1"},
        "reports/a.csv",
        "edited",
    ),
    ("locked_libraries", {"requirements.lock": "scipy==1\n"}, "requirements.lock", "numpy"),
    ("locked_libraries", {"requirements.lock": "numpy==2 \\\n"}, "requirements.lock", "no hash"),
    (
        "locked_libraries",
        {"requirements.lock": "numpy==2 \\\n    --hash=sha256:0\n# https://a.org\n"},
        "requirements.lock",
        "line 3",
    ),
    ("exhibits_without_program", {"reports/figures/by_hand.png": "x"},
     "reports/figures/by_hand.png", "no program"),
    ("exhibits_without_program", {"reports/results/claims.csv": "x"},
     "reports/results/growth.csv", "not there"),
    (
        "unused_programs",
        {"analysis/__init__.py": "", "analysis/__main__.py": "from analysis import a",
         "analysis/a.py": 'FOUND = "analysis.found"', "analysis/found/b.py": "1",
         "analysis/found/__init__.py": "", "analysis/left.py": "1"},
        "analysis/left.py",
        "reaches",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("check", "files", "where", "word"), PLANTED)
def test_a_planted_fault_is_found_and_sound_files_are_not(look, check, files, where, word):
    found = look(check, {"pyproject.toml": PROJECT, **files})
    said = {(finding.file, finding.what.en) for finding in found}
    if where is None:
        assert not said & {(name, what) for name, what in said if name in files}
    else:
        assert any(file == where and word in what for file, what in said), said
        assert all(finding.what.zh for finding in found)


def test_every_check_has_a_planted_fault():
    assert set(names()) == {check for check, *_ in PLANTED} | {"known_vulnerabilities"}


def test_a_file_that_names_this_machine_is_found_in_any_format(look, tmp_path):
    found = look("absolute_paths", {"reports/a.png": b"\x89" + str(tmp_path).encode() + b"/x"})
    assert [finding.file for finding in found] == ["reports/a.png"]


def audit_that_says(monkeypatch, text: str) -> None:
    tool = [sys.executable, "-c", f"print({text!r})"]
    monkeypatch.setattr(known_vulnerabilities, "_tool", lambda: tool)


def test_a_known_vulnerability_is_named_with_its_mending(look, monkeypatch):
    bad = {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
    unseen = {"name": "b", "skip_reason": "not found"}
    answer = {"dependencies": [bad, unseen, {"name": "c", "version": "2", "vulns": []}]}
    audit_that_says(monkeypatch, json.dumps(answer))
    found = look("known_vulnerabilities", {"requirements.lock": "a==1\n"})
    assert [finding.what.en for finding in found] == [
        "a 1: PYSEC-1; mended in 1.1", "b could not be looked up",
    ]  # fmt: skip


def test_a_program_that_cannot_be_read_skips_the_search_for_unused_ones(look):
    with pytest.raises(SkippedError, match="no Python program"):
        look("unused_programs", {"analysis/__main__.py": "import ("})


def test_without_the_audit_or_its_answer_the_check_is_skipped(look, monkeypatch):
    skipped = {"name": "a", "skip_reason": "not found"}
    for answer in ("no network", json.dumps({"dependencies": [skipped]})):
        audit_that_says(monkeypatch, answer)
        with pytest.raises(SkippedError, match="none of the libraries"):
            look("known_vulnerabilities", {"requirements.lock": "a==1\n"})
    monkeypatch.undo()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(known_vulnerabilities, "version", _not_installed)
    with pytest.raises(SkippedError, match="not installed"):
        look("known_vulnerabilities", {"requirements.lock": "a==1\n"})


def _not_installed(name: str) -> str:
    raise known_vulnerabilities.PackageNotFoundError(name)


ABOUT = Text("a check", "某项检查")
WARNED = Checked(ABOUT, (Finding("a.csv", Text("odd", "异常"), Severity.WARNING),))
FAILED = Checked(ABOUT, (Finding("b.csv", Text("wrong", "错误内容")),))
SKIPPED = Checked(ABOUT, skipped=Text("no tool", "无工具"))


@pytest.mark.parametrize(
    ("checked", "code", "line"),
    [
        ([Checked(ABOUT)], 0, "passed: a check"),
        ([WARNED], 0, "warning: a check"),
        ([WARNED, FAILED], 1, "    b.csv: wrong"),
        ([SKIPPED], 0, "skipped: a check; no tool"),
    ],
)
def test_errors_alone_decide_the_exit_code(capsys, checked, code, line):
    assert command.tell(checked, "en") == code
    assert line in capsys.readouterr().out.splitlines()


def test_it_speaks_chinese(capsys):
    assert command.main(["--only", "empty_files", "--lang", "zh"]) == 0
    assert "通过: 零字节文件" in capsys.readouterr().out


def test_the_project_itself_passes_what_does_not_wait_for_a_build():
    waits = {"exhibits_without_program", "manifest_current", "readme_current", "chinese_fonts",
             "unlabelled_variables", "known_vulnerabilities"}  # fmt: skip
    for check in sorted(set(names()) - waits):
        found = list(load(f"{CHECKS}.{check}").find(Tree(command.ROOT)))
        assert [f for f in found if f.severity is Severity.ERROR] == [], check
