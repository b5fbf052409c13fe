"""The README's generated blocks, and CITATION.cff: what files decide is not typed a second time."""

from analysis.exhibits.readme.citation import renewed_citation
from analysis.exhibits.readme.filling import BLOCKS, block_text, filled

__all__ = ["BLOCKS", "block_text", "filled", "renewed_citation"]
