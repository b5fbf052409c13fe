"""What was made of a user's own files: links to it, on a page that stays where they are."""

from analysis.exhibits.report.exhibits import Report
from analysis.exhibits.report.markup import link

INPUTS: tuple[str, ...] = ()


def html(report: Report, language: str) -> str:
    """Return a list of the files and folders."""
    items = "\n".join(f"<li>{link(address, name)}</li>" for name, address in report.own.items())
    return f"<ul>\n{items}\n</ul>"
