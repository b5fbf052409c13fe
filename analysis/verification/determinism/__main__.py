"""``make determinism``: build again under changed conditions, one at a time, and compare.

Writes reports/results/determinism.csv; conditions that are not asked for keep their rows.
"""

import argparse
import csv
import io
import sys
import time
from collections.abc import Sequence

from analysis.files import read_rows
from analysis.loading import modules_in
from analysis.messages import LANGUAGES, Text, UserError, users_language
from analysis.paths import REPORTS, RESULTS, relative
from analysis.verification import record
from analysis.verification.comparison import Verdict, edited_files
from analysis.verification.determinism.rebuilding import CONDITIONS, Outcome, tried
from analysis.verification.determinism.table import COLUMNS, line_of, lines_beyond, renewed

TABLE = RESULTS / "determinism.csv"
ABOUT = Text(
    "build again under changed conditions, one at a time, and compare with reports/",
    "逐一改变条件重建，并与 reports/ 比较",
)
STARTED = Text("{number} of {count}: {condition}", "第 {number} 项，共 {count} 项：{condition}")
LEFT = Text(" (about {minutes:.0f} min left)", "（约剩 {minutes:.0f} 分钟）")
WRITTEN = Text("Written: {file}", "已写入：{file}")


def names() -> list[str]:
    """Return the names of all conditions."""
    return [name.rpartition(".")[2] for name in modules_in(CONDITIONS)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the conditions; 0 when none changes a result beyond the tolerance, 1 when one does."""
    parser = argparse.ArgumentParser(prog="make determinism", description=ABOUT.en)
    parser.add_argument("--only", nargs="+", choices=names(), metavar="CONDITION",
                        help=", ".join(names()))  # fmt: skip
    parser.add_argument("--lang", choices=LANGUAGES, default=users_language(), help="en / zh")
    options = parser.parse_args(arguments)
    try:
        return _run(options.only or names(), options.lang)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _run(conditions: Sequence[str], language: str) -> int:
    if edited := edited_files(REPORTS):
        raise UserError("edited_first", file=next(iter(edited)), count=len(edited))
    started, outcomes = time.perf_counter(), []
    for number, condition in enumerate(conditions, start=1):
        spent = (time.perf_counter() - started) / 60.0
        _announce(number, len(conditions), condition, spent, language)
        outcomes.append(tried(condition))
        _tell(outcomes[-1], language)
        # written as it goes: an interrupted run keeps what it found
        _write(outcomes)
    print(WRITTEN.in_language(language).format(file=relative(TABLE)))
    return 1 if any(e.verdict > Verdict.MINOR for o in outcomes for e in o.exhibits) else 0


def _announce(number: int, count: int, condition: str, spent: float, language: str) -> None:
    line = STARTED.in_language(language).format(number=number, count=count, condition=condition)
    if number > 1:
        minutes = spent / (number - 1) * (count - number + 1)
        line += LEFT.in_language(language).format(minutes=minutes)
    print(line, flush=True)


def _tell(outcome: Outcome, language: str) -> None:
    print(f"  {line_of(outcome, language)}", flush=True)
    for line in lines_beyond(outcome, language):
        print(line, flush=True)


def _write(outcomes: Sequence[Outcome]) -> None:
    earlier = read_rows(TABLE) if TABLE.exists() else []
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(renewed(earlier, outcomes))
    record.keep(TABLE, buffer.getvalue().encode("utf-8"))


if __name__ == "__main__":
    raise SystemExit(main())
