"""``make bench``: time this package beside its peers and write reports/results/performance.csv."""

import argparse
import io
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# one thread on both sides: set before anything numeric is imported
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")

DESCRIPTION = "time this package beside its peers, in one run on one machine"
INTERRUPTED = 130


def main() -> int:
    """Run the comparisons and write; a selection renews its rows, few rows of it write nothing."""
    from analysis.performance.run import names, table

    parser = argparse.ArgumentParser(prog="make bench", description=DESCRIPTION)
    parser.add_argument("--quick", action="store_true", help="fewer rows, a few minutes")
    parser.add_argument("--runs", type=int, default=3, help="runs of each side (3)")
    parser.add_argument("--only", nargs="+", choices=names(), help="renew the rows of these")
    options = parser.parse_args()
    wanted = options.only or names()
    try:
        found = table(wanted, options.quick, options.runs, lambda text: print(text, flush=True))
    except KeyboardInterrupt:
        print("Stopped; nothing written.")
        return INTERRUPTED
    if not (options.only and options.quick):
        _write(found)
    return 0 if (found["failure"] == "").all() and not (found["agrees"] == "false").any() else 1


def _write(found: "pd.DataFrame") -> None:
    import pandas as pd

    from analysis.files import write_all
    from analysis.paths import RESULTS
    from analysis.performance.exhibits import exhibits_of
    from analysis.performance.run import names
    from analysis.tabular import as_bytes
    from analysis.trials import renewed

    path = RESULTS / "performance.csv"
    content = as_bytes(renewed(found, path, "comparison", names()))
    write_all({path: content, **exhibits_of(pd.read_csv(io.BytesIO(content)))})
    print(f"Written: {path}")


if __name__ == "__main__":
    raise SystemExit(main())
