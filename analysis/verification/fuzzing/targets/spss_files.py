"""Survey files in SPSS's format."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.fuzzing.survey_files import good_file, read_survey_file
from analysis.verification.fuzzing.target import About

ABOUT = About(
    Text("survey files (.sav)", "调查数据（.sav）"),
    ".sav",
    (b"$FL2", b"$FL3"),
    # each file is looked at in a process of its own
    cost=10,
)


def seeds() -> list[bytes]:
    """Return one small file, plain and compressed."""
    return [good_file("write_sav", ABOUT.suffix, row_compress=packed) for packed in (False, True)]


def read(path: Path) -> None:
    """Read labels and columns of a file."""
    read_survey_file(path)
