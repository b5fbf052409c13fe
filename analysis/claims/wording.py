"""The ledger's fixed words, in both languages, and how numbers are written in its sentences."""

import math

from analysis.claims.decide import Outcome, Reading
from analysis.messages import Text

VERDICTS = {
    "reproduced": Text("reproduced", "相符"),
    "reproduced_under_definition": Text("reproduced under a definition", "特定口径下相符"),
    "not_reproduced": Text("not reproduced", "不符"),
    "not_checkable": Text("not checkable", "无法核对"),
    "": Text("derived, not the author's", "推算值，非作者陈述"),
}
RULES = {
    "reproduced": Text(
        "Every value that the inputs allow satisfies the statement under the default definition.",
        "在默认口径下，投入数所容许的全部取值均满足该陈述。",
    ),
    "reproduced_under_definition": Text(
        "Not every allowed value under the default definition satisfies the statement; some do, "
        "or another named definition does: {definition}.",
        "默认口径下并非全部容许取值都满足该陈述；部分取值或另一口径满足：{definition}。",
    ),
    "not_reproduced": Text(
        "No allowed value satisfies the statement under any named definition.",
        "在所列各口径下，没有任何容许取值满足该陈述。",
    ),
    "not_checkable": Text(
        "Nothing independent of the statement decides it; numbers are shown for what they are.",
        "没有独立于陈述本身的依据可作判断；数字仅供参考。",
    ),
    "": Text(
        "A number derived by this package; it is not scored as a statement of the author.",
        "由本软件包推算的数字，不计入对作者陈述的核对。",
    ),
}
OUTCOMES: dict[Outcome, Text] = {
    "all": Text("all allowed values satisfy", "全部取值满足"),
    "some": Text("some allowed values satisfy", "部分取值满足"),
    "none": Text("no allowed value satisfies", "无一取值满足"),
}
PROVISIONAL = Text("provisional", "暂定")
AT_FACE_VALUE = Text("inputs at face value", "按文中数字")
WITHIN_ROUNDING = Text("within the rounding of the inputs", "在投入数取整范围内")


def number(value: float) -> str:
    """Return a number with up to seven significant digits and no exponent for everyday sizes."""
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    return f"{value:.7g}" if abs(value) < 1e7 else f"{value:,.0f}"


def interval(low: float, high: float) -> Text:
    """Return "a to b", or one number where both are the same to the digits shown."""
    if number(low) == number(high):
        return Text(number(low), number(low))
    return Text(f"{number(low)} to {number(high)}", f"{number(low)} 至 {number(high)}")


def qualified(reading: Reading) -> Text:
    """Return a definition's name and, where only some values satisfy, which ones."""
    label = reading.definition.label
    if reading.outcome != "some":
        return label
    which = AT_FACE_VALUE if reading.face_value_satisfies else WITHIN_ROUNDING
    return Text(f"{label.en}; {which.en}", f"{label.zh}；{which.zh}")
