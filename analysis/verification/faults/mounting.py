"""Small and read-only file systems of their own, where the system lets this user mount them."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path


@cache
def can_mount() -> bool:
    """Say whether a file system can be mounted here: tried once, for it cannot be asked."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory(prefix="jieli-mount-") as folder:
        if _mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", folder):
            return False
        _unmount(Path(folder))
        return True


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """Make ``folder`` a disk of ``size`` bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    _must_mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    try:
        yield
    finally:
        _unmount(folder)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Make ``folder`` and what is in it read-only: a mount for root, permissions for others."""
    if can_mount():
        with _mounted_read_only(folder):
            yield
        return
    places = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    _permit(places, 0o555)
    try:
        yield
    finally:
        _permit(places, 0o755)


@contextmanager
def _mounted_read_only(folder: Path) -> Iterator[None]:
    _must_mount("--bind", str(folder), str(folder))
    try:
        _must_mount("-o", "remount,ro,bind", str(folder))
        yield
    finally:
        _unmount(folder)


def _permit(folders: list[Path], mode: int) -> None:
    for folder in folders:
        folder.chmod(mode)


def _must_mount(*arguments: str) -> None:
    if _mount(*arguments):
        raise OSError(f"cannot mount: {' '.join(arguments)}")


def _mount(*arguments: str) -> int:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", str(folder)], capture_output=True, check=False)
