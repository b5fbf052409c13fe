"""A region's file to figures: every table of every sheet, its symbols explained, or one refusal."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from analysis.messages import UserError
from analysis.paths import RAW, relative
from analysis.sources.regions.answers import Answers
from analysis.sources.regions.codes import check_codes
from analysis.sources.regions.opening import open_sheets
from analysis.sources.regions.places import NATION, parent_of
from analysis.sources.regions.sheets import Sheet, in_both
from analysis.sources.regions.tables.blocks import Block, blocks_of
from analysis.sources.regions.tables.figures import Entry, entries_of
from analysis.sources.regions.tables.lines import (
    explained_symbols,
    notes_in,
    source_of,
    title_of,
)
from analysis.sources.regions.tables.table import Table, table_of
from analysis.sources.regions.understanding import Figure, SetAside, Understanding
from analysis.sources.regions.variables import VARIABLES, VARIABLES_FILE, nearest_variables
from analysis.sources.regions.warnings import layout_of, warnings_of
from analysis.sources.regions.words import WORDS_FILE
from analysis.sources.regions.years import valid_year

# what the reading of a file rests on beside its code
READING_FILES = (RAW / "provinces.csv", VARIABLES_FILE, WORDS_FILE)


def understand(path: Path, answers: Answers) -> Understanding:
    """Return what a region's file holds.

    Raises
    ------
    UserError
        For the first thing that is neither understood, nor known to be left out, nor answered:
        the file, its cell, and what to do. Nothing is written.
    """
    file = relative(path)
    _check_answers(answers)
    sheets = _chosen(file, open_sheets(path), answers)
    blocks = {sheet.name: blocks_of(sheet) for sheet in sheets}
    if not any(blocks.values()):
        raise UserError("region_no_table", file=file, sheets=_names(sheets))
    tables = [table_of(file, block, answers) for found in blocks.values() for block in found]
    read = [item for table in tables for item in entries_of(table)]
    entries = [item for item in read if isinstance(item, Entry)]
    if not any(entry.content.value is not None for entry in entries):
        raise _no_figure(file, read)
    prose = _prose(tables)
    symbols = _symbols(file, entries, explained_symbols(prose), answers)
    check_codes(file, entries)
    figures, totals = _figures(entries, symbols)
    return Understanding(
        figures=figures,
        totals=totals,
        set_aside=(*_empty_sheets(blocks), *(item for item in read if isinstance(item, SetAside))),
        layout=layout_of(tables),
        title=next(filter(None, (title_of(table.block.lines) for table in tables)), ""),
        source=source_of(prose),
        notes=tuple(dict.fromkeys(notes_in(prose))),
        symbols=symbols,
        warnings=warnings_of(sheets, tables, figures),
        learnt=_learnt(answers, symbols, tables),
    )


def _check_answers(answers: Answers) -> None:
    """Refuse a year that is none, and a variable that neither the list nor the user knows."""
    if answers.data_year is not None and not valid_year(answers.data_year):
        raise UserError("region_year_asked", year=answers.data_year)
    name = answers.variable
    declared = {variable.name for variable in answers.variables.values()}
    if name is not None and name not in VARIABLES and name not in declared:
        near = ", ".join(nearest_variables(name)) or ", ".join(VARIABLES)
        raise UserError("region_variable_asked", variable=name, nearest=near)


# --- sheets ------------------------------------------------------------------------------------


def _chosen(file: str, sheets: list[Sheet], answers: Answers) -> list[Sheet]:
    if answers.sheet is None:
        return sheets
    chosen = [sheet for sheet in sheets if sheet.name.strip() == answers.sheet.strip()]
    if not chosen:
        raise UserError("region_sheet", file=file, sheet=answers.sheet, sheets=_names(sheets))
    return chosen


def _names(sheets: Iterable[Sheet]) -> str:
    return ", ".join(sheet.name for sheet in sheets) or "-"


def _empty_sheets(blocks: dict[str, list[Block]]) -> list[SetAside]:
    reason = in_both("region_sheet_without_table")
    return [SetAside(name, f"{name}!A1", reason) for name, found in blocks.items() if not found]


def _no_figure(file: str, read: Sequence[Entry | SetAside]) -> UserError:
    """Name what was set aside instead, and why."""
    aside = [item for item in read if isinstance(item, SetAside)]
    if not aside:
        return UserError("region_empty", file=file)
    labels = ", ".join(item.name for item in aside[:6])
    return UserError("region_no_figure", file=file, labels=labels, reason=aside[0].reason)


def _prose(tables: Iterable[Table]) -> list[str]:
    lines = [line for t in tables for line in (*t.block.lines, *t.block.notes)]
    return list(dict.fromkeys(lines))


# --- symbols -----------------------------------------------------------------------------------


def _symbols(
    file: str, entries: Sequence[Entry], explained: dict[str, str], answers: Answers
) -> dict[str, str]:
    """Return the kinds of the symbols that occur: as typed, else as the file's notes say.

    Raises
    ------
    UserError
        If one is explained by neither.
    """
    found: dict[str, str] = {}
    for entry in entries:
        if entry.content.symbol and not entry.missing_kind and not entry.place.whole:
            found.setdefault(entry.content.symbol, entry.cell)
    kinds = explained | dict(answers.symbols)
    open_ones = [symbol for symbol in found if symbol not in kinds]
    if open_ones:
        raise UserError(
            "region_symbol", file=file, cell=found[open_ones[0]], symbol=open_ones[0],
            flag=",".join(f"{symbol}=KIND" for symbol in open_ones),
        )  # fmt: skip
    return {symbol: kinds[symbol] for symbol in found}


# --- figures -----------------------------------------------------------------------------------


def _figures(
    entries: Sequence[Entry], symbols: dict[str, str]
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """Return the places' figures and those of the whole that they belong to."""
    whole = parent_of(code for e in entries if not e.place.whole for code in e.place.codes)
    figures, totals = [], []
    for entry in entries:
        code = whole if entry.place.whole else entry.place.codes[0]
        if entry.place.whole or code == NATION:
            if entry.content.value is not None:
                totals.append(_figure(entry, code, symbols))
        else:
            figures.append(_figure(entry, code, symbols))
    return tuple(figures), tuple(totals)


def _figure(entry: Entry, code: str, symbols: dict[str, str]) -> Figure:
    value = entry.content.value
    kind = "" if value is not None else entry.missing_kind or symbols[entry.content.symbol]
    return Figure(
        code, entry.name, entry.year, entry.variable, value, entry.unit, kind, entry.cell,
        entry.status, entry.source,
    )  # fmt: skip


def _learnt(answers: Answers, symbols: dict[str, str], tables: Sequence[Table]) -> Answers:
    """Return the answers with what the file said of itself that an edit of its prose could undo."""
    years = {table.year for table in tables}
    needed = not any(c.year or c.role == "year" for table in tables for c in table.columns)
    year = next(iter(years)) if needed and len(years) == 1 else answers.data_year
    return replace(answers, symbols={**answers.symbols, **symbols}, data_year=year)
