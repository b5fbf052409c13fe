"""What a comparison says of itself: a file of ``performance/comparisons``, found by its place.

Such a file has ``ABOUT``, ``data(n)`` (seeded), ``ours(data)`` and ``peer(data)``; both sides
return the same numbers in the same order, so that what is timed is also held to agree. Where the
peer may be absent, ``unavailable()`` returns why, or nothing.
"""

from dataclasses import dataclass

# sizes named after real files: waves of surveys, the census of legal units, what one disk holds
CFPS_WAVE, CMDS_YEAR, CMDS_SEVEN_YEARS = 37_000, 170_000, 7 * 170_000
CENSUS_UNITS, CEILING = 5_168_303, 100_000_000
SIZES = {
    CFPS_WAVE: "CFPS, one wave",
    CMDS_YEAR: "CMDS, one year",
    CMDS_SEVEN_YEARS: "CMDS, seven years",
    CENSUS_UNITS: "economic census 2004, legal units",
    CEILING: "ceiling",
}


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
    peer_most
        The most rows that the peer is given; more do not fit into its memory here.
    """

    what: str
    peer: str
    quick: tuple[int, ...]
    full: tuple[int, ...]
    tolerance: float
    peer_share: float = 1.0
    peer_most: int = CEILING
