"""Exhibits of the regional figures that ship with the package."""
