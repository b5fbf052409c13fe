"""A region's file of any kind as bytes: workbook, old workbook, Parquet."""

import io
from pathlib import Path

from analysis.messages import Text
from analysis.verification.fuzzing.target import About

ABOUT = About(
    Text(
        "region files as bytes (.xlsx, .xls, .parquet)", "地区文件的字节（.xlsx、.xls、.parquet）"
    ),
    ".xlsx",
    (
        b"PK\x03\x04",
        b"PK\x01\x02",
        b"PAR1",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\xff\xff\xff\xff",
    ),
)
# an old workbook cannot be written by the libraries here; a few of its first bytes are a start
OLD = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    + b"\0" * 16
    + b"\x3e\x00\x03\x00\xfe\xff\x09\x00"
    + b"\0" * 480
)


def seeds() -> list[bytes]:
    """Return a small workbook and a small Parquet file, and the head of an old workbook."""
    import pandas as pd

    frame = pd.DataFrame(
        {"地区": ["北京", "上海"], "年份": [2018, 2019], "劳动争议案件受理数（件）": [1200, 3400]}
    )
    book, columns = io.BytesIO(), io.BytesIO()
    frame.to_excel(book, index=False)
    frame.to_parquet(columns)
    return [book.getvalue(), columns.getvalue(), OLD]


def read(path: Path) -> None:
    """Understand a file whatever it is."""
    from analysis.sources.regions import Answers, understand

    understand(path, Answers())
