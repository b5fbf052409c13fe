"""A paper's tables and figures printed in both languages."""

from analysis.exhibits.paper.facts import Facts
from analysis.exhibits.paper.printing import contents_page, printed

__all__ = ["Facts", "contents_page", "printed"]
