"""A county's year: its rule and its figures, from a TOML file or from the article's statements."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from analysis.institutions.fee_chain.chain import Case, amounts
from analysis.institutions.fee_chain.checking import NOT_NEGATIVE, POSITIVE, SHARE, Section
from analysis.institutions.fee_chain.rules import Rule, choose_rule, read_document, rules_of
from analysis.institutions.fee_chain.stated import TEN_THOUSAND, Stated, minus
from analysis.institutions.fee_chain.words import BASES
from analysis.messages import Text, UserError
from analysis.paths import relative
from analysis.status import STATUSES, weakest

TEMPLATE = Path(__file__).with_name("county_template.toml")
KEYS = ("name_en", "name_zh", "rule", "year", "until", "staff", "wage_yuan", "base",
        "minimum_wage_yuan_month", "exempt_share", "quota", "target_10k", "tax_10k", "budget_10k",
        "other_10k", "total_10k", "handling_fee_10k", "retained_if_all_paid_10k",
    "status",
)  # fmt: skip
NOT_BOTH = Text(
    "at least tax_10k and budget_10k together, and no other_10k beside it",
    "不小于 tax_10k 与 budget_10k 之和，且不与 other_10k 并列",
)
ORGANS_TOO = Text(
    "at least the county's part of what the staff above owe",
    "不少于上列人员应缴经费中的县级份额",
)
WITHIN = Text("a day of the year", "该年之内的日期")
WHOLE_YEAR = Text("a year from 1949 to 2100", "1949 至 2100 之间的年份")


@dataclass(frozen=True)
class County:
    """A county's rule and figures. Money in 10,000 yuan but for the case's wages.

    Attributes
    ----------
    case
        The employers whose payroll is known; the organs, where ``budget`` and ``retained`` are
        given.
    until
        The day up to which the collection is counted; None for the whole year.
    target, tax, budget, other, total
        The assigned target, what came through the tax office, the budget and other channels, and
        all of it together.
    retained
        What the county union would keep if every employer paid in full.
    status
        How far rule and figures can be trusted: the weaker of the two.
    """

    name: Text
    rule: Rule
    case: Case
    until: date | None = None
    target: Stated | None = None
    tax: Stated | None = None
    budget: Stated | None = None
    other: Stated | None = None
    total: Stated | None = None
    handling_fee: Stated | None = None
    retained: Stated | None = None
    status: str = "unverified"

    @property
    def elapsed(self) -> float:
        """The share of the year that the collection covers."""
        if self.until is None:
            return 1.0
        first = date(self.until.year, 1, 1)
        days = (date(self.until.year, 12, 31) - first).days + 1
        return ((self.until - first).days + 1) / days

    def known(self, *names: str) -> bool:
        """Tell whether all these figures are given."""
        assert {*names} <= {field.name for field in fields(self)}
        return all(getattr(self, name) is not None for name in names)


def read_county(path: Path, exact: bool = False) -> County:
    """Read a county's own rules ([[rule]]) and figures ([county]) from one TOML file.

    Raises
    ------
    UserError
        If a key is unknown, a value unusable, or something needed is absent.
    """
    document = read_document(path)
    table = Section(document, relative(path), "file")
    table.require_known(("county", "rule"))
    if not isinstance(document.get("county"), Mapping):
        raise UserError("study_needs", file=relative(path), what="[county]")
    return _county(table.part("county"), rules_of(document, relative(path)), exact)


def _county(table: Section, rules: tuple[Rule, ...], exact: bool) -> County:
    table = Section(table.values, table.file, "county")
    table.require_known(KEYS)
    rule = choose_rule(rules, table.text("rule", ""), year=_year(table))
    name = table.text("name_en")
    money = _channels(table, exact)
    county = County(
        name=Text(name, table.text("name_zh", name)),
        rule=rule,
        case=_case(table, rule, exact),
        until=table.day("until"),
        target=table.stated("target_10k", POSITIVE, exact),
        handling_fee=table.stated("handling_fee_10k", NOT_NEGATIVE, exact),
        retained=table.stated("retained_if_all_paid_10k", POSITIVE, exact),
        status=weakest((rule.status, table.choice("status", STATUSES, "unverified"))),
        **money,
    )
    _require_sense(county, table)
    return county


def _require_sense(county: County, table: Section) -> None:
    """Refuse a day outside the year, and a county's part of all that is less than of the organs."""
    year = table.values.get("year")
    if county.until is not None and year is not None and county.until.year != year:
        raise table.refuse("until", WITHIN)
    organs = amounts(county.rule, county.case).get("due:county", 0.0) / TEN_THOUSAND
    if county.retained is not None and county.retained.value < organs:
        raise table.refuse("retained_if_all_paid_10k", ORGANS_TOO)


def _channels(table: Section, exact: bool) -> dict[str, Stated | None]:
    """Return tax, budget, other and total; the last two follow from each other."""
    tax, budget, other, total = (
        table.stated(f"{key}_10k", NOT_NEGATIVE, exact)
        for key in ("tax", "budget", "other", "total")
    )
    if tax is None or total is None:
        return {"tax": tax, "budget": budget, "other": other, "total": total}
    named = [part for part in (tax, budget) if part is not None]
    rest = minus(total, *named)
    if rest.value < 0.0 or other is not None:
        raise table.refuse("total_10k", NOT_BOTH)
    return {"tax": tax, "budget": budget, "other": rest, "total": total}


def _year(table: Section) -> int | None:
    year: Any = table.values.get("year")
    if year is None:
        return None
    if type(year) is not int or not 1949 <= year <= 2100:
        raise table.refuse("year", WHOLE_YEAR)
    return year


def _case(table: Section, rule: Rule, exact: bool) -> Case:
    needed = {key: table.stated(key, POSITIVE, exact) for key in ("staff", "wage_yuan")}
    for key, value in needed.items():
        if value is None:
            raise table.refuse(key, POSITIVE)
    staff, wage = needed["staff"], needed["wage_yuan"]
    assert staff is not None
    assert wage is not None
    case = Case(
        staff=staff,
        wage=wage,
        floor=table.stated("minimum_wage_yuan_month", POSITIVE, exact),
        base=table.choice("base", BASES, rule.base),
        exempt=table.number("exempt_share", SHARE, 0.0),
        quota=table.number("quota", SHARE, 1.0),
    )
    require_floor(case, f"{table.file}, county.minimum_wage_yuan_month")
    return case


def require_floor(case: Case, name: str) -> None:
    """Refuse a wage floor that is needed and absent, or that lies above the mean wage.

    Raises
    ------
    UserError
        Saying what was expected.
    """
    if case.floor is None:
        if case.base == "minimum_wage":
            expected = Text("the minimum wage in yuan a month", "每月最低工资（元）")
            raise UserError("option", option=name, value=Text("missing", "缺失"), expected=expected)
        return
    most = case.wage.value / 12.0
    if case.floor.value > most:
        expected = Text(
            f"at most the mean wage of a month, {most:,.0f} yuan",
            f"不高于月平均工资 {most:,.0f} 元",
        )
        raise UserError("option", option=name, value=f"{case.floor.value:g}", expected=expected)
