"""``surveys [list]``: files found, waves and fields ready, what is missing and why."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from analysis.messages import UserError, message
from analysis.sources.surveys import FIELDS, SurveyRead, read_survey, survey_names
from analysis.sources.surveys.reading import SURVEYS

HELP = "files found, waves and fields ready, what is missing and why / 已有文件、可用年份与字段"
MADE = ("survey", "wave", "simulated")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folder, and whether to give the reason for each missing field."""
    parser.add_argument("--folder", type=Path, default=SURVEYS, help="default data/raw/surveys")
    parser.add_argument("--why", action="store_true", help="the reason for each missing field")


def run(options: argparse.Namespace) -> int:
    """Print a section a survey; a survey without files says where to put them."""
    folder = getattr(options, "folder", SURVEYS)
    for name in survey_names(folder):
        print("\n".join(_section(name, folder, getattr(options, "why", False), options.lang)))
    return 0


def _section(name: str, folder: Path, why: bool, language: str) -> Iterator[str]:
    try:
        read = read_survey(name, folder)
    except UserError as error:
        yield f"{name}: {error}"
        return
    yield f"{name}: {message('survey_summary', language, **_size(read))}"
    for wave, rows in read.codebook.groupby("wave"):
        yield from _wave(int(str(wave)), rows, why, language)
    yield from (f"  ! {problem}" for problem in read.problems)
    yield from (f"  {note.in_language(language)}" for note in read.notes)


def _size(read: SurveyRead) -> dict[str, int]:
    return {"waves": read.frame["wave"].nunique(), "rows": len(read.frame)}


def _wave(wave: int, rows: pd.DataFrame, why: bool, language: str) -> Iterator[str]:
    reason = rows["absent_zh" if language == "zh" else "absent_en"]
    gone = rows[reason.notna()]
    made = len(FIELDS) - len(MADE)
    fields = {
        "wave": wave,
        "file": rows["file"].iloc[0],
        "ready": made - len(gone),
        "fields": made,
    }
    yield "  " + message("survey_wave_ready", language, **fields)
    if why:
        yield from (
            f"      {field}: {words}"
            for field, words in zip(gone["field"], reason[gone.index], strict=True)
        )
    elif len(gone):
        yield "    " + message("survey_fields_missing", language, names=", ".join(gone["field"]))
