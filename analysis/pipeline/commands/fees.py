"""``fees``: who gets what of the union fee; a county's own rules and figures; bunching.

fees --staff 2600 --wage 60000            one employer, or all of a place
fees --template > my_county.toml          a county's file to fill in
fees --rules my_county.toml --out FOLDER  a county's tables and figures in both languages
fees --bunching counties.csv              the excess of collection at the target
"""

import argparse
from pathlib import Path

from analysis.messages import Text, UserError

WORK = Text(
    "--staff and --wage, or --payroll, or --rules FILE, or --bunching FILE, or --template",
    "--staff 与 --wage，或 --payroll，或 --rules 文件，或 --bunching 文件，或 --template",
)
NOTHING = Text("without options", "不带选项")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the calculator's options, then the two that take a file."""
    case = parser.add_argument_group("an employer or a place (yuan a year; 6万 is read too)")
    case.add_argument("--staff", help="persons")
    case.add_argument("--wage", help="mean wage, yuan a person and year")
    case.add_argument("--payroll", help="in place of --staff and --wage, yuan a year")
    case.add_argument("--base", choices=("payroll", "minimum-wage"), help="what is assessed")
    case.add_argument("--minimum-wage", metavar="YUAN", help="yuan a month")
    case.add_argument("--exempt", metavar="SHARE", help="share of payroll exempt, 0 to 1")
    case.add_argument("--quota", metavar="SHARE", help="share of the assessed let in, 0 to 1")
    case.add_argument("--exact", action="store_true", help="round inputs are no intervals")
    rule = parser.add_argument_group("the rule")
    rule.add_argument("--rule", default="", metavar="ID", help="a rule by its id")
    rule.add_argument("--place", default="", help="the rule of a place")
    rule.add_argument("--year", help="the rule that holds in the year")
    rule.add_argument("--collection", choices=("full", "proportional"), help="another way")
    rule.add_argument("--list", action="store_true", help="list the rules")
    target = parser.add_argument_group("against a target (yuan)")
    target.add_argument("--target", help="the assigned target")
    target.add_argument("--scope", choices=("tax", "tax-and-budget", "all"), default="tax")
    target.add_argument("--budget", help="appropriated through the budget")
    target.add_argument("--other", help="through other channels")
    files = parser.add_argument_group("files")
    files.add_argument("--rules", type=Path, metavar="FILE.toml", help="a county's own rules")
    files.add_argument("--template", action="store_true", help="print such a file to fill in")
    files.add_argument("--bunching", type=Path, metavar="FILE", help="counties' years")
    files.add_argument("--out", type=Path, help="where to write")
    files.add_argument("--json", action="store_true", help="print JSON")
    bunching = parser.add_argument_group("bunching")
    bunching.add_argument("--degree", type=int, default=4, help="of the polynomial")
    bunching.add_argument("--bin-width", type=float, default=0.02, metavar="WIDTH")
    bunching.add_argument("--draws", type=int, default=499, help="of the bootstrap")
    bunching.add_argument("--seed", type=int, default=20170101)


def run(options: argparse.Namespace) -> int:
    """Do what was asked for."""
    asked_to_calculate = options.staff or options.wage or options.payroll
    if options.bunching:
        from analysis.pipeline.commands import fee_bunching

        return fee_bunching.run(options)
    if options.template:
        from analysis.institutions.fee_chain.county import TEMPLATE

        print(TEMPLATE.read_text(encoding="utf-8"), end="")
        return 0
    if options.list or asked_to_calculate:
        from analysis.pipeline.commands import fee_calculator

        return fee_calculator.run(options)
    if options.rules:
        from analysis.pipeline.commands import fee_county

        return fee_county.run(options)
    raise UserError("option", option="fees", value=NOTHING, expected=WORK)
