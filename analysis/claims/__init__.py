"""The ledger: each stated number, how it is recomputed, the verdict."""

from analysis.claims.derivation import derivation_table
from analysis.claims.inputs import Facts, facts_from
from analysis.claims.ledger import could_have_failed, entries, flip_table, ledger_table
from analysis.claims.summary import summary_table
from analysis.claims.wording import PROVISIONAL, VERDICTS

__all__ = [
    "PROVISIONAL",
    "VERDICTS",
    "Facts",
    "could_have_failed",
    "derivation_table",
    "entries",
    "facts_from",
    "flip_table",
    "ledger_table",
    "summary_table",
]
