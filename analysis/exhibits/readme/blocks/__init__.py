"""One block of the README a file, found by its place: INPUTS and text(**files)."""
