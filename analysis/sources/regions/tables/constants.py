"""What a table says once for all its figures: year, variable, place."""

import re
from collections.abc import Iterable
from functools import cache

from analysis.sources.regions.places import province_names
from analysis.sources.regions.tables.blocks import Block
from analysis.sources.regions.tables.columns import without_unit
from analysis.sources.regions.tables.labels import Labels
from analysis.sources.regions.tables.lines import dated_lines, field_of, titles_in
from analysis.sources.regions.variables import variables_within
from analysis.sources.regions.words import key
from analysis.sources.regions.years import book_year, data_year


def own_year(block: Block) -> int | None:
    """Return the year that the table's title gives, else its sheet's name."""
    return data_year(dated_lines(block.lines)) or data_year([block.grid.sheet])


def own_book_year(block: Block) -> int | None:
    """Return the year of the yearbook that the table names: not its data's."""
    return book_year([*block.lines, *block.notes])


def own_variable(block: Block, labels: Labels) -> str | None:
    """Return what the table's 指标 line, title or sheet name says it counts, if one thing."""
    if stated := field_of(block.lines, "指标") or field_of(block.lines, "indicator"):
        return labels.of_text(stated).variable
    for title in [*reversed(titles_in(block.lines)), block.grid.sheet]:
        found = dict.fromkeys([*variables_within(key(title)), *variables_within(title.lower())])
        if len(found) == 1:
            return next(iter(found))
        if found:
            return None
    return None


def own_units(block: Block) -> tuple[str, ...]:
    """Return the unit in parentheses of the table's 指标 line."""
    stated = field_of(block.lines, "指标") or field_of(block.lines, "indicator") or ""
    return tuple(without_unit(stated)[1])


def own_place(block: Block) -> str | None:
    """Return the code of the one place that the 地区 line, title or sheet name names."""
    stated = field_of(block.lines, "地区") or field_of(block.lines, "region")
    for text in [
        *([stated] if stated else []),
        *reversed(titles_in(block.lines)),
        block.grid.sheet,
    ]:
        found = places_within(text)
        if len(found) == 1:
            return next(iter(found))
        if found:
            return None
    return None


def places_within(text: str) -> set[str]:
    """Return the codes of provinces whose name stands somewhere in a text."""
    return {code for code, pattern in _patterns() if pattern.search(text)}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (code, re.compile("|".join(_bounded(names)), re.IGNORECASE))
        for code, names in province_names().items()
    )


def _bounded(names: Iterable[str]) -> list[str]:
    return [rf"\b{re.escape(name)}\b" if name.isascii() else re.escape(name) for name in names]
