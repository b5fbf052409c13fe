"""``surveys twin NAME``: write a simulated survey in the raw format of the real one."""

import argparse
from pathlib import Path

from analysis.messages import UserError, message
from analysis.paths import relative
from analysis.sources.surveys.reading import SURVEYS
from analysis.sources.surveys.survey_map import map_names

HELP = "write simulated files in a survey's raw format / 按原始格式写出模拟数据"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the survey, its waves, size, seed, format, and the folder."""
    parser.add_argument("name", choices=map_names())
    parser.add_argument("--waves", type=int, nargs="+", help="all where not given")
    parser.add_argument("--size", type=int, help="persons a wave")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--kind", choices=(".dta", ".sav"), default=".dta")
    parser.add_argument("--encoding", choices=("utf-8", "gb18030"), default="utf-8")
    parser.add_argument("--folder", type=Path, help="default data/raw/surveys/NAME")


def run(options: argparse.Namespace) -> int:
    """Write the files; a folder that holds data files already is left alone."""
    from analysis.sources.twins import write_raw

    folder = options.folder or SURVEYS / options.name
    if any(folder.rglob(f"*{options.kind}")):
        raise UserError("survey_twin_folder", folder=relative(folder))
    write_raw(
        options.name,
        folder,
        waves=options.waves,
        seed=options.seed,
        size=options.size,
        kind=options.kind,
        encoding=options.encoding,
    )
    print(message("survey_twin_written", options.lang, folder=relative(folder)))
    return 0
