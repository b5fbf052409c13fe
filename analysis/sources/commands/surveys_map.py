"""``surveys map FILE``: propose a map for a survey the package does not know, from its labels."""

import argparse
import re
from pathlib import Path

from analysis.files import write_all
from analysis.messages import UserError, message
from analysis.paths import relative
from analysis.sources.surveys.proposal import propose_map
from analysis.sources.surveys.raw_file import READERS, open_raw

HELP = "propose a map.toml from a file's own labels / 由文件标签生成映射草案"
YEAR = re.compile(r"(?:19|20)\d\d")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the file, the survey's name, the wave, and where to write the proposal."""
    parser.add_argument("file", type=Path, help=".dta, .sav or .sas7bdat")
    parser.add_argument("--name", help="the survey's name; the folder's where not given")
    parser.add_argument("--wave", type=int, help="survey year; taken from the file's name")
    parser.add_argument("--out", type=Path, help="write there instead of printing")


def run(options: argparse.Namespace) -> int:
    """Print the proposal, or write it to a file that does not exist yet."""
    path = options.file
    if not path.is_file():
        raise UserError("missing_file", file=relative(path))
    if path.suffix.lower() not in READERS:
        raise UserError("survey_kind", file=relative(path), known=", ".join(READERS))
    proposal = propose_map(
        open_raw(path), options.name or path.resolve().parent.name, _wave(options)
    )
    if options.out is None:
        print(proposal, end="")
        return 0
    if options.out.exists():
        raise UserError("survey_map_exists", file=relative(options.out))
    write_all({options.out: proposal.encode("utf-8")})
    print(message("survey_map_written", options.lang, file=relative(options.out)))
    return 0


def _wave(options: argparse.Namespace) -> int:
    if options.wave is not None:
        return options.wave
    year = YEAR.search(options.file.name)
    if not year:
        raise UserError("survey_map_wave", file=relative(options.file))
    return int(year[0])
