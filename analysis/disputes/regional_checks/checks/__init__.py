"""The checks: one a file, each ``look(case)`` yields findings. Add a file to add a check."""
