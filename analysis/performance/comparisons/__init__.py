"""One comparison with a peer a file; each is found by its place."""
