"""``make judge``: judge the estimators on simulated panels; writes reports/simulated/results."""

import argparse
import os
from datetime import date

# set before anything numeric is imported: workers are parallel, not threads
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

DESCRIPTION = "judge the estimators on simulated panels whose truth is known"
REPLICATIONS, SEED = 200, 20181201


def main(arguments: list[str] | None = None) -> int:
    """Run what is missing of the study and write its table."""
    from analysis.effects.workers import CLUSTER, WORKERS
    from analysis.files import write_all
    from analysis.judging.run import judge, summary
    from analysis.messages import UserError, message
    from analysis.paths import relative
    from analysis.pipeline.committed import JUDGED, judging_fingerprint
    from analysis.tabular import as_bytes

    parser = argparse.ArgumentParser(prog="make judge", description=DESCRIPTION)
    parser.add_argument("--replications", type=int, default=REPLICATIONS, help="a cell (200)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=int, help="processes on this machine")
    parser.add_argument("--cluster", help="address of a Dask scheduler")
    options = parser.parse_args(arguments)
    counts = (options.replications, 1 if options.workers is None else options.workers)
    if min(counts) < 1 or options.seed < 0:
        parser.error("--replications and --workers are at least 1, --seed at least 0")
    for variable, value in ((WORKERS, options.workers), (CLUSTER, options.cluster)):
        if value:
            os.environ[variable] = str(value)
    try:
        code = judging_fingerprint()
        rows = judge(options.replications, options.seed, code)
        today = date.today().isoformat()
        write_all({JUDGED: as_bytes(summary(rows, options.seed, code, today))})
    except UserError as error:
        print(error)
        return 2
    except KeyboardInterrupt:
        print(message("judging_stopped"))
        return 130
    print(message("judging_written", file=relative(JUDGED)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
