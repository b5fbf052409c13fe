"""One fault a file, found by its place: ``ABOUT`` and ``strike(attempt) -> Outcome``."""
