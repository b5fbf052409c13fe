"""``confirm``: which figures still have to be read in the yearbook; write down that one was."""

import argparse
import math
from collections.abc import Mapping, Sequence

from analysis.files import read_rows
from analysis.messages import Text, UserError
from analysis.paths import relative
from analysis.pipeline.commands.building import build_quietly
from analysis.pipeline.places import CLAIMS, DENOMINATORS, DISPUTES, FLIPS
from analysis.pipeline.plan import tasks_for

SHOWN = 20
REQUIRED = ("year", "variable", "value", "source", "by")
HEADING = Text(
    "Figures not verified, those that can flip most verdicts first:",
    "尚未核实的数字，按其可改变的结论数排列：",
)
MORE = Text("... and {count} more: confirm --all", "……另有 {count} 个：confirm --all")
WRITTEN = Text("Written to {file}.", "已写入 {file}。")
SAME = Text("No verdict changed.", "没有结论因此改变。")
CHANGED = Text("What changed:", "变化：")
Row = Mapping[str, str]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the figure, its value as read, and the evidence."""
    parser.add_argument("--year", type=int)
    parser.add_argument("--variable")
    parser.add_argument("--value", type=float)
    parser.add_argument("--source", help="yearbook and table where you read it")
    parser.add_argument("--page", default="")
    parser.add_argument("--by", help="your name")
    parser.add_argument("--all", action="store_true", help="list every figure")


def run(options: argparse.Namespace) -> int:
    """List the figures, or write one confirmation, rerun the verdicts and print the change."""
    build_quietly(tasks_for("claims"))
    given = [name for name in REQUIRED if _is_filled(getattr(options, name))]
    if not given and not options.page:
        return _list(options.all, options.lang)
    missing = [f"--{name}" for name in REQUIRED if name not in given]
    if missing:
        raise UserError("incomplete_confirmation", missing=", ".join(missing))
    return _write(options)


def _is_filled(value: object) -> bool:
    return value is not None and bool(str(value).strip())


# --- the list ---------------------------------------------------------------------------------


def _list(everything: bool, language: str) -> int:
    from analysis.sources import where_to_look

    figures = unverified_figures()
    shown = figures if everything else figures[:SHOWN]
    print(HEADING.in_language(language))
    for flips, table, row in shown:
        place = where_to_look(table, int(row["year"])).in_language(language)
        number = (
            f"{float(row['value']):,g}"
            if float(row["value"]) % 1
            else f"{float(row['value']):,.0f}"
        )
        print(
            f"  {flips}  {row['year']} {row['variable']} = {number} [{row['status']}]\n     {place}"
        )
    if len(figures) > len(shown):
        print(MORE.in_language(language).format(count=len(figures) - len(shown)))
    return 0


def unverified_figures() -> list[tuple[int, str, Row]]:
    """Return (verdicts it can flip, table, row) for figures in use below verified, most first."""
    from analysis.status import STATUSES

    flips = _flips_by_input(read_rows(FLIPS))
    found = [
        (len(flips.get(f"{row['variable']} {row['year']}", [])), path.stem, row)
        for path in (DISPUTES, DENOMINATORS)
        for row in read_rows(path)
        if row["in_use"] == "true" and row["status"] != "verified"
    ]
    nearest = {key: min(distances) for key, distances in flips.items()}

    def order(entry: tuple[int, str, Row]) -> tuple:
        count, _, row = entry
        distance = nearest.get(f"{row['variable']} {row['year']}", math.inf)
        return -count, -STATUSES.index(row["status"]), distance, row["variable"], row["year"]

    return sorted(found, key=order)


def _flips_by_input(rows: Sequence[Row]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for row in rows:
        if row["flip"]:
            found.setdefault(row["input"], []).append(abs(float(row["flip_percent"])))
    return found


# --- one confirmation -------------------------------------------------------------------------


def _write(options: argparse.Namespace) -> int:
    from analysis.sources import confirm_figure

    before = {row["claim_id"]: row for row in read_rows(CLAIMS)}
    path = confirm_figure(
        options.year, options.variable, options.value, options.source, options.by, options.page
    )
    print(WRITTEN.in_language(options.lang).format(file=relative(path)))
    build_quietly(tasks_for("claims"))
    changes = [
        line
        for row in read_rows(CLAIMS)
        if (line := _change(before[row["claim_id"]], row, options.lang))
    ]
    print((CHANGED if changes else SAME).in_language(options.lang))
    print("".join(f"  {line}\n" for line in changes), end="")
    return 0


def _change(before: Row, after: Row, language: str) -> str:
    old, new = _state(before, language), _state(after, language)
    return f"{after['claim_id']}: {old} -> {new}" if old != new else ""


def _state(row: Row, language: str) -> str:
    from analysis.claims import PROVISIONAL, VERDICTS

    firm = f", {PROVISIONAL.in_language(language)}" if row["provisional"] == "true" else ""
    return f"{VERDICTS[row['verdict']].in_language(language)} [{row['inputs_status']}{firm}]"
