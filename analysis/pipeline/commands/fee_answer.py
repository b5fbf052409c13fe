"""The answers of the fee calculator: lines of text in either language, or JSON."""

import math
from collections.abc import Mapping, Sequence

from analysis.institutions.fee_chain.chain import Case, Line
from analysis.institutions.fee_chain.rules import Rule
from analysis.institutions.fee_chain.stated import TEN_THOUSAND, Stated
from analysis.institutions.fee_chain.words import BASES, COLLECTIONS, LEVELS, SCOPES
from analysis.messages import Text
from analysis.status import LABELS

WORDS = {
    "rule": Text("Rule: {place} ({id}), valid {span}", "规则：{place}（{id}），有效期 {span}"),
    "source": Text("  source: {source}; status: {status}", "  来源：{source}；状态：{status}"),
    "payroll": Text("Payroll", "工资总额"),
    "due": Text("Due", "应缴"),
    "remitted": Text("Due upward", "应上解"),
    "collected": Text("Collected by the tax office", "税务代收"),
    "fee_cap": Text("Most that the tax office may be paid", "税务手续费上限"),
    "basis": Text(
        "Collection: {collection}; assessed on {base}; exempt {exempt:g} %, quota {quota:g} %",
        "代收：{collection}；缴费基数：{base}；免缴 {exempt:g}%，定额 {quota:g}%",
    ),
    "cap": Text(
        "  {cap:g} % of what is collected: {share:.3g} % of payroll",
        "  代收额的 {cap:g}%，占工资总额 {share:.3g}%",
    ),
    "attainment": Text(
        "Against the target of {target}: {percent:.1f} %{around} ({scope})",
        "任务 {target}，完成率：{percent:.1f}%{around}（{scope}）",
    ),
    "heads": Text("yuan|10,000 yuan|rounding allows", "元|万元|取整范围（万元）"),
    "to": Text("{low} to {high}", "{low} 至 {high}"),
}


def about_rule(rule: Rule, language: str) -> list[str]:
    """Return the lines that name a rule with its source, status and note."""
    span = f"{rule.valid_from} - {rule.valid_to or ''}".strip()
    status = LABELS[rule.status].in_language(language)
    told = [
        WORDS["rule"]
        .in_language(language)
        .format(place=rule.place.in_language(language), id=rule.id, span=span),
        WORDS["source"].in_language(language).format(source=rule.source, status=status),
    ]
    return [*told, *([f"  {rule.note.in_language(language)}"] if rule.note.en else [])]


def as_text(
    rule: Rule,
    case: Case,
    found: Sequence[Line],
    attained: dict[str, object] | None,
    language: str,
) -> list[str]:
    """Return the answer's lines: the rule, who is due what, what is collected, the target."""
    amount = {line.key: line for line in found}
    return [
        *about_rule(rule, language),
        "",
        _heads(language),
        *_told_due(rule, amount, language),
        "",
        *_told_collected(rule, case, amount, language),
        *_told_attainment(attained, language),
    ]


def _told_due(rule: Rule, amount: Mapping[str, Line], language: str) -> list[str]:
    return [
        _row(WORDS["payroll"], amount["payroll"], language),
        _row(WORDS["due"], amount["due"], language),
        *(_row(LEVELS[level], amount[f"due:{level}"], language, "  ") for level in rule.shares),
        _row(WORDS["remitted"], amount["remitted"], language),
    ]


def _told_collected(rule: Rule, case: Case, amount: Mapping[str, Line], language: str) -> list[str]:
    basis = WORDS["basis"].in_language(language)
    told = [
        basis.format(
            collection=COLLECTIONS[rule.collection].in_language(language),
            base=BASES[case.base].in_language(language),
            exempt=100.0 * case.exempt,
            quota=100.0 * case.quota,
        ),
        _row(WORDS["collected"], amount["collected"], language),
    ]
    told += [
        _row(LEVELS[key.removeprefix("got:")], line, language, "  ")
        for key, line in amount.items()
        if key.startswith("got:")
    ]
    if "fee_cap" in amount:
        share = amount["cap_per_payroll"].amount.value
        told.append(_row(WORDS["fee_cap"], amount["fee_cap"], language))
        told.append(
            WORDS["cap"].in_language(language).format(cap=rule.caps[rule.collection], share=share)
        )
    return told


WIDTHS = (40, 16, 13)


def _heads(language: str) -> str:
    yuan, ten_thousand, allows = WORDS["heads"].in_language(language).split("|")
    label = " " * WIDTHS[0]
    return f"{label}{_right(yuan, WIDTHS[1])}{_right(ten_thousand, WIDTHS[2])}   {allows}"


def _row(label: Text, line: Line, language: str, indent: str = "") -> str:
    amount = line.amount
    share = f" ({line.percent:g} %)" if line.percent is not None else ""
    words = f"{indent}{label.in_language(language)}{share}"
    yuan, tens = f"{amount.value:,.0f}", f"{amount.value / TEN_THOUSAND:,.1f}"
    numbers = f"{yuan:>{WIDTHS[1]}}{tens:>{WIDTHS[2]}}"
    return (
        f"{words}{' ' * (WIDTHS[0] - _width(words))}{numbers}{_around(amount, language)}".rstrip()
    )


def _around(amount: Stated, language: str) -> str:
    if amount.is_exact:
        return ""
    low = _outward(amount.low / TEN_THOUSAND, -1)
    high = _outward(amount.high / TEN_THOUSAND, 1)
    return "   " + WORDS["to"].in_language(language).format(low=low, high=high)


def _outward(value: float, side: int) -> str:
    """Return a number to three digits, rounded away from the range's middle.

    Finer digits carry no information in a number that comes from rounded ones.
    """
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    scale = 10.0**digits
    # the last bits of a float must not carry a round number over to the next
    moved = round(value * scale, 6)
    whole = math.ceil(moved) if side > 0 else math.floor(moved)
    return f"{whole / scale:,.{digits}f}"


def _width(words: str) -> int:
    """Return how many columns of a console the words take: a Chinese letter takes two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in words)


def _right(words: str, width: int) -> str:
    return " " * (width - _width(words)) + words


def _told_attainment(attained: dict[str, object] | None, language: str) -> list[str]:
    if attained is None:
        return []
    low, high = attained["percent_low"], attained["percent_high"]
    around = "" if low == high else ", " + WORDS["to"].in_language(language).format(
        low=f"{low:.1f}", high=f"{high:.1f}"
    )  # fmt: skip
    return [
        WORDS["attainment"]
        .in_language(language)
        .format(
            target=f"{attained['target_yuan']:,.0f}",
            percent=attained["percent"],
            around=around,
            scope=SCOPES[str(attained["scope"])].in_language(language),
        )
    ]


def as_json(
    rule: Rule, case: Case, found: Sequence[Line], attained: dict[str, object] | None
) -> dict[str, object]:
    """Return the answer for other programs; amounts in yuan with the range of their rounding."""
    inputs = {"staff": case.staff, "wage_yuan": case.wage, "minimum_wage_yuan_month": case.floor}
    return {
        "rule": {
            "id": rule.id,
            "place_en": rule.place.en,
            "place_zh": rule.place.zh,
            "valid_from": str(rule.valid_from),
            "valid_to": str(rule.valid_to) if rule.valid_to else None,
            "source": rule.source,
            "status": rule.status,
            "collection": rule.collection,
        },
        "inputs": {key: _ends(stated) for key, stated in inputs.items() if stated}
        | {"base": case.base, "exempt_share": case.exempt, "quota": case.quota},
        "amounts_yuan": {
            line.key: _ends(line.amount) for line in found if line.key != "cap_per_payroll"
        },
        "cap_percent_of_payroll": next(
            (line.amount.value for line in found if line.key == "cap_per_payroll"), None
        ),
        "attainment": attained,
    }


def _ends(stated: Stated) -> dict[str, float]:
    # cents are as fine as money gets: the last bits of a float are not shown
    ends = {"value": stated.value, "low": stated.low, "high": stated.high}
    return {key: round(end, 2) for key, end in ends.items()}
