"""Section 4: what support the tasks get. Most of it is judgement; one date can be compared."""

from analysis.claims.claim import claim
from analysis.claims.decide import Check, Definition
from analysis.claims.inputs import Facts, Input, Range
from analysis.messages import Text

# a decade cut in three: early, mid and late
THIRD = 10.0 / 3.0
MID_1990S = Range(1990.0 + THIRD, 1990.0 + 2.0 * THIRD)
MID_TO_LATE_1990S = Range(1990.0 + THIRD, 2000.0)


@claim("mid90s-shift")
def same_shift_dated_twice(facts: Facts) -> Check:
    """The turn dated to the mid and to the mid-to-late 1990s: can it be one date?"""
    turn = Input(
        "turn",
        Text("date of the turn as sections 2 and 5 give it", "第二、五节所说转变的时间"),
        1995.0,
        MID_TO_LATE_1990S,
        "article",
    )
    in_the_middle = Definition(
        "one_date",
        Text("a year that both wordings allow", "两种说法均容许的年份"),
        lambda values: values["turn"],
    )
    note = Text(
        "The same turn is dated to the middle and to the middle and end of the decade; one date "
        "satisfies both only within the middle third.",
        "同一转变分别被定在中期与中后期；只有落在十年的中间三分之一，两种说法才一致。",
    )
    return Check((turn,), (in_the_middle,), MID_1990S, note)
