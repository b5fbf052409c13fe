"""One side of one comparison, once, in a process of its own: seconds, peak memory, numbers.

``python -m analysis.performance.measure NAME SIDE ROWS`` prints one JSON line. A first call on
few rows pays for imports and compilation, so that what is timed is the work; with ``cold`` behind
it there is none, and what is timed is what a new process takes.
"""

import json
import sys
import time

STARTED = time.perf_counter()

import numpy as np  # noqa: E402

from analysis.loading import load  # noqa: E402

COMPARISONS = "analysis.performance.comparisons"
WARM_UP_ROWS = 2000


def measure(name: str, side: str, rows: int, cold: bool = False) -> dict[str, object]:
    """Return seconds and the numbers found, processor seconds, peak_mib and process_seconds.

    Processor seconds count every thread's; peak_mib is the whole process, the data included;
    process_seconds are those since this module was read, less those of making the data.
    """
    comparison = load(f"{COMPARISONS}.{name}")
    work = getattr(comparison, side)
    if not cold:
        work(comparison.data(min(rows, WARM_UP_ROWS)))
    before = time.perf_counter()
    data = comparison.data(rows)
    start, processor = time.perf_counter(), time.process_time()
    numbers = work(data)
    end = time.perf_counter()
    return {
        "seconds": end - start,
        "cpu_seconds": time.process_time() - processor,
        "process_seconds": end - STARTED - (start - before),
        "peak_mib": peak_mib(),
        "numbers": np.asarray(numbers, dtype=float).ravel().tolist(),
    }


def peak_mib() -> float | None:
    """Return the largest memory that this process has had, in MiB; None where no one counts it."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], sys.argv[2], int(sys.argv[3]), "cold" in sys.argv[4:])))
