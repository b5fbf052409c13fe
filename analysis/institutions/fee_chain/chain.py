"""From payroll to what is due and what is collected: C = levy * s * b * (1 - e) * q * payroll + O.

s is the part that the tax office collects (all of the levy, or what is due upward), b the base over
payroll, e the share of payroll that is exempt, q the share of what is assessed that effort or a
quota lets in, O what comes through other channels. Amounts in yuan a year. Source: the article,
section 3.2. b, e and q are separate assumptions: one year's collection gives their product only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.institutions.fee_chain.rules import Rule
from analysis.institutions.fee_chain.stated import Stated, exactly
from analysis.institutions.union_fee import fee_due, handling_fee_cap, part_of

MONTHS = 12.0
Amounts = Mapping[str, float]


@dataclass(frozen=True)
class Case:
    """An employer, or all employers of a place together.

    Attributes
    ----------
    staff, wage
        Persons, and yuan a person and year.
    floor
        The minimum wage in yuan a month; needed where ``base`` is minimum_wage.
    exempt, quota
        Shares from 0 to 1: of payroll exempt, of the assessed let in.
    """

    staff: Stated
    wage: Stated
    floor: Stated | None = None
    base: str = "payroll"
    exempt: float = 0.0
    quota: float = 1.0


@dataclass(frozen=True)
class Line:
    """One line of the answer: an amount in yuan with the range that rounded inputs allow."""

    key: str
    percent: float | None
    amount: Stated


def base_ratio(wage: float, floor: float | None, base: str) -> float:
    """Return the assessed base over payroll: 1, or the wage floor over the wage, never above 1."""
    if base == "payroll" or floor is None:
        return 1.0
    return min(1.0, MONTHS * floor / wage)


def collected_share(rule: Rule, ratio: float, exempt: float, quota: float) -> float:
    """Return what the tax office collects over the levy due: s * b * (1 - e) * q."""
    collected = 1.0 if rule.collection == "full" else part_of(1.0, rule.upward_percent)
    return collected * ratio * (1.0 - exempt) * quota


def amounts(rule: Rule, case: Case) -> dict[str, float]:
    """Return every amount of a case at its face values, in yuan.

    Keys: payroll, due, due:<level>, remitted (due upward), collected (by the tax office),
    got:<level> (its part of what is collected), fee_cap, cap_per_payroll (percent).
    """
    staff, wage = case.staff.value, case.wage.value
    payroll, due = staff * wage, fee_due(staff, wage, rule.levy_percent)
    floor = case.floor.value if case.floor else None
    in_reach = base_ratio(wage, floor, case.base) * (1.0 - case.exempt) * case.quota
    collected = due * collected_share(rule, base_ratio(wage, floor, case.base), case.exempt,
                                      case.quota)  # fmt: skip
    found = {"payroll": payroll, "due": due, "remitted": part_of(due, rule.upward_percent)}
    found |= {f"due:{level}": part_of(due, share) for level, share in rule.shares.items()}
    found |= {
        f"got:{level}": part_of(due * in_reach, share)
        for level, share in rule.shares.items()
        # under proportional collection the grassroots part never passes the tax office
        if level != "grassroots" or rule.collection == "full"
    }
    found["collected"] = collected
    if rule.collection in rule.caps:
        found["fee_cap"] = handling_fee_cap(collected, rule.caps[rule.collection])
        found["cap_per_payroll"] = 100.0 * found["fee_cap"] / payroll
    return found


def lines(rule: Rule, case: Case) -> list[Line]:
    """Return every amount with its range: each grows with staff, wage and wage floor."""
    at_low, at_value, at_high = (
        amounts(rule, _moved(case, end)) for end in ("low", "value", "high")
    )
    return [
        Line(key, _percent(rule, key), Stated(value, at_low[key], at_high[key]))
        for key, value in at_value.items()
    ]


def _moved(case: Case, end: str) -> Case:
    """Return the case with every input at that end of its range."""

    def at(stated: Stated) -> Stated:
        return exactly(getattr(stated, end))

    floor = at(case.floor) if case.floor else None
    return replace(case, staff=at(case.staff), wage=at(case.wage), floor=floor)


def _percent(rule: Rule, key: str) -> float | None:
    if key == "due":
        return rule.levy_percent
    if key == "remitted":
        return rule.upward_percent
    return rule.shares.get(key.removeprefix("due:")) if key.startswith("due:") else None


def caps_per_payroll(rule: Rule) -> dict[str, float]:
    """Return the handling fee's cap by way of collection, in percent of payroll.

    Full: cap * levy; proportional: cap * upward share * levy.
    """
    upward = part_of(rule.levy_percent, rule.upward_percent)
    bases = {"full": rule.levy_percent, "proportional": upward}
    return {way: handling_fee_cap(bases[way], cap) for way, cap in rule.caps.items()}
