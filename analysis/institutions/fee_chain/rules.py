"""Dated local rules of the union fee: one TOML table a rule, chosen by id, or by place and year."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from analysis.files import read_text
from analysis.institutions.fee_chain.checking import (
    DAY,
    NOT_NEGATIVE,
    PERCENT,
    POSITIVE,
    TABLE,
    Section,
)
from analysis.institutions.fee_chain.words import BASES, COLLECTIONS, LEVELS
from analysis.messages import Text, UserError
from analysis.paths import relative

FOLDER = Path(__file__).with_name("rules")
DEFAULT = "x-county-2015"
KEYS = ("id", "place_en", "place_zh", "valid_from", "valid_to", "source", "status", "levy_percent",
        "collection", "base", "exempt_profit_below_10k_yuan", "shares_percent",
        "handling_fee_cap_percent", "note_en", "note_zh")  # fmt: skip
SUM_TO_100 = Text("shares that sum to 100", "合计为 100 的分成比例")


@dataclass(frozen=True)
class Rule:
    """What employers owe and who gets it, at one place and time.

    Attributes
    ----------
    levy_percent
        Of payroll.
    shares
        Percent of the levy by level (``words.LEVELS``); they sum to 100.
    collection
        full: the tax office takes the whole levy and the grassroots part is returned;
        proportional: it takes what is due upward only.
    base
        What the levy is assessed on in practice: payroll or minimum_wage.
    exempt_profit_below
        Firms with a smaller yearly profit (10,000 yuan) are excused; None without such a rule.
    caps
        The most that the tax office may be paid, percent of the collected, by way of collection.
    """

    id: str
    place: Text
    valid_from: date
    valid_to: date | None
    source: str
    status: str
    levy_percent: float
    shares: Mapping[str, float]
    collection: str
    base: str
    exempt_profit_below: float | None
    caps: Mapping[str, float]
    note: Text

    @property
    def upward_percent(self) -> float:
        """The share of the levy that leaves the grassroots union."""
        return sum(share for level, share in self.shares.items() if level != "grassroots")

    def holds_in(self, year: int) -> bool:
        """Tell whether the rule holds on some day of the year."""
        ends = self.valid_to or date.max
        return self.valid_from <= date(year, 12, 31) and ends >= date(year, 1, 1)


def rule_files() -> list[Path]:
    """Return the package's own rule files."""
    return sorted(FOLDER.glob("*.toml"))


def package_rules() -> tuple[Rule, ...]:
    """Return the package's own rules."""
    return tuple(rule for path in rule_files() for rule in read_rules(path))


def read_document(path: Path) -> Mapping[str, Any]:
    """Read a TOML file.

    Raises
    ------
    UserError
        If it is missing, empty or not TOML.
    """
    try:
        return tomllib.loads(read_text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UserError("study_syntax", file=relative(path), error=error) from error


def read_rules(path: Path) -> tuple[Rule, ...]:
    """Read the tables [[rule]] of a file.

    Raises
    ------
    UserError
        If a key is unknown or a value unusable (what was expected is said), an id is used twice,
        or there is no rule.
    """
    return rules_of(read_document(path), relative(path))


def rules_of(document: Mapping[str, Any], file: str) -> tuple[Rule, ...]:
    """Return the rules of a parsed file named ``file``."""
    tables = document.get("rule", [])
    if not isinstance(tables, list) or not tables:
        raise UserError("study_needs", file=file, what="[[rule]]")
    if not all(isinstance(table, Mapping) for table in tables):
        raise Section({"rule": tables}, file, "file").refuse("rule", TABLE)
    rules = [_rule(Section(table, file, f"rule {n}")) for n, table in enumerate(tables, start=1)]
    if len({rule.id for rule in rules}) < len(rules):
        expected = Text("an id of its own for each rule", "每条规则各有其 id")
        raise Section({"id": rules[-1].id}, file, "rule").refuse("id", expected)
    return tuple(rules)


def _rule(table: Section) -> Rule:
    table.require_known(KEYS)
    place, note = table.text("place_en"), table.text("note_en", "")
    caps, (starts, ends) = table.part("handling_fee_cap_percent"), _validity(table)
    caps.require_known(COLLECTIONS)
    profit = table.values.get("exempt_profit_below_10k_yuan")
    return Rule(
        id=table.text("id"),
        place=Text(place, table.text("place_zh", place)),
        valid_from=starts,
        valid_to=ends,
        source=table.text("source"),
        status=table.status(),
        levy_percent=_above_zero(table, "levy_percent"),
        shares=_shares(table),
        collection=table.choice("collection", COLLECTIONS),
        base=table.choice("base", BASES, "payroll"),
        exempt_profit_below=(
            None if profit is None else table.number("exempt_profit_below_10k_yuan", NOT_NEGATIVE)
        ),
        caps={way: caps.number(way, PERCENT) for way in caps.values},
        note=Text(note, table.text("note_zh", note)),
    )


def _above_zero(table: Section, key: str) -> float:
    value = table.number(key, PERCENT)
    if value == 0.0:
        raise table.refuse(key, POSITIVE)
    return value


def _validity(table: Section) -> tuple[date, date | None]:
    starts, ends = table.day("valid_from"), table.day("valid_to")
    if starts is None:
        raise table.refuse("valid_from", DAY)
    if ends is not None and ends < starts:
        expected = Text(f"a date not before {starts}", f"不早于 {starts} 的日期")
        raise table.refuse("valid_to", expected)
    return starts, ends


def _shares(table: Section) -> dict[str, float]:
    part = table.part("shares_percent")
    part.require_known(LEVELS)
    shares = {level: part.number(level, PERCENT) for level in LEVELS if level in part.values}
    if abs(sum(shares.values()) - 100.0) > 1e-9:
        raise table.refuse("shares_percent", SUM_TO_100)
    return shares


def choose_rule(
    rules: Sequence[Rule], rule_id: str = "", place: str = "", year: int | None = None
) -> Rule:
    """Return the rule of that id, or the latest one that holds at the place in the year.

    Without anything asked for: the package's default where it is among ``rules``, else the latest.

    Raises
    ------
    UserError
        If there is no such rule or place, or none holds in the year.
    """
    if not (rule_id or place or year is not None):
        chosen = [rule for rule in rules if rule.id == DEFAULT] or list(rules)
    elif rule_id:
        chosen = [rule for rule in rules if rule.id == rule_id]
        if not chosen:
            raise _unknown("rule", rule_id, [rule.id for rule in rules])
    else:
        chosen = [rule for rule in rules if not place or place in rule.place]
        if not chosen:
            raise _unknown("place", place, [name for rule in rules for name in rule.place])
    if year is not None:
        chosen = [rule for rule in chosen if rule.holds_in(year)]
    if not chosen:
        spans = (f"{rule.id} ({rule.valid_from} - {rule.valid_to or ''})" for rule in rules)
        raise UserError("fee_no_rule", year=year, known="; ".join(spans))
    return max(chosen, key=lambda rule: rule.valid_from)


def _unknown(kind: str, value: str, known: list[str]) -> UserError:
    nearest = get_close_matches(value, known, n=1, cutoff=0.0)[0]
    return UserError("unknown_name", kind=kind, value=value, nearest=nearest)
