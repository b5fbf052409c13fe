"""One file a table or figure: ``rows(work)`` gives its plain rows, or says why it has none."""
