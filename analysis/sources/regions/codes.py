"""Whether the places of a file were places in its years, and the names are what they seem."""

from collections import Counter
from collections.abc import Sequence

from analysis.messages import UserError
from analysis.sources.regions.divisions import codes_named, gone_before
from analysis.sources.regions.places import below_province
from analysis.sources.regions.tables.figures import Entry
from analysis.sources.regions.words import CHINESE


def check_codes(file: str, entries: Sequence[Entry]) -> None:
    """Hold the places of figures against the lists of their years.

    Raises
    ------
    UserError
        If a county or prefecture was gone in the year of its figure, or a short name that is both a
        province's and a prefecture's stands among that province's prefectures.
    """
    _check_gone(file, entries)
    _check_shared_names(file, entries)


def _check_gone(file: str, entries: Sequence[Entry]) -> None:
    first = {(entry.place.codes[0], entry.year): entry for entry in reversed(entries)}
    for (code, year), entry in first.items():
        last = gone_before(code, year) if below_province(code) else None
        if last:
            raise UserError(
                "region_gone", file=file, cell=entry.cell, code=code, name=entry.name, year=year,
                last=last,
            )  # fmt: skip


def _check_shared_names(file: str, entries: Sequence[Entry]) -> None:
    """吉林 and 海南 are provinces, and prefectures: of 吉林 and of 青海."""
    below = Counter(e.place.codes[0][:2] for e in entries if below_province(e.place.codes[0]))
    for entry in entries if below else ():
        name = "".join(CHINESE.findall(entry.name))
        code = entry.place.codes[0]
        if below_province(code) or entry.place.whole or len(name) != 2:
            continue
        shared = [other for other in codes_named(name) if below[other[:2]]]
        if shared:
            raise UserError(
                "region_shared_name", file=file, cell=entry.cell, name=name, code=code,
                other=shared[0],
            )  # fmt: skip
