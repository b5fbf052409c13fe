"""One side of one comparison, once, in a process of its own: seconds, peak memory, numbers.

``python -m analysis.performance.measure NAME SIDE ROWS`` prints one JSON line. A first call on
few rows pays for imports and compilation, so that what is timed is the work.
"""

import json
import sys
import time

import numpy as np

from analysis.loading import load

COMPARISONS = "analysis.performance.comparisons"
WARM_UP_ROWS = 2000


def measure(name: str, side: str, rows: int) -> dict[str, object]:
    """Return seconds, peak_mib (the whole process, the data included) and the numbers found."""
    comparison = load(f"{COMPARISONS}.{name}")
    work = getattr(comparison, side)
    work(comparison.data(min(rows, WARM_UP_ROWS)))
    data = comparison.data(rows)
    start = time.perf_counter()
    numbers = work(data)
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
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
    print(json.dumps(measure(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
