"""A table as CSV in which no cell can run as a formula."""

import io
from csv import writer

from analysis.exhibits.printing.printed import Printed, number_in

BOM = "\ufeff"
# what a spreadsheet takes for the beginning of a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
AS_TEXT = "'"


def as_csv(printed: Printed) -> bytes:
    """Return CSV; the Chinese one begins with a BOM, without which Excel misreads it."""
    buffer = io.StringIO(newline="")
    rows = writer(buffer, lineterminator="\n")
    for line in (*printed.headings, *printed.lines):
        rows.writerow([harmless(text) for text in line])
    return ((BOM if printed.language == "zh" else "") + buffer.getvalue()).encode("utf-8")


def harmless(text: str) -> str:
    """Return a cell that a spreadsheet shows and never runs: numbers as they are, text as text.

    A sign alone is not a formula.
    """
    is_formula = len(text.strip()) > 1 and text.lstrip(" ").startswith(_FORMULA)
    return AS_TEXT + text if is_formula and number_in(text) is None else text
