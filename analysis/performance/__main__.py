"""``make bench``: time this package beside its peers and write reports/results/performance.csv."""

import argparse
import os

# one thread on both sides: set before anything numeric is imported
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")

DESCRIPTION = "time this package beside its peers, in one run on one machine"


def main() -> int:
    """Run the comparisons; with a selection nothing is written."""
    from analysis.files import write_all
    from analysis.paths import RESULTS
    from analysis.performance.run import names, table
    from analysis.tabular import as_bytes

    parser = argparse.ArgumentParser(prog="make bench", description=DESCRIPTION)
    parser.add_argument("--quick", action="store_true", help="fewer rows, a few minutes")
    parser.add_argument("--runs", type=int, default=3, help="runs of each side (3)")
    parser.add_argument("--only", nargs="+", choices=names(), help="these only; writes nothing")
    options = parser.parse_args()
    found = table(
        options.only or names(), options.quick, options.runs, lambda text: print(text, flush=True)
    )
    if not options.only:
        path = RESULTS / "performance.csv"
        write_all({path: as_bytes(found)})
        print(f"Written: {path}")
    return 0 if (found["failure"] == "").all() and not (found["agrees"] == "false").any() else 1


if __name__ == "__main__":
    raise SystemExit(main())
