"""``regions template``: a sheet to fill in, as CSV on the screen or as a file."""

import argparse
import sys
from pathlib import Path

from analysis.files import write_all
from analysis.messages import Text, UserError
from analysis.paths import relative

HELP = "a sheet to fill in (.csv or .xlsx) / 空白模板"
WRITTEN = Text("Written: {file}", "已写入：{file}")
EXISTS = Text("the name of a file that is not there yet", "尚不存在的文件名")
KINDS = Text("a name that ends in .csv or .xlsx", "以 .csv 或 .xlsx 结尾的文件名")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add where to write it."""
    parser.add_argument("--out", type=Path, help="FILE.csv or FILE.xlsx; else printed as CSV")


def run(options: argparse.Namespace) -> int:
    """Print the template, or write it to a file that is not there yet."""
    from analysis.sources.regions import template, template_workbook

    if options.out is None:
        sys.stdout.buffer.write(template(options.lang))
        return 0
    if options.out.exists():
        raise UserError("option", option="--out", value=options.out, expected=EXISTS)
    kinds = {
        ".csv": lambda: template(options.lang),
        ".xlsx": lambda: template_workbook(options.lang),
    }
    if options.out.suffix.lower() not in kinds:
        raise UserError("option", option="--out", value=options.out, expected=KINDS)
    write_all({options.out.absolute(): kinds[options.out.suffix.lower()]()})
    print(WRITTEN.in_language(options.lang).format(file=relative(options.out)))
    return 0
