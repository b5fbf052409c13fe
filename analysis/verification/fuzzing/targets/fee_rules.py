"""A county's own rules and figures of the union fee (TOML)."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.fuzzing.target import About

ABOUT = About(
    Text("a county's fee rules", "县级经费规则文件"),
    ".toml",
    (b"[[rule]]", b"[county]", b"valid_from", b"1979-05-27", b"0.02", b"-1", b"1e308", b"2000"),
)


def seeds() -> list[bytes]:
    """Return the template with its figures."""
    from analysis.institutions.fee_chain.county import TEMPLATE

    return [TEMPLATE.read_bytes()]


def read(path: Path) -> None:
    """Read a county's file."""
    from analysis.institutions.fee_chain.county import read_county

    read_county(path)
