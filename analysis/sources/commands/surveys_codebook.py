"""``surveys codebook NAME``: each field of each wave: definition, codes, evidence, N, missing."""

import argparse
import sys
from pathlib import Path

from analysis.files import write_all
from analysis.messages import message
from analysis.paths import relative
from analysis.sources.surveys import read_survey
from analysis.sources.surveys.reading import SURVEYS
from analysis.tabular import as_bytes, as_csv

HELP = "definition, variable, codes, evidence, N and missing of each field / 编码簿"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the survey, its folder, and where to write the table."""
    parser.add_argument("name", help="cfps, cgss, or a folder of data/raw/surveys")
    parser.add_argument("--folder", type=Path, default=SURVEYS, help="default data/raw/surveys")
    parser.add_argument("--out", type=Path, help="CSV file; printed where not given")


def run(options: argparse.Namespace) -> int:
    """Print the codebook as CSV, or write it; files that could not be used are named."""
    read = read_survey(options.name, options.folder)
    for problem in read.problems:
        print(problem, file=sys.stderr)
    if options.out is None:
        print(as_csv(read.codebook), end="")
        return 0
    write_all({options.out: as_bytes(read.codebook)})
    print(message("survey_codebook_written", options.lang, file=relative(options.out)))
    return 0
