"""Where independent pieces of work are done: here, in processes beside, or on a Dask cluster.

The environment variables JIELI_WORKERS (a number of processes) and JIELI_CLUSTER (the address of a
Dask scheduler) say which; the verbs' options --workers and --cluster set them. Results come in the
order of the pieces, so that where they are done changes no number.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from analysis.messages import Text, UserError

Piece = TypeVar("Piece")
Result = TypeVar("Result")
WORKERS, CLUSTER = "JIELI_WORKERS", "JIELI_CLUSTER"
ANSWER_WITHIN = "10s"
# how often a piece is given to another worker when its own dies
RETRIES = 3


def spread(function: Callable[[Piece], Result], pieces: Sequence[Piece]) -> Iterator[Result]:
    """Yield ``function`` of every piece, in order; where several work at once it is sent to them.

    Raises
    ------
    UserError
        If the cluster does not answer.
    """
    workers = int(os.environ.get(WORKERS, "1"))
    if os.environ.get(CLUSTER):
        yield from _on_cluster(os.environ[CLUSTER], function, pieces)
    elif workers > 1:
        from joblib import Parallel, delayed

        parallel = Parallel(n_jobs=workers, return_as="generator")
        yield from parallel(delayed(function)(piece) for piece in pieces)
    else:
        yield from map(function, pieces)


def several() -> int:
    """Return into how many pieces work is best cut for each that would be cut for one worker."""
    if os.environ.get(CLUSTER):
        return 64
    workers = int(os.environ.get(WORKERS, "1"))
    return 8 * workers if workers > 1 else 1


def _on_cluster(address: str, function: Callable, pieces: Sequence) -> Iterator[Any]:
    from distributed import Client

    try:
        client = Client(address, timeout=ANSWER_WITHIN)
    except (OSError, TimeoutError, ValueError) as error:
        expected = Text("the address of a Dask scheduler that answers", "可连接的 Dask 调度器地址")
        raise UserError("option", option="--cluster", value=address, expected=expected) from error
    with client:
        # sent once, not with every piece
        shared = client.scatter([function], broadcast=True)[0]
        futures = client.map(_applied, pieces, function=shared, pure=False, retries=RETRIES)
        for future in futures:
            yield future.result()
            future.release()


def _applied(piece: Piece, function: Callable[[Piece], Result]) -> Result:
    return function(piece)
