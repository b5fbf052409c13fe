"""The verbs that build: each file is one verb, with its arguments and its run function."""
