"""Checks on values that a user's TOML file gives; each refusal says what was expected."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from analysis.institutions.fee_chain.stated import Stated, as_stated
from analysis.messages import Text, UserError
from analysis.status import STATUSES

POSITIVE = Text("a number above 0", "大于 0 的数")
NOT_NEGATIVE = Text("a number that is not negative", "非负数")
SHARE = Text("a share from 0 to 1", "0 至 1 之间的比例")
PERCENT = Text("a percentage from 0 to 100", "0 至 100 之间的百分数")
WORDS = Text("a text that is not empty", "非空文字")
DAY = Text("a date such as 2015-01-01", "形如 2015-01-01 的日期")
TABLE = Text("a table of keys and values", "一组键与值")
ORDERED = Text("low, value and high in ascending order", "low、value、high 依次不减")


@dataclass(frozen=True)
class Section:
    """One table of a TOML file, and how it is named to the user."""

    values: Mapping[str, Any]
    file: str
    name: str

    def refuse(self, key: str, expected: Text) -> UserError:
        """Return the refusal of the value under ``key``."""
        found = self.values.get(key, Text("nothing", "空"))
        value = found if isinstance(found, Text) else repr(found)
        return UserError(
            "fee_key", file=self.file, name=f"{self.name}.{key}", value=value, expected=expected
        )

    def require_known(self, known: Iterable[str]) -> None:
        """Refuse a key that is not known; the nearest is named."""
        known = list(known)
        for key in self.values:
            if key not in known:
                nearest = get_close_matches(key, known, n=1, cutoff=0.0)[0]
                kind = f"{self.file}, {self.name}:"
                raise UserError("unknown_name", kind=kind, value=key, nearest=nearest)

    def part(self, key: str) -> "Section":
        """Return the table under ``key``; an empty one where there is none."""
        values = self.values.get(key, {})
        if not isinstance(values, Mapping):
            raise self.refuse(key, TABLE)
        return Section(values, self.file, f"{self.name}.{key}")

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text."""
        value = self.values.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.refuse(key, WORDS)
        return " ".join(value.split())

    def choice(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        """Return a text that is one of ``choices``."""
        choices = list(choices)
        value = self.values.get(key, default)
        if value not in choices:
            listed = ", ".join(choices)
            raise self.refuse(key, Text(f"one of {listed}", f"下列之一：{listed}"))
        return value

    def status(self) -> str:
        """Return how far the rule can be trusted."""
        return self.choice("status", STATUSES)

    def day(self, key: str) -> date | None:
        """Return a date; None where there is none."""
        value = self.values.get(key)
        if value is not None and type(value) is not date:
            raise self.refuse(key, DAY)
        return value

    def number(self, key: str, expected: Text, default: float | None = None) -> float:
        """Return a number that is what ``expected`` says (POSITIVE, SHARE, ...)."""
        value = self.values.get(key, default)
        if not is_number(value) or not meets(float(value), expected):
            raise self.refuse(key, expected)
        return float(value)

    def stated(self, key: str, expected: Text, exact: bool) -> Stated | None:
        """Return a number with its rounding, or {value, low, high} as given; None without one."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, Mapping):
            return self._with_range(key, value, expected, exact)
        if not is_number(value) or not meets(float(value), expected):
            raise self.refuse(key, expected)
        return as_stated(value, exact)

    def _with_range(self, key: str, value: Mapping, expected: Text, exact: bool) -> Stated:
        part = self.part(key)
        part.require_known(("value", "low", "high"))
        point, low, high = (part.number(end, expected) for end in ("value", "low", "high"))
        if not low <= point <= high:
            raise self.refuse(key, ORDERED)
        return Stated(point, point, point) if exact else Stated(point, low, high)


def is_number(value: object) -> bool:
    """Tell whether a value is a finite number (true and false are none)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and abs(value) <= 1e15


def meets(value: float, expected: Text) -> bool:
    """Tell whether a number is what ``expected`` says."""
    top = {SHARE: 1.0, PERCENT: 100.0}.get(expected, math.inf)
    return (value > 0.0 if expected == POSITIVE else value >= 0.0) and value <= top
