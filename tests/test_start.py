"""The door for machines without make: standard library only, whatever the folder or console."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def start():
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_start(folder, *arguments, **environment):
    return subprocess.run(
        [sys.executable, str(folder / "start.py"), *arguments],
        capture_output=True,
        cwd=folder.parent,
        env={**os.environ, **environment},
        timeout=900,
    )


@pytest.mark.parametrize("encoding", ["cp936", "ascii", "utf-8"])
def test_without_arguments_it_lists_the_verbs_on_any_console(encoding):
    outcome = run_start(ROOT, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert outcome.returncode == 0
    for verb in ("reproduce", "figures", "tables", "claims", "status", "test", "lint", "clean"):
        assert verb.encode() in outcome.stdout


def test_make_alone_lists_the_same_verbs():
    if not shutil.which("make"):
        pytest.skip("no make on this machine")
    # as typed by a person, not called from the make that runs the tests
    plain = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, check=True, env=plain).stdout
    assert listed.strip() == run_start(ROOT).stdout.strip()


def test_the_makefile_offers_every_verb_of_start(start):
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = text.partition("VERBS := ")[2].partition("\n")[0].split()
    assert [verb for verb, _, _ in start.VERBS] == targets


def test_it_uses_the_standard_library_only():
    """Isolated from the environment and from site-packages it still answers."""
    command = [sys.executable, "-I", "-S", "start.py"]
    outcome = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert b"reproduce" in outcome.stdout


def test_pip_settings_become_options_of_uv(start):
    options = start.uv_options(
        {
            "index-url": "https://mirror.example/simple",
            "extra-index-url": "https://second.example/simple file:///no/such/folder",
            "trusted-host": "mirror.example",
            "no-index": "false",
        }
    )
    pairs = list(zip(options[::2], options[1::2], strict=False))
    assert ("--default-index", "https://mirror.example/simple") in pairs
    assert ("--index", "https://second.example/simple") in pairs
    assert ("--allow-insecure-host", "mirror.example") in pairs
    assert not any("no/such/folder" in option for option in options)
    assert "--no-index" not in options


def test_pips_certificate_proxy_and_patience_are_uvs_too(start):
    settings = {"cert": "corp.pem", "proxy": "http://proxy.example:8080", "timeout": "90"}
    variables = start.uv_environment(settings)
    assert variables["SSL_CERT_FILE"] == "corp.pem"
    assert variables["ALL_PROXY"] == "http://proxy.example:8080"
    assert variables["UV_HTTP_TIMEOUT"] == "90"
    assert "ALL_PROXY" not in start.uv_environment({})


def test_the_lock_has_hashes_and_no_address():
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if "==" in line and not line.startswith((" ", "#"))]
    assert pinned
    assert all(line.rstrip().endswith("\\") for line in pinned), "a pin without hashes"
    assert not any("://" in line or "index" in line.lower() for line in lines)


def test_one_package_of_the_lock_can_be_taken_alone(start):
    entry = start.locked_entry("uv")
    assert entry.startswith("uv==")
    assert "--hash=sha256:" in entry
    assert entry.count("==") == 1


def test_clean_removes_what_is_rebuilt_and_keeps_the_rest(fresh):
    fresh.path(".jieli").mkdir()
    fresh.path("data/processed/national_disputes.csv").write_text("x", encoding="utf-8")
    assert run_start(fresh.folder, "clean").returncode == 0
    assert not fresh.path(".jieli").exists()
    assert not fresh.path("data/processed/national_disputes.csv").exists()
    assert fresh.path("data/processed/codebook.csv").exists()
    assert fresh.path("data/raw/national_disputes.csv").exists()


@pytest.mark.slow
def test_a_fresh_machine_reproduces_from_a_folder_with_a_chinese_name(tmp_path):
    folder = tmp_path / "工会 数据"
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, tracked.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    shutil.rmtree(folder / "reports", ignore_errors=True)
    outcome = run_start(folder, "reproduce", PYTHONIOENCODING="cp936", PYTHONUTF8="0")
    assert outcome.returncode == 0, outcome.stderr.decode(errors="replace")
    assert (folder / "reports" / "results" / "claims.csv").exists()
    assert (folder / "reports" / "figures" / "growth_zh.png").exists()
