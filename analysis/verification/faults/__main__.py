"""``make faults``: try every fault of the plan and write reports/results/faults.csv."""

import argparse
import os
import sys

from analysis.paths import RESULTS
from analysis.tabular import as_bytes
from analysis.trials import renewed
from analysis.verification.faults.run import Way, names, table, try_faults
from analysis.verification.record import keep as keep_record

DESCRIPTION = "kill builds, fill disks, spoil caches: does the next run end with right results?"
RECORD = RESULTS / "faults.csv"
SEED = 20170101


def main(arguments: list[str] | None = None) -> int:
    """Try the faults; 1 where one was not survived. A selection renews its rows of the table."""
    options = _options(arguments)
    wanted = options.only or names()
    tried = try_faults(wanted, Way(options.seed, options.workers, options.most, _say))
    found = table(tried, options.seed)
    for row in found.itertuples():
        _say(f"{row.what_en}: {row.survived} of {row.tries} survived. {row.how_en}")
    if options.most is None:
        keep_record(RECORD, as_bytes(renewed(found, RECORD, "fault", names())))
        _say(f"Written: {RECORD}")
    return 0 if (found["survived"] == found["tries"]).all() else 1


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=DESCRIPTION)
    parser.add_argument("--only", nargs="+", choices=names(), help="these only")
    parser.add_argument("--most", type=int, help="at most so many tries each; writes nothing")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the moments ({SEED})")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="attempts at a time")
    return parser.parse_args(arguments)


def _say(text: str) -> None:
    # one write a line: attempts run in threads
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
