"""One module a section of the article; each function recomputes one claim."""
