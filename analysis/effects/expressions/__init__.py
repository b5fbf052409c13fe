"""Expressions of study files: parsed to a tree, held against a whitelist, worked out on columns.

A study file is data. Its text never reaches Python's eval, nor a formula library that evaluates:
Python's own parser gives a tree, and this room knows what each permitted node means. Everything
else (attributes, calls of other names, lambdas, subscripts, double underscores) is refused before
anything is computed. Length and depth are bounded.
"""

from analysis.effects.expressions.evaluating import evaluate
from analysis.effects.expressions.parsing import CATEGORICAL, names_in, parse, refusal
from analysis.effects.expressions.scope import Scope, unknown

__all__ = ["CATEGORICAL", "Scope", "evaluate", "names_in", "parse", "refusal", "unknown"]
