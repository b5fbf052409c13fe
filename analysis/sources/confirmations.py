"""Write down that somebody read a figure in its source: beside the figure, never over it."""

import csv
import io
import math
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from analysis.files import read_rows, write_all
from analysis.messages import Text, UserError, message
from analysis.paths import RAW
from analysis.sources.provenance import check_file, new_sidecar, renewed_sidecar, sidecar_path
from analysis.sources.variables import read_variables
from analysis.sources.vintages import CONFIRMATION_COLUMNS, EARLIER

SUFFIX = ".confirmations.csv"
YEARLY = ("national_disputes", "national_denominators")


def yearly_tables_with(variable: str) -> str:
    """Return the yearly table that holds ``variable``.

    Raises
    ------
    UserError
        If none does; the message names the nearest variable.
    """
    known = {
        name: table
        for table in YEARLY
        for name in read_variables(table)
        if not name.endswith(EARLIER)
    }
    if variable in known:
        return known[variable]
    nearest = get_close_matches(variable, known, n=1, cutoff=0.0)[0]
    raise UserError("no_variable", value=variable, nearest=nearest)


def confirm_figure(
    year: int,
    variable: str,
    value: float,
    source: str,
    by: str,
    page: str = "",
    folder: Path = RAW,
) -> Path:
    """Add one confirmation to the file beside the figure's table and seal that file.

    Raises
    ------
    UserError
        If there is no such figure, or the value lies outside the variable's range.
    """
    table = yearly_tables_with(variable)
    _require_figure(table, variable, year, folder)
    _require_range(table, variable, value)
    path = folder / f"{table}{SUFFIX}"
    if path.exists():
        check_file(path)
    today = datetime.now(UTC).date().isoformat()
    content = _with_row(path, [year, variable, _plain(value), source, page, by, today])
    write_all({path: content, sidecar_path(path): _sidecar(path, table, content)})
    return path


def _require_figure(table: str, variable: str, year: int, folder: Path) -> None:
    rows = read_rows(folder / f"{table}.csv")
    years = [row["year"] for row in rows if row["variable"].removesuffix(EARLIER) == variable]
    if str(year) not in years:
        listed = ", ".join(sorted(set(years)))
        raise UserError("no_figure", variable=variable, year=year, years=listed)


def _require_range(table: str, variable: str, value: float) -> None:
    if not (math.isfinite(value) and read_variables(table)[variable].accepts(value)):
        expected = Text(*(message("expected_range", language) for language in ("en", "zh")))
        raise UserError("option", option="--value", value=f"{value:g}", expected=expected)


def _plain(value: float) -> str:
    return repr(value).removesuffix(".0")


def _with_row(path: Path, row: list[object]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(CONFIRMATION_COLUMNS)
    if path.exists():
        writer.writerows(list(known.values()) for known in read_rows(path))
    writer.writerow(row)
    return buffer.getvalue().encode("utf-8")


def _sidecar(path: Path, table: str, content: bytes) -> bytes:
    if path.exists():
        return renewed_sidecar(path, content, "a confirmation was added")
    return new_sidecar(
        content,
        producer="The users of this copy",
        title=f"Confirmations of figures in {table}.csv",
        citation="each row names its source and page",
        licence="not established; single figures quoted with source",
        accessed="see column confirmed_on",
    )
