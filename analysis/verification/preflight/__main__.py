"""``make preflight``: what an editor would write back about, before the deposit."""

import argparse
import sys
from collections.abc import Iterable, Sequence

from analysis.messages import LANGUAGES, Text, UserError, users_language
from analysis.paths import ROOT
from analysis.verification.preflight.finding import Severity
from analysis.verification.preflight.run import Checked, checked, names

ABOUT = Text("look for what editors scan a deposit for", "检查编辑部审核数据包时所查的各项")
PASSED = Text("passed", "通过")
SKIPPED = Text("skipped", "跳过")
SEVERITIES = {Severity.WARNING: Text("warning", "提醒"), Severity.ERROR: Text("error", "错误")}
SUMMARY = Text(
    "{checks} checks: {errors} errors, {warnings} warnings, {skipped} skipped.",
    "共 {checks} 项检查：错误 {errors}，提醒 {warnings}，跳过 {skipped}。",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the checks and print what they find; 1 when something keeps a deposit back."""
    parser = argparse.ArgumentParser(prog="make preflight", description=ABOUT.en)
    parser.add_argument("--only", nargs="+", choices=names(), metavar="CHECK",
                        help=", ".join(names()))  # fmt: skip
    parser.add_argument("--lang", choices=LANGUAGES, default=users_language(), help="en / zh")
    options = parser.parse_args(arguments)
    try:
        return tell(checked(ROOT, tuple(options.only or ())), options.lang)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2


def tell(all_checked: Iterable[Checked], language: str) -> int:
    """Print each check as it ends, then the counts; return the exit code."""
    found: list[Checked] = []
    for one in all_checked:
        found.append(one)
        for line in lines_of(one, language):
            print(line, flush=True)
    severities = [finding.severity for one in found for finding in one.findings]
    counts = {
        "checks": len(found),
        "errors": severities.count(Severity.ERROR),
        "warnings": severities.count(Severity.WARNING),
        "skipped": sum(one.skipped is not None for one in found),
    }
    print(SUMMARY.in_language(language).format(**counts))
    return 1 if counts["errors"] else 0


def lines_of(one: Checked, language: str) -> list[str]:
    """Return one check's verdict and, beneath it, its findings."""
    about = one.about.in_language(language)
    if one.skipped is not None:
        return [f"{SKIPPED.in_language(language)}: {about}; {one.skipped.in_language(language)}"]
    verdict = PASSED if one.worst is None else SEVERITIES[one.worst]
    return [
        f"{verdict.in_language(language)}: {about}",
        *(f"    {f.file}: {f.what.in_language(language)}" for f in one.findings),
    ]


if __name__ == "__main__":
    raise SystemExit(main())
