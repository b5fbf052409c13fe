"""Inputs that were findings once: kept beside the code, read again by every run and a test."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.files import write_all

if TYPE_CHECKING:
    from analysis.verification.fuzzing.run import Fed

SUFFIX = ".input"
FOLDER = Path(__file__).with_name("found")


def kept(target: str) -> list[bytes]:
    """Return the inputs that were findings of a target."""
    return [path.read_bytes() for path in sorted((FOLDER / target).glob(f"*{SUFFIX}"))]


def keep(fed: Iterable["Fed"]) -> None:
    """Keep the findings of a run."""
    write_all(
        {
            FOLDER / one.target / f"{_named(finding.content)}{SUFFIX}": finding.content
            for one in fed
            for finding in one.findings
        }
    )


def _named(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
