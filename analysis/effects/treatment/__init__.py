"""A treatment of 0 and 1: scores, weights, matches, balance; shared by several estimators."""
