"""One module a raw table, with the meaning of its variables in the TOML file beside it."""
