# Every verb is start.py's: the same on machines without make (python start.py VERB).
PYTHON ?= python3
ARGS ?=
VERBS := reproduce figures tables report claims benchmarks status verify paper surveys regions add-region test test-all judge determinism preflight faults fuzz package bench lint clean

.DEFAULT_GOAL := help
.PHONY: help $(VERBS)

help:
	@$(PYTHON) start.py

$(filter-out add-region,$(VERBS)):
	@$(PYTHON) start.py $@ $(ARGS)

# FILE reaches the shell as a variable of its environment: a name may hold spaces and quotes
export FILE
add-region:
	@$(PYTHON) start.py add-region "$$FILE" $(ARGS)
