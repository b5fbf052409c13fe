"""A user's file to sheets: its kind is told by its first bytes, never by its name alone."""

from collections.abc import Callable
from pathlib import Path

from analysis.messages import UserError
from analysis.paths import relative
from analysis.sources.regions.excel import read_xls, read_xlsx
from analysis.sources.regions.sheets import Sheet
from analysis.sources.regions.texts import read_html, read_parquet, read_separated

LARGEST_MB = 100
ZIP, COMPOUND, PARQUET, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1", b"%PDF"
READERS: dict[bytes, Callable[[Path], list[Sheet]]] = {
    ZIP: read_xlsx,
    COMPOUND: read_xls,
    PARQUET: read_parquet,
}


def open_sheets(path: Path) -> list[Sheet]:
    """Return the sheets of a CSV, Excel, HTML or Parquet file that hold anything.

    Raises
    ------
    UserError
        If the path is a symbolic link, a folder or missing; the file empty, above 100 MB,
        damaged, encrypted, of another kind, or without a filled cell.
    """
    _check_path(path)
    try:
        sheets = _reader(path)(path)
    except UserError:
        raise
    except Exception as error:
        # whatever a reader raises on a damaged file is one sentence to its owner
        raise UserError("unreadable_data", file=relative(path), error=error) from error
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise UserError("region_no_cells", file=relative(path))
    return filled


def _check_path(path: Path) -> None:
    if path.is_symlink():
        raise UserError("region_link", file=path.as_posix(), target=path.resolve().as_posix())
    if path.is_dir():
        raise UserError("directory", file=relative(path))
    if not path.exists():
        raise UserError("missing_file", file=relative(path))
    size = path.stat().st_size
    if not size:
        raise UserError("empty_file", file=relative(path))
    if size > LARGEST_MB * 2**20:
        found = f"{size / 2**20:.0f}"
        raise UserError("region_large", file=relative(path), found=found, largest=LARGEST_MB)


def _reader(path: Path) -> Callable[[Path], list[Sheet]]:
    with path.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith(PDF):
        raise UserError("region_pdf", file=relative(path))
    for magic, reader in READERS.items():
        if start.startswith(magic):
            return reader
    text = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return read_html if text.startswith(b"<") else read_separated
