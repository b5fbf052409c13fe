"""``claims``: bring the ledger up to date and print it; ``--show ID`` prints one derivation."""

import argparse
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from analysis.exhibits.words import STEP_ROLES
from analysis.files import read_rows
from analysis.messages import Text, UserError
from analysis.pipeline.commands.building import build_showing
from analysis.pipeline.places import CLAIMS, DERIVATIONS, SUMMARY
from analysis.pipeline.plan import tasks_for

Row = Mapping[str, str]
VERDICT_NAMES = (
    "reproduced",
    "reproduced_under_definition",
    "not_reproduced",
    "not_checkable",
)
RECOMPUTED = Text("recomputed", "复算")
STATED = Text("stated", "文中")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the claim to show and the verdict to list."""
    parser.add_argument("--show", metavar="ID", help="print one claim's derivation")
    parser.add_argument("--verdict", choices=VERDICT_NAMES, help="list only these claims")


def run(options: argparse.Namespace) -> int:
    """Print the ledger and its summary, or one derivation."""
    _, code = build_showing(tasks_for("claims"), options.lang)
    if code:
        return code
    if options.show:
        return _show(options.show, options.lang)
    _print_ledger(read_rows(CLAIMS), options.verdict, options.lang)
    return 0


def _show(claim_id: str, language: str) -> int:
    rows = read_rows(DERIVATIONS)
    known = list(dict.fromkeys(row["claim_id"] for row in rows))
    if claim_id not in known:
        nearest = get_close_matches(claim_id, known, n=1, cutoff=0.0)[0]
        raise UserError("no_claim", value=claim_id, nearest=nearest)
    print(claim_id)
    for row in rows:
        if row["claim_id"] == claim_id:
            print(_step(row, language))
    return 0


def _step(row: Row, language: str) -> str:
    role = STEP_ROLES[row["role"]].in_language(language)
    value = f" = {row['value']}" if row["value"] and row["role"] in ("input", "definition") else ""
    if row["role"] == "statement":
        value = f" ({STATED.in_language(language)}: {row['value']})"
    status = f"  [{row['status']}]" if row["status"] and row["role"] == "input" else ""
    return f"  {row['step']:>2}. {role}: {row[f'text_{language}']}{value}{status}"


def _print_ledger(rows: Sequence[Row], verdict: str | None, language: str) -> None:
    section = ""
    for row in sorted(rows, key=lambda row: row["section"]):
        if verdict and row["verdict"] != verdict:
            continue
        if row["section"] != section:
            section = row["section"]
            print(f"\n§ {section}")
        print(_line(row, language))
    print(f"\n{read_rows(SUMMARY)[0][f'text_{language}']}")


def _line(row: Row, language: str) -> str:
    from analysis.claims import PROVISIONAL, VERDICTS

    verdict = VERDICTS[row["verdict"]].in_language(language)
    firm = f" ({PROVISIONAL.in_language(language)})" if row["provisional"] == "true" else ""
    numbers = ""
    if row["recomputed"]:
        numbers = (
            f"\n      {STATED.in_language(language)} {row['stated']} {row['unit']}; "
            f"{RECOMPUTED.in_language(language)} {row['recomputed']} ({row['definition']})"
        )
    return f"  {row['claim_id']}: {verdict}{firm}\n      {row[f'statement_{language}']}{numbers}"
