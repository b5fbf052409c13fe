"""``make fuzz``: hostile input to every reader; writes reports/results/fuzzing.csv."""

import argparse
import os
import sys

from analysis.paths import RESULTS
from analysis.tabular import as_bytes
from analysis.trials import renewed
from analysis.verification.fuzzing.found import keep
from analysis.verification.fuzzing.run import feed_targets, names, table
from analysis.verification.record import keep as keep_record

DESCRIPTION = "feed every reader of users' files with hostile input"
RECORD = RESULTS / "fuzzing.csv"
SEED, INPUTS = 20170101, 3000


def main(arguments: list[str] | None = None) -> int:
    """Feed the targets; 1 where something was found. A selection renews its rows of the table."""
    options = _options(arguments)
    if os.name != "posix":
        _say("make fuzz needs timers and limits of POSIX (Linux, macOS).")
        return 2
    fed = feed_targets(options.only or names(), options.inputs, options.seed, options.workers, _say)
    if options.keep:
        keep(fed)
    found = table(fed, options.seed)
    keep_record(RECORD, as_bytes(renewed(found, RECORD, "target", names())))
    _say(f"Written: {RECORD}")
    return 1 if any(one.findings for one in fed) else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fuzz", description=DESCRIPTION)
    parser.add_argument("--only", nargs="+", choices=names(), help="these only")
    parser.add_argument("--inputs", type=int, default=INPUTS, help=f"for each ({INPUTS})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the inputs ({SEED})")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="targets at a time")
    parser.add_argument("--keep", action="store_true", help="keep findings for the regression test")
    return parser.parse_args(arguments)


def _say(text: str) -> None:
    # one write a line: targets are fed from threads
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
