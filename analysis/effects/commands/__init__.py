"""The verbs on study files: each file is one verb."""
