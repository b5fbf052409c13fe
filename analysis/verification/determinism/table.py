"""Outcomes as rows of reports/results/determinism.csv and as lines to read."""

from collections.abc import Iterable, Iterator, Mapping

from analysis.messages import Text
from analysis.verification import record
from analysis.verification.comparison import WORDS, Exhibit, Verdict
from analysis.verification.determinism.rebuilding import Outcome

COLUMNS = (
    "condition", "what_en", "what_zh", "exhibit", "files", "verdict", "largest_change", "file",
    "place", "note", "python", "machine", "seconds", "run_on",
)  # fmt: skip
SKIPPED = Text("skipped", "跳过")
LINE = Text(
    "{verdict}: {what}; {exhibits} exhibits, {identical} without any change, {minor} within the "
    "tolerance, {beyond} beyond it ({seconds:.0f} s)",
    "{verdict}：{what}；{exhibits} 项，{identical} 项毫无变化，{minor} 项在容差之内，"
    "{beyond} 项超出（{seconds:.0f} 秒）",
)


def rows_of(outcome: Outcome) -> list[dict[str, str]]:
    """Return one row an exhibit (``COLUMNS``), or the one that says why there is none."""
    about = {
        "condition": outcome.condition,
        "what_en": outcome.what.en,
        "what_zh": outcome.what.zh,
        "python": outcome.python,
        "machine": record.machine(),
        "seconds": f"{outcome.seconds:.0f}",
        "run_on": record.today(),
    }
    if outcome.skipped is not None:
        return [_row(about, {"verdict": SKIPPED.en, "note": outcome.skipped.en})]
    return [_row(about, _of_exhibit(exhibit)) for exhibit in outcome.exhibits]


def _row(*parts: Mapping[str, str]) -> dict[str, str]:
    known = {key: value for part in parts for key, value in part.items()}
    return {column: known.get(column, "") for column in COLUMNS}


def _of_exhibit(exhibit: Exhibit) -> dict[str, str]:
    worst = exhibit.worst
    changed = worst.verdict is not Verdict.REPRODUCED
    return {
        "exhibit": exhibit.name.en,
        "files": str(exhibit.files),
        "verdict": WORDS[exhibit.verdict].en,
        "largest_change": f"{worst.largest:.3g}",
        "file": worst.file if changed or worst.note.en else "",
        "place": worst.place.en,
        "note": worst.note.en,
    }


def renewed(
    earlier: Iterable[Mapping[str, str]], outcomes: Iterable[Outcome]
) -> list[dict[str, str]]:
    """Return all rows: those of conditions tried anew replace what stood there, sorted."""
    outcomes = list(outcomes)
    anew = {outcome.condition for outcome in outcomes}
    kept = [_row(row) for row in earlier if row["condition"] not in anew]
    rows = [*kept, *(row for outcome in outcomes for row in rows_of(outcome))]
    return sorted(rows, key=lambda row: (row["condition"], row["exhibit"]))


def line_of(outcome: Outcome, language: str) -> str:
    """Return what came of a condition in one line."""
    what = outcome.what.in_language(language)
    if outcome.skipped is not None:
        return f"{SKIPPED.in_language(language)}: {what}; {outcome.skipped.in_language(language)}"
    verdicts = [exhibit.verdict for exhibit in outcome.exhibits]
    worst = max(verdicts, default=Verdict.MISSING)
    return LINE.in_language(language).format(
        verdict=WORDS[worst].in_language(language),
        what=what,
        exhibits=len(verdicts),
        identical=verdicts.count(Verdict.REPRODUCED),
        minor=verdicts.count(Verdict.MINOR),
        beyond=sum(verdict > Verdict.MINOR for verdict in verdicts),
        seconds=outcome.seconds,
    )


def lines_beyond(outcome: Outcome, language: str) -> Iterator[str]:
    """Yield a line for each exhibit that changes beyond the tolerance: which, where, how far."""
    for exhibit in outcome.exhibits:
        if exhibit.verdict > Verdict.MINOR:
            worst = exhibit.worst
            place = worst.place.in_language(language)
            yield f"    {exhibit.name.in_language(language)}; {worst.file}: {place}"
