"""Survey files in Stata's format."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.fuzzing.survey_files import good_file, read_survey_file
from analysis.verification.fuzzing.target import About

ABOUT = About(Text("survey files (.dta)", "调查数据（.dta）"), ".dta", (b"</stata_dta>", b"<data>"))


def seeds() -> list[bytes]:
    """Return one small file in three versions of the format."""
    return [good_file("write_dta", ABOUT.suffix, version=version) for version in (10, 14, 15)]


def read(path: Path) -> None:
    """Read labels and columns of a file."""
    read_survey_file(path)
