"""The union fee (工会经费) as arithmetic: 2 % of payroll, split between the levels of the union.

Amounts are in whatever unit the wage is in (the article's is 10,000 yuan a year). Source: the
article, section 3.2; Trade Union Law, the clause on union funds.
"""


def fee_due(staff: float, wage: float, rate_percent: float) -> float:
    """Return staff * wage * rate: what an employer owes in a year."""
    return staff * wage * rate_percent / 100.0


def part_of(amount: float, share_percent: float) -> float:
    """Return ``share_percent`` of an amount."""
    return amount * share_percent / 100.0


def whole_of(part: float, share_percent: float) -> float:
    """Return the amount of which ``part`` is ``share_percent``."""
    return 100.0 * part / share_percent


def payroll_behind(fee: float, rate_percent: float) -> float:
    """Return the payroll that owes ``fee``."""
    return 100.0 * fee / rate_percent


def handling_fee_cap(collected: float, cap_percent: float) -> float:
    """Return the most that the tax office may be paid for collecting ``collected``."""
    return part_of(collected, cap_percent)


def percent_of(part: float, whole: float) -> float:
    """Return ``part`` as a percentage of ``whole``: target attainment, collection rates."""
    return 100.0 * part / whole


def total_of(*amounts: float) -> float:
    """Return the sum of amounts or of shares."""
    return sum(amounts)


def remaining(total: float, *named: float) -> float:
    """Return ``total`` less the named parts: other channels, shortfalls, the share left over."""
    return total - sum(named)


def due_upward(county_part: float, county_percent: float, remitted_percent: float) -> float:
    """Return what is due to all upper unions when the county's own part is ``county_part``."""
    return part_of(whole_of(county_part, county_percent), remitted_percent)
