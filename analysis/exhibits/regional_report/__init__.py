"""One region on one page: against the nation, its rank, shares, breaks, status; HTML and Word."""
