"""An exhibit as the document prints it: number, title, finding, the plot or table, notes."""

from analysis.exhibits.drawing import footer_of
from analysis.exhibits.paper_pdf import words
from analysis.exhibits.paper_pdf.markup import array, call, line, text
from analysis.exhibits.paper_pdf.tables import is_across, table
from analysis.exhibits.printing.printed import Printed
from analysis.exhibits.report import Exhibit, Report
from analysis.exhibits.report.exhibits import anchor, as_printed, finding, label
from analysis.exhibits.report.words import SIMULATED

# a table of more rows fills pages that nobody reads; the text names its file
MOST_ROWS = 150
# one of fewer stays on one page, with its note
MOST_WHOLE = 30


def is_printed(exhibit: Exhibit) -> bool:
    """Tell whether an exhibit is printed, or only its file named."""
    return exhibit.kind == "figure" or len(exhibit.rows) <= MOST_ROWS


def framed(report: Report, name: str, language: str, in_appendix: bool = False) -> str:
    """Return an exhibit's line of the document."""
    exhibit = report.exhibits[name]
    title = exhibit.about.title.in_language(language)
    is_simulated = exhibit.about.data_kind == "simulated"
    options = {
        "name": text(_name(report, exhibit, language)),
        "caption": text(title),
        "tag": text(f"[{SIMULATED.in_language(language)}]" if is_simulated else ""),
        "notes": notes_of(footer_of(exhibit.module, exhibit.rows, language)),
        "key": text(anchor(exhibit)),
    }
    if exhibit.kind == "table":
        return framed_table(as_printed(exhibit, language), in_appendix, **options)
    said_of_it = finding(exhibit, language)
    plot = call("image", text(picture_file(name)), alt=text(f"{title}. {said_of_it}"), width="100%")
    return line(call("exhibit", plot, kind="image", finding=text(said_of_it), **options))


def framed_table(printed: Printed, in_appendix: bool, **options: str) -> str:
    """Return a table's line of the document; ``options`` are those of the template's exhibit."""
    across = is_across(printed, in_appendix)
    options["across"] = _code(across)
    options["whole"] = _code(len(printed.lines) <= MOST_WHOLE)
    return line(call("exhibit", table(printed, across), kind="table", **options))


def _code(value: bool) -> str:
    return "true" if value else "false"


def notes_of(foot: str) -> str:
    """Return a note's paragraphs as an array."""
    return array(map(text, foot.split("\n")))


def _name(report: Report, exhibit: Exhibit, language: str) -> str:
    return label(exhibit, report.numbers[exhibit.id], language)


def picture_file(name: str) -> str:
    """Return the name of a figure's file in the document."""
    return f"{name}.svg"


def appendix_named(report: Report, name: str, language: str) -> str:
    """Return the line that says where a folded exhibit stands."""
    exhibit = report.exhibits[name]
    words_of_it = words.IN_APPENDIX.in_language(language).format(
        name=_name(report, exhibit, language), title=exhibit.about.title.in_language(language)
    )
    return line(call("see", text(words_of_it), text(anchor(exhibit))))


def file_named(report: Report, name: str, language: str) -> str:
    """Return the line that names the file of a table too long to be printed."""
    exhibit = report.exhibits[name]
    words_of_it = words.IN_FILE.in_language(language).format(
        name=_name(report, exhibit, language),
        title=exhibit.about.title.in_language(language),
        id=name,
        language=language,
    )
    return line(call("note", text(words_of_it)))
