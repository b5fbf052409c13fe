"""Many tests of one question: adjusted p values, shared draws, families, assignments at random."""
