"""Section 3.2, the collection: X county in 2015 and what all employers there would owe.

Amounts in 10,000 yuan (万元).
"""

import math
from collections.abc import Sequence
from datetime import date
from functools import partial

from analysis.claims.claim import claim
from analysis.claims.decide import Check, Definition, Values
from analysis.claims.inputs import Facts, Input, Range, exactly
from analysis.claims.sections.section_3_2_levy import (
    COUNTY,
    RATE,
    REMITTED,
    levy_of_organs,
)
from analysis.institutions import (
    due_upward,
    part_of,
    payroll_behind,
    percent_of,
    remaining,
    total_of,
    whole_of,
)
from analysis.messages import Text

# an order of magnitude in the article ("ten million"), taken as 1,000 x 10,000 yuan
RETAINED = Text("what the county would keep from all employers", "全部单位足额缴纳时县级留存额")
IF_TEN_MILLION = Text(
    "Only as good as the article's order of magnitude for what full payment would bring.",
    "以文中对足额缴纳的数量级估计为前提。",
)


def _retained(facts: Facts) -> Input:
    statement = facts.statements["x-retained-1000"]
    return Input(statement.claim_id, RETAINED, 1000.0, statement.range, "article")


def _organs(facts: Facts) -> tuple[Input, ...]:
    return facts.stated("x-staff-2600"), facts.stated("x-wage-6w", step=0.01), RATE


@claim("y-200312")
def document_after_first_pilots(facts: Facts) -> Check:
    """A document of December 2003 is not earlier than pilots that began in 2003 (months)."""
    pilots = Input(
        "pilot_month",
        Text("month of 2003 of the first pilots (any)", "首批试点的月份（2003年内）"),
        6.0, Range(1.0, 12.0), "article",
    )  # fmt: skip
    document = exactly("document_month", Text("month of the document", "文件的月份"), 12.0)
    lag = Definition(
        "months_between",
        Text("months from the first pilots to the document", "从首批试点到该文件的月数"),
        lambda values: values["document_month"] - values["pilot_month"],
    )
    note = Text(
        "Two dates of the article against each other; neither is checked against a document.",
        "以文中两个日期互相核对，均未与文件原文对照。",
    )
    return Check((pilots, document), (lag,), Range(0.0), note)


@claim("x-date-2015-12")
def elapsed_share_of_2015(facts: Facts) -> Check:
    """The share of the year that had passed in mid-December (11th to 20th), percent."""
    day = Input(
        "day_of_december", Text("day of December 2015", "2015年12月的日期"),
        15.0, Range(11.0, math.nextafter(20.0, 21.0)), "article",
    )  # fmt: skip
    before_december = (date(2015, 12, 1) - date(2015, 1, 1)).days
    share = Definition(
        "elapsed_share",
        Text("share of the year passed, percent", "当年已过的比例（%）"),
        lambda values: 100.0 * (before_december + values["day_of_december"]) / 365.0,
    )
    note = Text("So the amounts collected are those of part of a year.", "因此各收缴额均非全年数。")
    return Check((day,), (share,), None, note)


@claim("x-total-420")
def total_of_channels(facts: Facts) -> Check:
    """Budget appropriation and tax collection against the total; another channel is not stated."""
    fiscal, tax = facts.stated("x-fiscal-60"), facts.stated("x-tax-340")
    total = facts.stated("x-total-420")
    rest = Input(
        "other_channels", Text("other channels (amount not stated)", "其他渠道（数额未载）"),
        remaining(total.value, fiscal.value, tax.value), Range(0.0), "article",
    )  # fmt: skip
    named = Definition(
        "named_channels",
        Text("the two named channels", "所列两个渠道之和"),
        lambda values: total_of(values[fiscal.key], values[tax.key]),
    )
    with_rest = Definition(
        "with_an_unstated_amount",
        Text("with an unstated amount from other channels", "加上其他渠道的未载数额"),
        lambda values: total_of(values[fiscal.key], values[tax.key], values["other_channels"]),
    )
    note = Text(
        f"Closes only with an unstated {rest.value:g} from other channels.",
        f"须另有未载明的{rest.value:g}万元来自其他渠道，方能相合。",
    )
    return Check((fiscal, tax, rest), (named, with_rest), total.allowed, note)


@claim("x-other-20")
def other_channels(facts: Facts) -> Check:
    """Total less the two named channels."""
    total, fiscal, tax = (facts.stated(key) for key in ("x-total-420", "x-fiscal-60", "x-tax-340"))
    rest = Definition(
        "total_less_named",
        Text("total less the named channels", "总额减去所列渠道"),
        lambda values: remaining(values[total.key], values[fiscal.key], values[tax.key]),
    )
    return Check((total, fiscal, tax), (rest,), None)


@claim("x-task-vs-tax")
def collection_within_target(facts: Facts) -> Check:
    """Collection over the target, percent, on three scopes; the text does not say which."""
    target, tax, fiscal, total = (
        facts.stated(key) for key in ("x-target-370", "x-tax-340", "x-fiscal-60", "x-total-420")
    )
    scopes = {
        "all_channels": (Text("all channels", "全部渠道"), (total,)),
        "tax_and_budget": (Text("tax office and budget", "税务代收与财政拨款"), (tax, fiscal)),
        "tax_office_only": (Text("tax office only", "仅税务代收"), (tax,)),
    }

    def over_target(parts: Sequence[Input], values: Values) -> float:
        collected = total_of(*(values[part.key] for part in parts))
        return percent_of(collected, values[target.key])

    definitions = tuple(
        Definition(
            name,
            Text(f"{label.en} over target, percent", f"{label.zh}占任务（%）"),
            partial(over_target, parts),
        )
        for name, (label, parts) in scopes.items()
    )
    note = Text(
        "The target's scope is not stated, so each scope is tried; the amounts are those of "
        "mid-December.",
        "任务的口径未载明，故逐一试算；各数额截至12月中旬。",
    )
    accepted = Range(high=facts.statements["x-task-vs-tax"].range.high)
    return Check((target, tax, fiscal, total), definitions, accepted, note)


def _due_upward(retained: float) -> float:
    """Return the 40 % due upward when the county's 25 % of the levy is ``retained``."""
    return due_upward(retained, COUNTY.value, REMITTED.value)


@claim("x-retained-1000")
def payroll_behind_ten_million(facts: Facts) -> Check:
    """The payroll whose 2 % levy would leave the county so much."""
    retained = _retained(facts)
    payroll = Definition(
        "payroll",
        Text("payroll of all employers", "全部单位的工资总额"),
        lambda values: payroll_behind(whole_of(values[retained.key], COUNTY.value), RATE.value),
    )
    return Check((retained,), (payroll,), None)


@claim("x-organs-share-of-potential")
def organs_share(facts: Facts) -> Check:
    """The organs' 25 % over what full payment would leave the county, percent."""
    retained, organs = _retained(facts), _organs(facts)
    share = Definition(
        "organs_over_all",
        Text("organs over all employers, percent", "机关占全部单位（%）"),
        lambda values: percent_of(
            part_of(levy_of_organs(facts, values), COUNTY.value), values[retained.key]
        ),
    )
    return Check((*organs, retained), (share,), None, IF_TEN_MILLION)


@claim("x-tax-340-implied")
def tax_over_due(facts: Facts) -> Check:
    """Tax collection over the 40 % due from employers other than organs, percent."""
    retained, tax, organs = _retained(facts), facts.stated("x-tax-340"), _organs(facts)
    ratio = Definition(
        "collected_over_due",
        Text("collected over due, percent", "实收占应收（%）"),
        lambda values: percent_of(
            values[tax.key],
            remaining(
                _due_upward(values[retained.key]),
                part_of(levy_of_organs(facts, values), REMITTED.value),
            ),
        ),
    )
    return Check((tax, retained, *organs), (ratio,), None, IF_TEN_MILLION)


def _collected_over_all(facts: Facts) -> Check:
    retained, total = _retained(facts), facts.stated("x-total-420")
    ratio = Definition(
        "collected_over_all_due",
        Text("collected over what all employers owe upward, percent", "实收占全部应上解额（%）"),
        lambda values: percent_of(values[total.key], _due_upward(values[retained.key])),
    )
    return Check((total, retained), (ratio,), None, IF_TEN_MILLION)


@claim("x-coverage-all")
def collected_over_all(facts: Facts) -> Check:
    """All that was collected over all that was due upward."""
    return _collected_over_all(facts)


@claim("fee-quota-low-rate")
def collection_rate(facts: Facts) -> Check:
    """The same rate, for section 4.1, where it is called low; one year only."""
    return _collected_over_all(facts)


@claim("x-min-wage-base")
def base_that_closes_the_gap(facts: Facts) -> Check:
    """The base over payroll that alone would explain the tax office's collection, percent."""
    return tax_over_due(facts)


@claim("x-fiscal-ratio")
def budget_units_paid_over_due(facts: Facts) -> Check:
    """Appropriation over the organs' 40 %: an upper bound, since institutions owe as well."""
    fiscal, organs = facts.stated("x-fiscal-60"), _organs(facts)
    ratio = Definition(
        "upper_bound_of_paid_over_due",
        Text("upper bound of paid over due, percent", "实缴占应缴的上限（%）"),
        lambda values: percent_of(
            values[fiscal.key], part_of(levy_of_organs(facts, values), REMITTED.value)
        ),
    )
    return Check((fiscal, *organs), (ratio,), None)


@claim("x-shortfall-64.8")
def shortfall_of_organs(facts: Facts) -> Check:
    """The organs' 40 % less the appropriation: a lower bound of the shortfall."""
    fiscal, organs = facts.stated("x-fiscal-60"), _organs(facts)
    gap = Definition(
        "due_less_paid",
        Text("due less paid", "应缴减实缴"),
        lambda values: remaining(
            part_of(levy_of_organs(facts, values), REMITTED.value), values[fiscal.key]
        ),
    )
    return Check((fiscal, *organs), (gap,), None)
