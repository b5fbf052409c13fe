"""The report as a document to print: the chapters and exhibits of the page, set by typst."""

from analysis.exhibits.paper_pdf.document import TEMPLATE, Document, document
from analysis.exhibits.paper_pdf.setting import pdf_pages

__all__ = ["TEMPLATE", "Document", "document", "pdf_pages"]
