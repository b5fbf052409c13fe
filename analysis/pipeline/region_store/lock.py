"""One command at a time: a lock that the system gives back when its holder is killed."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.messages import UserError
from analysis.paths import STATE, relative

LOCK = STATE / "regions.lock"
_held: set[Path] = set()


@contextmanager
def alone(path: Path = LOCK) -> Iterator[bool]:
    """Hold the lock inside the block; False is handed over while another process has it.

    A block inside a block that holds it has it too.

    Raises
    ------
    UserError
        If its file cannot be written.
    """
    if path in _held:
        yield True
        return
    handle = _opened(path)
    try:
        if free := _locked(handle):
            _held.add(path)
        yield free
    finally:
        _held.discard(path)
        # closing gives the lock back
        os.close(handle)


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise UserError("cannot_write", file=relative(path), error=error.strerror) from error


def _locked(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
