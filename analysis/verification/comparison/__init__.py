"""Two reports folders beside each other: what of the one comes out again in the other."""

from analysis.verification.comparison.edited import edited_files
from analysis.verification.comparison.exhibits import Exhibit, by_exhibit
from analysis.verification.comparison.trees import compare_trees
from analysis.verification.comparison.verdicts import WORDS, Finding, Verdict

__all__ = [
    "WORDS",
    "Exhibit",
    "Finding",
    "Verdict",
    "by_exhibit",
    "compare_trees",
    "edited_files",
]
