"""A twin in a survey's own format: that wave's names, codes, labels and traps."""
