"""What decompositions of a difference share: products with their influence, groups of terms."""
