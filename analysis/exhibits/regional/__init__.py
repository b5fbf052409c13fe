"""What regional figures look like: tile maps, small multiples, tables of rates and regressions."""
