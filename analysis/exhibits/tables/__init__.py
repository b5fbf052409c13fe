"""One module a table: ABOUT, COLUMNS and ``rows`` (results to what is printed)."""
