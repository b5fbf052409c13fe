"""Installation takes the locked files and no others: a file with another hash is refused."""

import hashlib
import importlib.util
import subprocess
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAME = "jieli_lock_probe"
ABOUT = f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.fixture
def start(tmp_path, monkeypatch):
    """start.py as a module, its lock and the folder that packages come from in ``tmp_path``."""
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "LOCK", str(tmp_path / "requirements.lock"))
    for name, value in {
        "PIP_FIND_LINKS": str(tmp_path),
        "PIP_NO_INDEX": "1",
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_TARGET": str(tmp_path / "installed"),
        "UV_OFFLINE": "1",
    }.items():
        monkeypatch.setenv(name, value)
    return module


def wheel(folder: Path) -> str:
    """Write a library of one line as a wheel; return its sha256."""
    path = folder / f"{NAME}-1.0-py3-none-any.whl"
    files = {f"{NAME}.py": "TRUTH = 42\n", f"{NAME}-1.0.dist-info/METADATA": ABOUT,
             f"{NAME}-1.0.dist-info/WHEEL": WHEEL}  # fmt: skip
    record = "".join(f"{name},,\n" for name in [*files, f"{NAME}-1.0.dist-info/RECORD"])
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in {**files, f"{NAME}-1.0.dist-info/RECORD": record}.items():
            packed.writestr(name, content)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def lock(folder: Path, digest: str) -> None:
    text = f"{NAME}==1.0 \\\n    --hash=sha256:{digest}\n"
    (folder / "requirements.lock").write_text(text, encoding="utf-8")


def test_the_locked_file_is_installed(start, tmp_path, monkeypatch):
    monkeypatch.setattr(start, "bring_uv", lambda: False)
    lock(tmp_path, wheel(tmp_path))
    start.install_locked()
    assert (tmp_path / "installed" / f"{NAME}.py").exists()


@pytest.mark.parametrize("tool", ["pip", "uv"])
def test_another_file_of_the_same_name_and_version_is_refused(start, tmp_path, monkeypatch, tool):
    monkeypatch.setattr(start, "bring_uv", lambda: tool == "uv")
    wheel(tmp_path)
    lock(tmp_path, "0" * 64)
    with pytest.raises(subprocess.CalledProcessError):
        start.install_locked()
    assert not (tmp_path / "installed").exists()
    assert importlib.util.find_spec(NAME) is None


def test_a_lock_without_hashes_is_refused(start, tmp_path, monkeypatch):
    monkeypatch.setattr(start, "bring_uv", lambda: False)
    wheel(tmp_path)
    (tmp_path / "requirements.lock").write_text(f"{NAME}==1.0\n", encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        start.install_locked()
