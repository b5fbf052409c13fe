"""The calculator of ``fees``: options to a case, a case to lines of text or JSON."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace

from analysis.institutions.fee_chain.chain import Case, Line, lines
from analysis.institutions.fee_chain.checking import NOT_NEGATIVE, POSITIVE, SHARE, meets
from analysis.institutions.fee_chain.county import require_floor
from analysis.institutions.fee_chain.rules import Rule, choose_rule, package_rules, read_rules
from analysis.institutions.fee_chain.stated import Stated, as_stated, exactly, plus
from analysis.institutions.union_fee import percent_of
from analysis.messages import Text, UserError
from analysis.pipeline.commands.fee_answer import about_rule, as_json, as_text

ONE_OF_BOTH = Text("either it, or --staff and --wage", "只用它，或用 --staff 与 --wage")
STAFF_TOO = Text(
    "--staff and --wage, for a base of so much a person", "--staff 与 --wage（按人计基数）"
)
YEAR = Text("a year from 1949 to 2100", "1949 至 2100 之间的年份")


def run(options: argparse.Namespace) -> int:
    """Print the list of rules, or the answer for the case."""
    own = read_rules(options.rules) if options.rules else ()
    if options.list:
        for rule in (*own, *package_rules()):
            print("\n".join(about_rule(rule, options.lang)))
        return 0
    rule = _rule(options, own)
    case = _case(options, rule)
    found = lines(rule, case)
    attained = _attainment(options, found)
    if options.json:
        print(json.dumps(as_json(rule, case, found, attained), ensure_ascii=False, indent=1))
    else:
        print("\n".join(as_text(rule, case, found, attained, options.lang)))
    return 0


# --- options to a rule and a case ---------------------------------------------------------------


def _rule(options: argparse.Namespace, own: Sequence[Rule]) -> Rule:
    """Return the rule asked for; a user's own file is enough where it is given."""
    known = own if own and not (options.rule or options.place) else (*own, *package_rules())
    rule = choose_rule(known, options.rule, options.place, _year(options.year))
    return replace(rule, collection=options.collection) if options.collection else rule


def _year(written: str | None) -> int | None:
    if written is None:
        return None
    if not written.isascii() or not written.isdigit() or not 1949 <= int(written) <= 2100:
        raise UserError("option", option="--year", value=repr(written), expected=YEAR)
    return int(written)


def _case(options: argparse.Namespace, rule: Rule) -> Case:
    staff, wage = _number(options, "staff", POSITIVE), _number(options, "wage", POSITIVE)
    payroll = _number(options, "payroll", POSITIVE)
    base = (options.base or rule.base).replace("-", "_")
    if payroll:
        if staff or wage:
            raise UserError(
                "option", option="--payroll", value=options.payroll, expected=ONE_OF_BOTH
            )
        if base == "minimum_wage":
            raise UserError("option", option="--base", value=base, expected=STAFF_TOO)
        staff, wage = exactly(1.0), payroll
    for name, value in (("--staff", staff), ("--wage", wage)):
        if value is None:
            raise UserError("option", option=name, value="-", expected=POSITIVE)
    assert staff is not None
    assert wage is not None
    shares = {key: _share(options, key, default) for key, default in (("exempt", 0), ("quota", 1))}
    floor = _number(options, "minimum_wage", POSITIVE)
    case = Case(staff, wage, floor, base, shares["exempt"], shares["quota"])
    require_floor(case, "--minimum-wage")
    return case


def _number(options: argparse.Namespace, key: str, expected: Text) -> Stated | None:
    written = getattr(options, key)
    if written is None:
        return None
    try:
        stated = as_stated(written, options.exact)
    except ValueError:
        stated = None
    if stated is None or not meets(stated.value, expected):
        name = "--" + key.replace("_", "-")
        raise UserError("option", option=name, value=repr(written), expected=expected)
    return stated


def _share(options: argparse.Namespace, key: str, default: float) -> float:
    stated = _number(options, key, SHARE)
    return default if stated is None else stated.value


def _attainment(options: argparse.Namespace, found: Sequence[Line]) -> dict[str, object] | None:
    """Return collection over target for the scope, with its range; None without a target."""
    target = _number(options, "target", POSITIVE)
    parts = [next(line.amount for line in found if line.key == "collected")]
    scope = options.scope.replace("-", "_")
    for key, scopes in (("budget", ("tax_and_budget", "all")), ("other", ("all",))):
        part = _number(options, key, NOT_NEGATIVE)
        parts += [part] if part and scope in scopes else []
    if target is None:
        return None
    total = plus(*parts)
    return {
        "scope": scope,
        "target_yuan": target.value,
        "percent": percent_of(total.value, target.value),
        "percent_low": percent_of(total.low, target.high),
        "percent_high": percent_of(total.high, target.low),
    }
