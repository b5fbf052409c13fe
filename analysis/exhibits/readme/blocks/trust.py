"""What was tried against the results and what came of it, from the files that the trials wrote."""

from collections.abc import Mapping, Sequence

from analysis.exhibits.readme.tables import pipe_table

INPUTS = {
    "verification": "reports/results/verification.csv",
    "determinism": "reports/results/determinism.csv",
    "faults": "reports/results/faults.csv",
    "fuzzing": "reports/results/fuzzing.csv",
}
REPRODUCED, MINOR, SKIPPED = "reproduced", "reproduced with minor differences", "skipped"
NOT_YET = "`{command}` has not been run on this state of the package."
Rows = Sequence[Mapping[str, str]]


def text(verification: Rows, determinism: Rows, faults: Rows, fuzzing: Rows) -> str:
    """Return the section's text: four trials, each with its date and its table."""
    parts = (
        ("Rebuilt from nothing (`make verify`)", _verified(verification)),
        ("Under other conditions (`make determinism`)", _determined(determinism)),
        ("Faults on purpose (`make faults`)", _survived(faults)),
        ("Hostile input (`make fuzz`)", _fuzzed(fuzzing)),
    )
    return "\n\n".join(f"**{title}.** {content}" for title, content in parts)


def _verified(rows: Rows) -> str:
    if not rows:
        return NOT_YET.format(command="make verify")
    verdicts = [row["verdict"] for row in rows]
    counts = ", ".join(f"{verdicts.count(word)} {word}" for word in dict.fromkeys(sorted(verdicts)))
    first = rows[0]
    peak = f", {first['peak_mib']} MiB of memory at most" if first["peak_mib"] else ""
    took = f"; {float(first['seconds']):.0f} s{peak}" if first["seconds"] else ""
    where = f"{first['machine']}, {first['versions'].partition(';')[0]}"
    return f"{len(rows)} exhibits: {counts}. {first['verified_on']}, {where}{took}."


def _determined(rows: Rows) -> str:
    if not rows:
        return NOT_YET.format(command="make determinism")
    lines = [
        _condition([row for row in rows if row["condition"] == condition])
        for condition in dict.fromkeys(row["condition"] for row in rows)
    ]
    header = ("changed", "exhibits", "the same", "within tolerance", "beyond", "largest change")
    return f"One thing changed at a time; {_days(rows)}.\n\n{pipe_table(header, lines)}"


def _condition(rows: Rows) -> list[str]:
    first = rows[0]
    if first["verdict"] == SKIPPED:
        return [first["what_en"], "skipped", "", "", "", first["note"]]
    verdicts = [row["verdict"] for row in rows]
    same, minor = verdicts.count(REPRODUCED), verdicts.count(MINOR)
    beyond = len(rows) - same - minor
    return [first["what_en"], *map(str, (len(rows), same, minor, beyond)), _largest(rows)]


def _largest(rows: Rows) -> str:
    """Return the largest change and its exhibit; the largest first where one is no number."""
    row = max(rows, key=lambda row: float(row["largest_change"]))
    return f"{row['largest_change']} ({row['exhibit']})" if float(row["largest_change"]) else "0"


def _survived(rows: Rows) -> str:
    if not rows:
        return NOT_YET.format(command="make faults")
    tries, survived = (sum(int(row[key]) for row in rows) for key in ("tries", "survived"))
    lines = [[row[key] for key in ("what_en", "tries", "survived", "how_en")] for row in rows]
    table = pipe_table(("fault", "tries", "survived", "how it ended"), lines)
    return f"{tries} tries, {survived} survived; {_days(rows)}.\n\n{table}"


def _fuzzed(rows: Rows) -> str:
    if not rows:
        return NOT_YET.format(command="make fuzz")
    inputs = sum(int(row["inputs"]) for row in rows)
    keys = ("what_en", "tool", "inputs", "findings", "left_open")
    table = pipe_table(
        ("reader", "tool", "inputs tried", "findings", "left open"),
        [[row[key] for key in keys] for row in rows],
    )
    return f"{inputs:,} inputs; {_days(rows)}.\n\n{table}"


def _days(rows: Rows) -> str:
    """Return the days on which rows were made, the first and the last."""
    days = sorted({row["run_on"] for row in rows})
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
