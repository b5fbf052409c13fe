"""A sheet's tables: where they stand, what their columns hold, their figures."""
