"""Tables of data/raw: CSV against its schema."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.fuzzing.target import About

ABOUT = About(
    Text("raw tables (CSV)", "原始数据表（CSV）"),
    ".csv",
    (
        b"year,variable,value,status,source",
        b"cases_accepted",
        b"unverified",
        b"1996",
        b"-1",
        b"1e9",
    ),
)


def seeds() -> list[bytes]:
    """Return a few rows of the yearly table of disputes."""
    rows = ["year,variable,value,status,source", "1996,cases_accepted,48121,unverified,",
            '1997,cases_accepted,71524,verified,"China, Yearbook"']  # fmt: skip
    text = "\n".join(rows) + "\n"
    return [
        text.encode(),
        text.encode("utf-8-sig"),
        text.replace("China", "中国").encode("gb18030"),
    ]


def read(path: Path) -> None:
    """Read a table as the raw file of disputes is read."""
    from analysis.sources.reading import read_table
    from analysis.sources.tables.national_disputes import SCHEMA

    read_table(path, SCHEMA)
