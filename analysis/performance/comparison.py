"""What a comparison says of itself: a file of ``performance/comparisons``, found by its place.

Such a file has ``ABOUT``, ``data(n)`` (seeded), ``ours(data)`` and ``peer(data)``; both sides
return the same numbers in the same order, so that what is timed is also held to agree.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """One comparison.

    Attributes
    ----------
    what
        What is computed.
    peer
        The library on the other side; empty where no library does it.
    quick, full
        Rows of the data in a quick and in a full run.
    tolerance
        The largest relative difference at which both sides agree.
    peer_share
        The share of the work that the peer does here; the ratio takes its time for the whole.
    """

    what: str
    peer: str
    quick: tuple[int, ...]
    full: tuple[int, ...]
    tolerance: float
    peer_share: float = 1.0
