"""What works on a fitted equation: each file is one `[[equation.after]]`, found by its name."""
