"""What the two formats of survey files share: a good small file, and reading one."""

import re
import tempfile
from pathlib import Path
from typing import Any

WRITTEN = re.compile(rb"\d\d [A-Z][a-z]{2} \d\d(?:\d\d )?\d\d:\d\d(?::\d\d)?")


def good_file(writer: str, suffix: str, **options: Any) -> bytes:
    """Return a small file with Chinese labels, made by a writer of pyreadstat."""
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({"id": [1.0, 2.0, 3.0], "u": [1, 2, -8], "name": ["甲", "b", ""]})
    labels = {"id": "编号", "u": "您是不是工会会员", "name": "姓名"}
    values = {"u": {1: "是", 2: "不是", -8: "不适用"}}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / f"good{suffix}"
        getattr(pyreadstat, writer)(
            frame, str(place), column_labels=labels, variable_value_labels=values, **options
        )
        return WRITTEN.sub(_undated, place.read_bytes(), count=1)


def _undated(found: re.Match[bytes]) -> bytes:
    """Return as many characters: seeds must not depend on the day."""
    return b"01 Jan 00" + b"0" * (len(found[0]) - 9)


def read_survey_file(path: Path) -> None:
    """Read what the file says of itself, then every column."""
    from analysis.sources.surveys.raw_file import open_raw, read_columns

    raw = open_raw(path)
    read_columns(raw, list(raw.actual))
