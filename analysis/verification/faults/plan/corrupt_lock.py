"""The engine's lock file holds something else: noise, other JSON, a lie, or is a folder."""

import random
from collections.abc import Callable
from pathlib import Path

from analysis.messages import Text
from analysis.verification.faults.afterwards import next_run
from analysis.verification.faults.attempt import Attempt
from analysis.verification.faults.fault import About, Outcome

LOCK = ".jieli/pytask.lock"

ABOUT = About(Text("corrupt lock file", "锁文件损坏"), tries=6)


def _noise(lock: Path, chance: random.Random) -> None:
    lock.write_bytes(chance.randbytes(chance.randrange(1, 4096)))


def _other_json(lock: Path, chance: random.Random) -> None:
    lock.write_text(chance.choice(["[]", "{}", "null", '{"lock-version": 9}', '"task"']), "utf-8")


def _flipped_byte(lock: Path, chance: random.Random) -> None:
    content = bytearray(lock.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    lock.write_bytes(content)


def _folder(lock: Path, chance: random.Random) -> None:
    lock.unlink()
    lock.mkdir()


WAYS: tuple[Callable[[Path, random.Random], None], ...] = (
    _noise,
    _other_json,
    _flipped_byte,
    _folder,
)


def strike(attempt: Attempt) -> Outcome:
    """Spoil the lock file; the next build must throw it away or see through it."""
    _, changed = attempt.miniature.results
    project = attempt.outdated()
    attempt.chance.choice(WAYS)(project.folder / LOCK, attempt.chance)
    return next_run(project, changed)
