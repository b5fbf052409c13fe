"""A survey's own pages: what was read, its codebook by wave, its description by wave."""

from analysis.exhibits.surveys.pages import codebook_page, description_page

__all__ = ["codebook_page", "description_page"]
