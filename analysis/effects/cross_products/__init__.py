"""One pass over the data, many specifications: cross-products by cluster and what follows."""

from analysis.effects.cross_products.tensor import CrossProducts, Layout, Sums

__all__ = ["CrossProducts", "Layout", "Sums"]
