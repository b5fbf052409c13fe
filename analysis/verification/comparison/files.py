"""One committed file beside the rebuilt one, judged by its kind."""

import math
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath
from types import MappingProxyType

from analysis.messages import Text
from analysis.verification.comparison import printed, rendered, values
from analysis.verification.comparison.verdicts import Finding, Verdict

NOT_COMMITTED = Text("not committed", "未随包提供")
NOT_REBUILT = Text("not rebuilt", "未能重建")
OTHER = Text("other bytes", "字节不同")
NONE: rendered.Moved = MappingProxyType({})
UNREADABLE = Text("cannot be read as what its name says", "内容与文件类型不符，无法读取")


def compare_file(
    name: str, committed: bytes | None, rebuilt: bytes | None, moved: rendered.Moved = NONE
) -> Finding:
    """Return what came of the file ``name`` (from reports/); None stands for no file.

    ``moved`` says what came of the files that a drawing draws, where they are not the same.
    """
    if committed is None or rebuilt is None:
        place = NOT_COMMITTED if committed is None else NOT_REBUILT
        return Finding(name, Verdict.MISSING, math.inf, place)
    if committed == rebuilt:
        return Finding(name, Verdict.REPRODUCED)
    try:
        if is_drawing(name):
            return DRAWINGS[PurePosixPath(name).suffix](name, committed, rebuilt, moved)
        return _comparer(name)(name, committed, rebuilt)
    except (ValueError, LookupError, zipfile.BadZipFile, zlib.error):
        # an editor's hand can leave anything behind
        return Finding(name, Verdict.DIFFERS, math.inf, UNREADABLE)


def is_drawing(name: str) -> bool:
    """Tell whether a file draws what others hold, and is judged by them."""
    return PurePosixPath(name).suffix in DRAWINGS


def _comparer(name: str) -> Callable[[str, bytes, bytes], Finding]:
    suffix = PurePosixPath(name).suffix
    # a table's CSV is printed text: rounded, with the words of its language
    is_printed = suffix == ".csv" and "/tables/" in f"/{name}"
    return printed.compare_text if is_printed else COMPARERS.get(suffix, _other)


def _other(name: str, committed: bytes, rebuilt: bytes) -> Finding:
    return Finding(name, Verdict.DIFFERS, math.inf, OTHER)


COMPARERS: dict[str, Callable[[str, bytes, bytes], Finding]] = {
    ".csv": values.compare_values,
    ".md": printed.compare_text,
    ".tex": printed.compare_text,
    ".txt": printed.compare_text,
    ".docx": rendered.compare_archive,
    ".xlsx": rendered.compare_archive,
}
DRAWINGS: dict[str, Callable[[str, bytes, bytes, rendered.Moved], Finding]] = {
    ".html": rendered.compare_page,
    ".svg": rendered.compare_drawing,
    ".png": rendered.compare_drawing,
    ".pdf": rendered.compare_drawing,
}
