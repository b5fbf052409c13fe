"""One reader or parser a file, found by its place: ``ABOUT``, ``seeds()`` and ``read(path)``."""
