"""One block of the report a file, found by its place: INPUTS and html(results, language)."""
