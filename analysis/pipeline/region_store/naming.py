"""What a region is called: a folder's name that is right on every system, readable in Chinese."""

import re
import unicodedata
from collections.abc import Collection
from difflib import get_close_matches

from analysis.messages import UserError

LONGEST = 60
OTHER = re.compile(r"[^\w]+")
# of this package, and devices that Windows will not take for folders
RESERVED = {"private", "con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt")
            for n in range(1, 10))}  # fmt: skip


def proposed_name(stem: str, place: str = "") -> str:
    """Return a name from a file's stem, and from its place where it has one only."""
    words, place = _slug(stem), _slug(place)
    name = f"{place}-{words}" if place and place.lower() not in words.lower() else words
    name = name[:LONGEST].strip("-_") or place
    return f"region-{name}".rstrip("-") if not name or name.lower() in RESERVED else name


def checked_name(given: str) -> str:
    """Return a name that a user chose.

    Raises
    ------
    UserError
        If it is no name for a folder on every system; a nearby one is suggested.
    """
    right = _slug(given)[:LONGEST].strip("-_")
    if not given or given != right or given.lower() in RESERVED:
        raise UserError("region_name", value=given, nearest=proposed_name(given))
    return given


def free_name(name: str, taken: Collection[str]) -> str:
    """Return ``name``, or the first of NAME-2, NAME-3, ... that no region has in any case."""
    used = {other.lower() for other in taken}
    number = 1
    while (found := name if number == 1 else f"{name}-{number}").lower() in used:
        number += 1
    return found


def nearest_of(name: str, taken: Collection[str]) -> str:
    """Return the staged name most like one that is not there; a dash where there is none."""
    return next(iter(get_close_matches(name, list(taken), n=1, cutoff=0.0)), "-")


def _slug(text: str) -> str:
    """Return letters (Chinese too), digits and underscores; anything else becomes a hyphen."""
    return OTHER.sub("-", unicodedata.normalize("NFKC", text)).strip("-_")
