"""An exhibit as the report shows it: number, title, finding, the plot or table, files, program."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from types import ModuleType
from typing import TYPE_CHECKING, Protocol

from analysis.exhibits.about import About
from analysis.exhibits.drawing import footer_of
from analysis.exhibits.formats import printed
from analysis.exhibits.printing.printed import Printed
from analysis.exhibits.report.content import Chapter, Shown
from analysis.exhibits.report.drawing import Letters, inline
from analysis.exhibits.report.markup import folded, link, table_of
from analysis.exhibits.report.prose import Results
from analysis.exhibits.report.words import DATA, KINDS, PROGRAM, ROWS, SIMULATED

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Exhibit:
    """A figure or table with its rows and files.

    Attributes
    ----------
    data
        The file of its rows, named from the page's folder.
    files
        By language, then by suffix: its files, named from the page's folder.
    drawings
        By language: a figure's SVG.
    """

    module: ModuleType
    rows: "pd.DataFrame"
    data: str
    files: Mapping[str, Mapping[str, str]]
    drawings: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its name: that of its module."""
        return self.module.__name__.rpartition(".")[2]

    @property
    def about(self) -> About:
        """Title, note, inputs, kind of data."""
        return self.module.ABOUT

    @property
    def program(self) -> str:
        """The file of its code, named from the project's root."""
        return self.module.__name__.replace(".", "/") + ".py"

    @property
    def kind(self) -> str:
        """Figure or table."""
        return "figure" if hasattr(self.module, "draw") else "table"


class HasKind(Protocol):
    """What is numbered among its kind."""

    @property
    def kind(self) -> str:
        """Figure or table."""


def numbers(chapters: Iterable[Chapter], exhibits: Mapping[str, HasKind]) -> dict[str, int]:
    """Return each exhibit's number: figures and tables apart, in the order of the chapters."""
    found: dict[str, int] = {}
    count = {"figure": 0, "table": 0}
    for name in (name for chapter in chapters for name in chapter.shown):
        count[exhibits[name].kind] += 1
        found[name] = count[exhibits[name].kind]
    return found


@dataclass(frozen=True)
class Report:
    """What a report is made from: chapters that hold every exhibit, the exhibits, the results.

    Attributes
    ----------
    own
        What was made of a user's own files: addresses by name.
    to_root
        The project's folder, named from the page's.
    printed
        The addresses of the public report as a document to print, by language.
    """

    chapters: Sequence[Chapter]
    exhibits: Mapping[str, Exhibit]
    results: Results
    own: Mapping[str, str] = field(default_factory=dict)
    to_root: str = ".."
    printed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Each exhibit's number."""
        return numbers(self.chapters, self.exhibits)


def label(exhibit: Exhibit, number: int, language: str) -> str:
    """Return "Figure 3" or 图3."""
    return KINDS[exhibit.kind].in_language(language).format(number=number)


def as_printed(exhibit: Exhibit, language: str) -> Printed:
    """Return a table's words."""
    foot = footer_of(exhibit.module, exhibit.rows, language)
    rows = exhibit.rows.to_dict("records")
    return printed(exhibit.about, exhibit.module.COLUMNS, rows, foot, language)


def finding(exhibit: Exhibit, language: str) -> str:
    """Return a figure's finding; empty for a table."""
    if exhibit.kind == "table":
        return ""
    return exhibit.module.finding(exhibit.rows, language)


def anchor(exhibit: Exhibit) -> str:
    """Return the name by which links reach an exhibit."""
    return f"{exhibit.kind}-{exhibit.id}"


def shown(report: Report, part: Shown, language: str, letters: Letters) -> str:
    """Return the exhibit as an element of the page."""
    exhibit, number = report.exhibits[part.id], report.numbers[part.id]
    title = exhibit.about.title.in_language(language)
    said = finding(exhibit, language)
    notes = footer_of(exhibit.module, exhibit.rows, language).split("\n")
    simulated = exhibit.about.data_kind == "simulated"
    kind = "exhibit simulated" if simulated else "exhibit"
    return "\n".join([
        f'<figure id="{anchor(exhibit)}" class="{kind}">',
        f"<figcaption>{_tag(simulated, language)}<b>{label(exhibit, number, language)}</b> "
        f"{escape(title)}</figcaption>",
        f'<p class="found">{escape(said)}</p>' if said else "",
        _body(exhibit, language, letters, f"{title}. {said}", is_folded=part.folded),
        *(f'<p class="note">{escape(note)}</p>' for note in notes),
        f'<p class="files">{_files(exhibit, report.to_root, language)}</p>',
        "</figure>",
    ])  # fmt: skip


def _tag(simulated: bool, language: str) -> str:
    return f'<span class="tag">{SIMULATED.in_language(language)}</span> ' if simulated else ""


def _body(
    exhibit: Exhibit, language: str, letters: Letters, alternative: str, *, is_folded: bool
) -> str:
    if exhibit.kind == "figure":
        plot = inline(exhibit.drawings[language], letters, alternative)
        return f'<div class="plotbox" tabindex="0" role="group">{plot}</div>'
    table = table_of(as_printed(exhibit, language))
    rows = ROWS.in_language(language).format(count=len(exhibit.rows))
    return folded(rows, table) if is_folded else table


def _files(exhibit: Exhibit, to_root: str, language: str) -> str:
    forms = exhibit.files.get(language, {})
    links = [link(exhibit.data, DATA.in_language(language))] if exhibit.data else []
    links += [link(forms[suffix], suffix.upper()) for suffix in _in_order(forms)]
    links.append(link(f"{to_root}/{exhibit.program}", PROGRAM.in_language(language)))
    return " · ".join(links)


def _in_order(suffixes: Iterable[str]) -> Sequence[str]:
    order = ("svg", "png", "csv", "docx", "xlsx", "tex", "html", "md")
    return [suffix for suffix in order if suffix in set(suffixes) - {"csv"}]
