"""Excel workbooks held against bounds before a library opens them: they are archives of XML."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from analysis.messages import UserError
from analysis.paths import relative

# an honest sheet of text packs to a tenth or a thirtieth; a bomb to less than a thousandth
LARGEST_UNPACKED, LARGEST_RATIO, BELOW_SUSPICION = 400 * 2**20, 200, 20 * 2**20
LARGEST_CELLS = 4_000_000
CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"')


def check_workbook(path: Path) -> None:
    """Return when a workbook unpacks to a decent size and its sheets hold a decent area.

    Raises
    ------
    UserError
        For an archive that is no workbook or a bomb, XML that defines entities, and a sheet whose
        furthest cell spans more than four million.
    """
    for name, content in xml_parts(path):
        if _area(content) > LARGEST_CELLS:
            raise UserError("region_cells", file=relative(path), sheet=Path(name).stem)


def xml_parts(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each part of a workbook, one at a time.

    Raises
    ------
    UserError
        Before any is read: for an archive that is no workbook or a bomb. Then for a part that
        defines entities.
    """
    with zipfile.ZipFile(path) as archive:
        _refuse_bomb(path, archive.infolist())
        if "xl/workbook.xml" not in archive.namelist():
            raise UserError("region_zip", file=relative(path))
        for name in archive.namelist():
            if name.startswith("xl/") and name.endswith(".xml"):
                content = archive.read(name)
                if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                    raise UserError("region_bomb", file=relative(path), size="?")
                yield name, content


def _refuse_bomb(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = max(sum(part.compress_size for part in parts), 1)
    suspicious = unpacked > BELOW_SUSPICION and unpacked / packed > LARGEST_RATIO
    if unpacked > LARGEST_UNPACKED or suspicious:
        raise UserError("region_bomb", file=relative(path), size=unpacked // 2**20)


def _area(sheet: bytes) -> int:
    """Return the cells of the area from A1 to the furthest column and row."""
    cells = CELL.findall(sheet)
    columns = (column_number(letters) for letters in {letters for letters, _ in cells})
    rows = (int(row) for _, row in cells)
    return max(columns, default=0) * max(rows, default=0)


def column_number(letters: bytes) -> int:
    """Return a column's number: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
