"""One table, many printed forms: one writer a file, journals' styles as data (styles.toml)."""
