"""Where tasks find what other tasks made."""

from analysis.paths import PROCESSED, RESULTS

DISPUTES = PROCESSED / "national_disputes.csv"
DENOMINATORS = PROCESSED / "national_denominators.csv"
STATEMENTS = PROCESSED / "article_claims.csv"
# written when all of data/raw passed, always with the same words: what rests on no raw file waits
# for it, so that a build which refuses the data writes nothing at all
CHECKED = PROCESSED / "checked.txt"
CLAIMS = RESULTS / "claims.csv"
DERIVATIONS = RESULTS / "derivations.csv"
SUMMARY = RESULTS / "ledger_summary.csv"
FLIPS = RESULTS / "flip_distances.csv"
PLOTTED = RESULTS / "plotted"
EXHIBITS = RESULTS / "exhibits.csv"
