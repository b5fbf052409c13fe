"""The report: chapters as data, one page a language, every number of its prose from a result."""

from analysis.exhibits.report.content import (
    Chapter,
    chapters,
    complete,
    own_chapter,
)
from analysis.exhibits.report.exhibits import Exhibit, Report, numbers
from analysis.exhibits.report.page import (
    ASSETS,
    chooser,
    document_name,
    numbers_said,
    page,
    page_name,
)

__all__ = [
    "ASSETS",
    "Chapter",
    "Exhibit",
    "Report",
    "chapters",
    "chooser",
    "complete",
    "document_name",
    "numbers",
    "numbers_said",
    "own_chapter",
    "page",
    "page_name",
]
