"""Section 3.2, the levy: 2 % of payroll, its 60/25/10/5 split, and X county's organs.

Amounts in 10,000 yuan (万元). The root inputs are the article's: about 2,600 staff at about 60,000
yuan. Both are rounded, so what follows from them is an interval, not a number.
"""

from functools import partial

from analysis.claims.claim import claim
from analysis.claims.decide import Check, Definition, Values
from analysis.claims.inputs import Facts, Input, exactly
from analysis.institutions import (
    fee_due,
    part_of,
    payroll_behind,
    percent_of,
    remaining,
    total_of,
    whole_of,
)
from analysis.messages import Text

RATE = exactly("rate", Text("levy, percent of payroll", "计提比例（%）"), 2.0, 0.1)
GRASSROOTS = exactly("grassroots", Text("grassroots share, percent", "基层工会分成（%）"), 60.0)
REMITTED = exactly("remitted", Text("share passed upward, percent", "上解比例（%）"), 40.0)
COUNTY = exactly("county", Text("county share, percent", "县总工会分成（%）"), 25.0)
PROVINCE = exactly("province", Text("provincial share, percent", "省总工会分成（%）"), 10.0)
NATIONAL = exactly("national", Text("national share, percent", "全国总工会分成（%）"), 5.0)


def _organs(facts: Facts) -> tuple[Input, Input, Input]:
    return facts.stated("x-staff-2600", step=1.0), facts.stated("x-wage-6w", step=0.01), RATE


def levy_of_organs(facts: Facts, values: Values) -> float:
    """Return staff * wage * rate at the given values."""
    staff, wage, rate = (values[known.key] for known in _organs(facts))
    return fee_due(staff, wage, rate)


ROUND_INPUTS = Text(
    "The inputs are themselves rounded; the range that their rounding allows stands under "
    "sensitivity, and digits finer than it carry no information.",
    "投入数本身经过取整；取整所容许的范围见敏感性一栏，更细的位数并无信息。",
)


@claim("x-fee-312")
def organ_levy(facts: Facts) -> Check:
    """Staff * wage * 2 %."""
    levy = Definition(
        "staff_times_wage_times_rate",
        Text("staff x wage x 2 %", "人数×工资×2%"),
        lambda values: levy_of_organs(facts, values),
    )
    return Check(_organs(facts), (levy,), facts.statements["x-fee-312"].range, ROUND_INPUTS)


def _share_of_levy(facts: Facts, claim_id: str, share: Input, note: Text = ROUND_INPUTS) -> Check:
    part = Definition(
        "share_of_the_full_levy",
        Text(f"{share.value:g} % of the full levy", f"经费全额的{share.value:g}%"),
        lambda values: part_of(levy_of_organs(facts, values), values[share.key]),
    )
    return Check((*_organs(facts), share), (part,), facts.statements[claim_id].range, note)


@claim("x-share-60")
def grassroots_part(facts: Facts) -> Check:
    """60 % of the organs' levy."""
    return _share_of_levy(facts, "x-share-60", GRASSROOTS)


@claim("x-share-40")
def remitted_part(facts: Facts) -> Check:
    """40 % of the organs' levy."""
    return _share_of_levy(facts, "x-share-40", REMITTED)


@claim("x-124.8-repeat")
def remitted_part_again(facts: Facts) -> Check:
    """The same 40 %, stated a second time."""
    return _share_of_levy(facts, "x-124.8-repeat", REMITTED)


def _county_part(facts: Facts, claim_id: str) -> Check:
    of_levy = _share_of_levy(facts, claim_id, COUNTY)
    of_remitted = Definition(
        "share_of_the_remitted_part",
        Text("25 % of the 40 % passed upward", "上解部分（40%）的25%"),
        lambda values: part_of(part_of(levy_of_organs(facts, values), REMITTED.value),
                               values[COUNTY.key]),
    )  # fmt: skip
    note = Text(
        "A share can be meant of the full levy or of what is passed upward. " + ROUND_INPUTS.en,
        "分成比例可指经费全额，也可指上解部分。" + ROUND_INPUTS.zh,
    )
    return Check(of_levy.inputs, (*of_levy.definitions, of_remitted), of_levy.accepted, note)


@claim("x-share-25")
def county_part(facts: Facts) -> Check:
    """25 % of the organs' levy for the county union."""
    return _county_part(facts, "x-share-25")


@claim("x-78-repeat")
def county_part_again(facts: Facts) -> Check:
    """The same 25 %, stated a second time."""
    return _county_part(facts, "x-78-repeat")


@claim("x-share-10-5")
def province_and_national_parts(facts: Facts) -> Check:
    """What the two shares come to; the article prints the shares, not the amounts."""

    def amount(share: Input, values: Values) -> float:
        return part_of(levy_of_organs(facts, values), values[share.key])

    parts = tuple(
        Definition(
            share.key,
            Text(f"{share.value:g} % of the levy", f"经费全额的{share.value:g}%"),
            partial(amount, share),
        )
        for share in (PROVINCE, NATIONAL)
    )
    return Check((*_organs(facts), PROVINCE, NATIONAL), parts, None, RULE)


RULE = Text(
    "A rule: the amounts follow from it and are shown, but the article prints none to hold them "
    "against.",
    "属规则：由此可推出金额，但文中没有可供对照的数额。",
)


@claim("split-sum-40")
def shares_close_to_40(facts: Facts) -> Check:
    """25 + 10 + 5."""
    return _sum_of_shares(facts, "split-sum-40", COUNTY, PROVINCE, NATIONAL)


@claim("split-sum-100")
def shares_close_to_100(facts: Facts) -> Check:
    """60 + 40."""
    return _sum_of_shares(facts, "split-sum-100", GRASSROOTS, REMITTED)


def _sum_of_shares(facts: Facts, claim_id: str, *shares: Input) -> Check:
    total = Definition(
        "sum_of_shares",
        Text("sum of the stated shares, percent", "所列比例之和（%）"),
        lambda values: total_of(*(values[share.key] for share in shares)),
    )
    return Check(shares, (total,), facts.statements[claim_id].range)


@claim("split-prefecture")
def prefecture_share(facts: Facts) -> Check:
    """What the named shares leave for the prefecture."""
    residual = Definition(
        "residual_of_the_remitted_part",
        Text("share passed upward less the named shares", "上解比例减去所列各级分成"),
        lambda values: remaining(
            values["remitted"], *(values[key] for key in ("county", "province", "national"))
        ),
    )
    note = Text(
        "Implied by the arithmetic, not stated: what the named shares leave over is all that the "
        "prefecture's union, which takes part in the scheme, could get from the county's fees.",
        "由算术推出，文中未明言：所列分成之外的余额，即参与该制度的市总工会可从县级经费所得的上限。",
    )
    accepted = facts.statements["split-prefecture"].range
    return Check((REMITTED, COUNTY, PROVINCE, NATIONAL), (residual,), accepted, note)


@claim("full-collection")
def returned_under_full_collection(facts: Facts) -> Check:
    """100 % less the 40 % that stays with the upper unions."""
    returned = Definition(
        "levy_less_remitted",
        Text("100 % less the share passed upward", "100%减去上解比例"),
        lambda values: remaining(100.0, values[REMITTED.key]),
    )
    return Check((REMITTED,), (returned,), facts.statements["full-collection"].range)


@claim("proportional-collection")
def rate_under_proportional_collection(facts: Facts) -> Check:
    """40 % of 2 % of payroll: the rate that proportional collection comes to."""
    rate = Definition(
        "rate_on_payroll",
        Text("percent of payroll", "占工资总额（%）"),
        lambda values: part_of(values[RATE.key], values[REMITTED.key]),
    )
    return Check((RATE, REMITTED), (rate,), None)


@claim("x-370-is-40")
def levy_behind_the_target(facts: Facts) -> Check:
    """The full levy and the payroll of which the target is 40 %."""
    target = facts.stated("x-target-370")
    levy = Definition(
        "full_levy",
        Text("full levy behind the target", "任务所对应的经费全额"),
        lambda values: whole_of(values[target.key], values[REMITTED.key]),
    )
    payroll = Definition(
        "payroll",
        Text("payroll behind the target", "任务所对应的工资总额"),
        lambda values: payroll_behind(levy.value(values), values[RATE.key]),
    )
    note = Text(
        "A reading of the target: the article prints no full levy to hold the result against.",
        "属对任务口径的说明：文中没有经费全额可供对照。",
    )
    return Check((target, REMITTED, RATE), (levy, payroll), None, note)


@claim("shanxi-4000")
def payroll_of_the_multinational(facts: Facts) -> Check:
    """The payroll that would owe so much, if the amount is the full levy or its 40 %."""
    due = _floor(facts, "shanxi-4000", 4000.0)
    full = Definition(
        "payroll_if_full_levy",
        Text("payroll if the amount is the full levy", "若为经费全额所对应的工资总额"),
        lambda values: payroll_behind(values[due.key], values[RATE.key]),
    )
    part = Definition(
        "payroll_if_remitted_part",
        Text("payroll if the amount is the 40 % passed upward", "若为上解部分所对应的工资总额"),
        lambda values: payroll_behind(
            whole_of(values[due.key], values[REMITTED.key]), values[RATE.key]
        ),
    )
    return Check((due, RATE, REMITTED), (full, part), None)


@claim("shanxi-ratio")
def paid_over_due(facts: Facts) -> Check:
    """What the multinational paid over what it owed, percent."""
    paid, due = _floor(facts, "shanxi-100", 100.0), _floor(facts, "shanxi-4000", 4000.0)
    ratio = Definition(
        "paid_over_due",
        Text("paid over due, percent", "实缴占应缴（%）"),
        lambda values: percent_of(values[paid.key], values[due.key]),
    )
    return Check((paid, due), (ratio,), None)


def _floor(facts: Facts, claim_id: str, printed: float) -> Input:
    """Return a number that the article prints as "more than so much"."""
    statement = facts.statements[claim_id]
    return Input(claim_id, statement.text, printed, statement.range, "article")
