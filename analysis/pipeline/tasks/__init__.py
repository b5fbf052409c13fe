"""Tasks, found by their place: each module has a function tasks()."""
