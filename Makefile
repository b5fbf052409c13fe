# Every verb is start.py's: the same on machines without make (python start.py VERB).
PYTHON ?= python3
ARGS ?=
VERBS := reproduce figures tables claims benchmarks status verify paper surveys test test-all judge bench lint clean

.DEFAULT_GOAL := help
.PHONY: help $(VERBS)

help:
	@$(PYTHON) start.py

$(VERBS):
	@$(PYTHON) start.py $@ $(ARGS)
