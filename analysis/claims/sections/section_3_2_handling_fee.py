"""Section 3.2, the tax office's handling fee and its caps, and J county's example.

Amounts in 10,000 yuan (万元).
"""

from analysis.claims.claim import claim
from analysis.claims.decide import Check, Definition
from analysis.claims.inputs import Facts, Range, exactly
from analysis.claims.sections.section_3_2_levy import COUNTY, RATE, REMITTED
from analysis.institutions import handling_fee_cap, part_of, percent_of, remaining, whole_of
from analysis.messages import Text

CAP_FULL = exactly("cap_full", Text("cap under full collection, %", "全额代收手续费上限（%）"), 5.0)
CAP_PART = exactly(
    "cap_proportional",
    Text("cap under proportional collection, %", "比例代收手续费上限（%）"),
    10.0,
)


@claim("fee-cap-5")
def cap_under_full_collection(facts: Facts) -> Check:
    """5 % of 2 % of payroll: the cap per 100 yuan of payroll."""
    cap = Definition(
        "cap_on_payroll",
        Text("cap, percent of payroll", "手续费上限占工资总额（%）"),
        lambda values: handling_fee_cap(values[RATE.key], values[CAP_FULL.key]),
    )
    return Check((RATE, CAP_FULL), (cap,), None)


@claim("fee-cap-10")
def cap_under_proportional_collection(facts: Facts) -> Check:
    """10 % of 40 % of 2 % of payroll; the higher nominal cap is the lower one on payroll."""
    cap = Definition(
        "cap_on_payroll",
        Text("cap, percent of payroll", "手续费上限占工资总额（%）"),
        lambda values: handling_fee_cap(
            part_of(values[RATE.key], values[REMITTED.key]), values[CAP_PART.key]
        ),
    )
    note = Text(
        "To be compared with fee-cap-5 per yuan of payroll, not by the nominal percentages.",
        "应按每元工资与 fee-cap-5 比较，而非比较名义比例。",
    )
    return Check((RATE, REMITTED, CAP_PART), (cap,), None, note)


@claim("fee-34")
def fee_within_cap(facts: Facts) -> Check:
    """A fee above 34 within the 10 % cap on about 340: is there room?"""
    tax = facts.stated("x-tax-340")
    cap = Definition(
        "cap_on_tax_collection",
        Text("10 % of what the tax office collected", "税务代收额的10%"),
        lambda values: handling_fee_cap(values[tax.key], values[CAP_PART.key]),
    )
    above = Range(facts.statements["fee-34"].range.low + 1e-9)
    note = Text(
        "The amount collected is itself approximate, so the cap is a range to hold the stated "
        "floor against.",
        "代收额本身为约数，故上限为一区间，以之与所述下限对照。",
    )
    return Check((tax, CAP_PART), (cap,), above, note)


@claim("fee-share-county")
def fee_over_county_part(facts: Facts) -> Check:
    """The fee over what the county keeps of the tax office's collection, percent."""
    fee = exactly("fee-34", facts.statements["fee-34"].text, facts.statements["fee-34"].range.low)
    tax = facts.stated("x-tax-340")
    share = Definition(
        "fee_over_county_part",
        Text("fee over county's part, percent", "手续费占县级留存（%）"),
        lambda values: percent_of(
            values[fee.key], part_of(whole_of(values[tax.key], REMITTED.value), COUNTY.value)
        ),
    )
    return Check((fee, tax), (share,), None)


@claim("j-leak-100")
def surplus_of_the_example(facts: Facts) -> Check:
    """Actual less target in J county's hypothetical example."""
    target, actual = (float(part) for part in facts.statements["j-400-500"].stated.split(";"))
    inputs = (
        exactly("target", Text("target of the example", "例中的任务"), target),
        exactly("actual", Text("actual collection of the example", "例中的实收"), actual),
    )
    surplus = Definition(
        "actual_less_target",
        Text("actual less target", "实收减任务"),
        lambda values: remaining(values["actual"], values["target"]),
    )
    note = Text("An example put by an informant, not data.", "系受访者所举之例，并非数据。")
    return Check(inputs, (surplus,), facts.statements["j-leak-100"].range, note)
