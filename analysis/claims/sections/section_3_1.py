"""Section 3.1: the wage-guarantee deposit of K city."""

from analysis.claims.claim import claim
from analysis.claims.decide import Check, Definition
from analysis.claims.inputs import Facts, Input, Range
from analysis.messages import Text

MONTHS = 12.0


@claim("k-2003-instruction")
def instruction_before_system(facts: Facts) -> Check:
    """An instruction of early 2003 comes before a deposit system of 2003 (months into the year)."""
    instruction = Input(
        "instruction_month",
        Text("month of 2003 of the instruction (first quarter)", "作出指示的月份（第一季度）"),
        2.0, Range(1.0, 4.0), "article",
    )  # fmt: skip
    system = Input(
        "system_month",
        Text("month of 2003 of the deposit system (any)", "建立制度的月份（2003年内）"),
        7.0, Range(1.0, MONTHS + 1.0), "article",
    )  # fmt: skip
    lag = Definition(
        "months_between",
        Text("months from the instruction to the system", "从指示到建立制度的月数"),
        lambda values: values["system_month"] - values["instruction_month"],
    )
    return Check(
        (instruction, system),
        (lag,),
        Range(0.0),
        Text(
            "Two dates of the article against each other; it dates the system by the year only, "
            "so the order holds unless the system came in the same first months.",
            "以文中两个日期互相核对；制度仅有年份，故只要不在年初数月内建立，先后次序即成立。",
        ),
    )


@claim("k-expel-share")
def expelled_share(facts: Facts) -> Check:
    """Expelled firms over the peak number of teams, percent; the two dates differ."""
    expelled, teams = facts.stated("k-expel-5"), _at_least_400(facts)
    share = Definition(
        "expelled_over_peak",
        Text("expelled firms over peak teams, percent", "清退企业占高峰期队伍数（%）"),
        lambda values: 100.0 * values[expelled.key] / values[teams.key],
    )
    return Check((expelled, teams), (share,), None)


def _at_least_400(facts: Facts) -> Input:
    statement = facts.statements["k-teams-400"]
    return Input(statement.claim_id, statement.text, 400.0, statement.range, "article")
