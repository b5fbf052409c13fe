"""A study's data file (.csv, .parquet, .xlsx) as bytes."""

import io
from pathlib import Path

from analysis.messages import Text
from analysis.verification.fuzzing.target import About

ABOUT = About(
    Text(
        "data files of studies (.csv, .parquet, .xlsx)", "研究所用数据文件（.csv、.parquet、.xlsx）"
    ),
    ".bin",
    (b"PK\x03\x04", b"PAR1", b",,,,", b'"', b"\n\n"),
)


def seeds() -> list[bytes]:
    """Return one small table in each format."""
    import pandas as pd

    frame = pd.DataFrame({"wage": [1.0, 2.0], "city": ["甲", "b"], "union": [0, 1]})
    book, columns = io.BytesIO(), io.BytesIO()
    frame.to_excel(book, index=False)
    frame.to_parquet(columns)
    return [frame.to_csv(index=False).encode(), columns.getvalue(), book.getvalue()]


def read(path: Path) -> None:
    """Read a file as what its first bytes say."""
    from analysis.sources import read_data_file

    content = path.read_bytes()
    kinds = {b"PK": ".xlsx", b"PA": ".parquet"}
    place = path.with_suffix(kinds.get(content[:2], ".csv"))
    place.write_bytes(content)
    read_data_file(place)
