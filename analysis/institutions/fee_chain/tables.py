"""A county's figures as tables: the split, the way from due to collected, attainment, caps.

Money in 10,000 yuan. Each table carries the status of the figures that it rests on.
"""

from collections.abc import Mapping

import pandas as pd

from analysis.institutions.fee_chain.chain import Line, caps_per_payroll, lines
from analysis.institutions.fee_chain.county import County
from analysis.institutions.fee_chain.identified_set import bounds, identified_set
from analysis.institutions.fee_chain.stated import TEN_THOUSAND, Stated, minus, plus
from analysis.institutions.union_fee import due_upward, handling_fee_cap, percent_of

SCOPES = {"tax": ("tax",), "tax_and_budget": ("tax", "budget"), "all": ("tax", "budget", "other")}


def county_tables(county: County) -> dict[str, pd.DataFrame]:
    """Return every table that the county's figures allow, by exhibit result's name."""
    found = {"fee_split": split_table(county), "fee_caps": caps_table(county)}
    if county.known("target", "tax"):
        found["fee_attainment"] = attainment_table(county)
    if county.known("tax"):
        found["fee_waterfall"] = waterfall_table(county)
        if product_range(county) is not None:
            found["fee_identified_set"] = identified_set_table(county)
    return found


def split_table(county: County) -> pd.DataFrame:
    """Return level, share_percent, amount_yuan, amount_10k, low_10k, high_10k, collected_10k.

    The first row is the levy as a whole. ``collected_10k`` is what passes the tax office at the
    case's base, exemption and quota: nothing for the grassroots under proportional collection.
    """
    known = {line.key: line for line in lines(county.rule, county.case)}
    wanted = [line for line in known.values() if line.key.startswith("due")]
    rows = [
        {
            "level": line.key.removeprefix("due:"),
            "share_percent": 100.0 if line.key == "due" else line.percent,
            "amount_yuan": line.amount.value,
            "amount_10k": line.amount.value / TEN_THOUSAND,
            "low_10k": line.amount.low / TEN_THOUSAND,
            "high_10k": line.amount.high / TEN_THOUSAND,
            "collected_10k": _collected(known, line.key),
        }
        for line in wanted
    ]
    return pd.DataFrame(rows).assign(inputs_status=county.status)


def _collected(known: Mapping[str, Line], key: str) -> float | None:
    line = known.get("collected" if key == "due" else key.replace("due:", "got:"))
    return line.amount.value / TEN_THOUSAND if line else None


def caps_table(county: County) -> pd.DataFrame:
    """Return, by way of collection, the cap on what is collected and on payroll, in percent.

    ``in_force`` marks the rule's own way; for it also the cap on what the tax office collected and
    the fee paid, in 10,000 yuan, where both are known.
    """
    per_payroll = caps_per_payroll(county.rule)
    rows = []
    for way, cap in county.rule.caps.items():
        mine = way == county.rule.collection
        tax, fee = (county.tax, county.handling_fee) if mine else (None, None)
        rows.append(
            {
                "collection": way,
                "in_force": mine,
                "cap_on_collected_percent": cap,
                "collected_on_payroll_percent": 100.0 * per_payroll[way] / cap,
                "cap_on_payroll_percent": per_payroll[way],
                "cap_10k": handling_fee_cap(tax.value, cap) if tax else None,
                "cap_low_10k": handling_fee_cap(tax.low, cap) if tax else None,
                "cap_high_10k": handling_fee_cap(tax.high, cap) if tax else None,
                "fee_paid_10k": fee.value if fee else None,
            }
        )
    columns = ["collection", "in_force", "cap_on_collected_percent",
               "collected_on_payroll_percent", "cap_on_payroll_percent", "cap_10k", "cap_low_10k",
               "cap_high_10k", "fee_paid_10k"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).assign(inputs_status=county.status)


def attainment_table(county: County) -> pd.DataFrame:
    """Return collection over target in percent by scope, its range, and at the year's pace.

    Columns: scope, collected_10k, target_10k, attainment_percent, low_percent, high_percent,
    elapsed_percent, year_end_percent (the attainment over the share of the year that it covers).
    """
    target = county.target
    assert target is not None
    rows = []
    for scope, channels in SCOPES.items():
        if not county.known(*channels):
            continue
        collected = plus(*(getattr(county, channel) for channel in channels))
        if scope == "all" and county.total is not None:
            # what is left over was got from the total: its rounding must not count twice
            collected = county.total
        attained = percent_of(collected.value, target.value)
        rows.append(
            {
                "scope": scope,
                "collected_10k": collected.value,
                "target_10k": target.value,
                "attainment_percent": attained,
                "low_percent": percent_of(collected.low, target.high),
                "high_percent": percent_of(collected.high, target.low),
                "elapsed_percent": 100.0 * county.elapsed,
                "year_end_percent": attained / county.elapsed,
            }
        )
    return pd.DataFrame(rows).assign(inputs_status=county.status)


def waterfall_table(county: County) -> pd.DataFrame:
    """Return step, amount_10k (a fall is negative), low_10k, high_10k, start_10k, end_10k.

    Steps: due, organs_unpaid and others_uncollected (or uncollected where the two cannot be told
    apart), other_channels, collected.
    """
    steps = _steps(county)
    rows, level = [], 0.0
    for step, amount in steps:
        start = 0.0 if step in ("due", "collected") else level
        level = start + amount.value
        rows.append((step, amount.value, amount.low, amount.high, start, level))
    columns = ["step", "amount_10k", "low_10k", "high_10k", "start_10k", "end_10k"]
    return pd.DataFrame(rows, columns=columns).assign(inputs_status=county.status)


def _steps(county: County) -> list[tuple[str, Stated]]:
    due, organs = due_of_all(county), _remitted(county)
    tax, budget, other = (part or ZERO for part in (county.tax, county.budget, county.other))
    if county.known("retained", "budget"):
        falls = [
            ("organs_unpaid", minus(budget, organs)),
            ("others_uncollected", minus(tax, minus(due, organs))),
        ]
    else:
        falls = [("uncollected", minus(plus(tax, budget), due))]
    more = [("other_channels", other)] if county.known("other") else []
    return [("due", due), *falls, *more, ("collected", county.total or plus(tax, budget, other))]


ZERO = Stated(0.0, 0.0, 0.0)


def _remitted(county: County) -> Stated:
    """Return what the known payroll owes through the tax office's share, in 10,000 yuan."""
    key = "due" if county.rule.collection == "full" else "remitted"
    line = next(line for line in lines(county.rule, county.case) if line.key == key)
    amount = line.amount
    return Stated(*(end / TEN_THOUSAND for end in (amount.value, amount.low, amount.high)))


def due_of_all(county: County) -> Stated:
    """Return what all employers owe: from what the county would keep, else the known payroll's."""
    shares = county.rule.shares
    if county.retained is None or not shares.get("county"):
        return _remitted(county)
    part = 100.0 if county.rule.collection == "full" else county.rule.upward_percent

    def due(end: float) -> float:
        return due_upward(end, shares["county"], part)

    kept = county.retained
    return Stated(due(kept.value), due(kept.low), due(kept.high))


def product_range(county: County) -> Stated | None:
    """Return base ratio * (1 - exempt) * quota = tax collection / due, and its ends.

    Due is that of the employers the tax office collects from: all less the organs where the organs
    pay through the budget. None where more was collected than is due.
    """
    tax, due = county.tax, due_of_all(county)
    assert tax is not None
    if county.known("retained", "budget"):
        due = minus(due, _remitted(county))
    if due.low <= 0.0 or not 0.0 < tax.value <= due.value:
        return None
    return Stated(tax.value / due.value, tax.low / due.high, tax.high / due.low)


def identified_set_table(county: County) -> pd.DataFrame:
    """Return the identified set's curves, with the bounds of the base ratio at the face value."""
    product = product_range(county)
    assert product is not None
    low, high = bounds(product.value)["base_ratio"]
    curves = identified_set(product.value, product.low, product.high)
    return curves.assign(base_low=low, base_high=high, inputs_status=county.status)
