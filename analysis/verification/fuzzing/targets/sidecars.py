"""Sidecars of raw files (TOML)."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.fuzzing.target import About

ABOUT = About(
    Text("sidecars", "来源说明文件"), ".csv.meta.toml", (b"sha256", b"notes = [", b"[notes]")
)

SIDECAR = """
producer = "国家统计局"
title = "t"
citation = "c"
licence = "l"
accessed = "2026-11-23"
sha256 = "ab"
notes = ["one", "two"]
"""


def seeds() -> list[bytes]:
    """Return a whole sidecar."""
    return [SIDECAR.encode()]


def read(path: Path) -> None:
    """Read the sidecar of a file beside it."""
    from analysis.sources.provenance import read_sidecar

    read_sidecar(path.with_name(path.name.removesuffix(".meta.toml")))
