"""What a study's variables, estimators and rows are called, from names.toml and the study file."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from analysis.messages import Text

FILE = Path(__file__).with_name("names.toml")
_DUMMY = re.compile(r"C\((?P<name>\w+)[^)]*\)=(?P<level>.+)")
_LAG = re.compile(r"lag\((?P<name>\w+)(?:, *(?P<by>\d+))?\)")
_MEAN = re.compile(r"mean\((?P<name>.+)\)")
_EVENT = re.compile(r"e=(?P<by>-?\d+)")
LAGGED = Text("{name}, lag {by}", "{name}（滞后{by}期）")
MEAN = Text("{name}, mean over time", "{name}（个体均值）")
LEVEL = Text("{name}: {level}", "{name}：{level}")
REFERENCE = Text("{name} (reference: {base})", "{name}（参照组：{base}）")
PART = Text("{name}, {part}", "{name}，{part}")
BEFORE = Text("{by} period{s} before adoption", "实施前{by}期")
AT = Text("Period of adoption", "实施当期")
AFTER = Text("{by} period{s} after adoption", "实施后{by}期")
# means of effects over cells, which name themselves
OVERALL = ("simple", "dynamic", "group", "calendar")
# whom a treatment's estimate compares with
BASES = {
    "member_vs_uncovered": Text("no union", "无工会者"),
    "member_vs_covered": Text("covered non-members", "有工会的非会员"),
    "covered_vs_uncovered": Text("no union", "无工会者"),
    "firm_union": Text("firms without a union", "无工会的企业"),
}


@cache
def _sections() -> dict[str, dict[str, Any]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def name_of(section: str, key: str, language: str) -> str:
    """Return a name of a section of names.toml; the key without its underscores if it has none.

    Sections: estimators, components, terms, vcovs, places.
    """
    entry = _sections()[section].get(key)
    return Text(**entry).in_language(language) if entry else key.replace("_", " ")


def place_of(data: str, language: str) -> str:
    """Return where a teaching data set comes from; empty where that is not known."""
    return name_of("places", data, language) if data in _sections()["places"] else ""


def is_named(term: str) -> bool:
    """Tell whether names.toml has a term that is no variable."""
    return term in _sections()["terms"]


def variables_of(data: str) -> dict[str, Text]:
    """Return the names of a data set's variables, as far as names.toml has them."""
    entries = _sections()["variables"].get(data, {})
    return {name: Text(**entry) for name, entry in entries.items()}


@dataclass(frozen=True)
class Names:
    """One study's names in one language.

    Attributes
    ----------
    variables
        The names that the study file or its data set gives.
    derived
        The study's derived columns: a lag of a variable is called so whatever its column's name.
    bases
        The level that the dummies of a column leave out, by column, where it is known.
    """

    variables: Mapping[str, Text]
    language: str
    derived: Mapping[str, str] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)

    def variable(self, name: str) -> str:
        """Return a variable's name; itself where nothing names it."""
        return self.variables.get(name, Text(name, name)).in_language(self.language)

    def term(self, term: str) -> str:
        """Return a term's name: a variable, its lag or mean, a dummy, or a product of such."""
        if term in self.variables:
            return self.variable(term)
        if " * " in term:
            return " × ".join(map(self.term, term.split(" * ")))
        said = self._patterned(self.derived.get(term, term))
        return said or (name_of("terms", term, self.language) if is_named(term) else term)

    def _patterned(self, term: str) -> str:
        """Return the name of a lag, a mean or a dummy; empty for anything else."""
        if found := _LAG.fullmatch(term):
            name = self.variable(found["name"])
            return LAGGED.in_language(self.language).format(name=name, by=found["by"] or 1)
        if found := _MEAN.fullmatch(term):
            return MEAN.in_language(self.language).format(name=self.term(found["name"]))
        if found := _DUMMY.fullmatch(term):
            name = self.variable(found["name"])
            said = LEVEL.in_language(self.language).format(name=name, level=found["level"])
            return self.against(said, self.bases.get(found["name"], ""))
        return ""

    def heading(self, term: str) -> str:
        """Return a term's name as it begins a line; a column's bare name stays as it is."""
        name = self.term(term)
        return name if name == term else capital(name)

    def row(self, term: str, component: str, contrast: str = "") -> str:
        """Return a row's label: event time, or the term with its component or reference group."""
        if found := _EVENT.fullmatch(component):
            return self._event(int(found["by"]))
        part = name_of("components", component, self.language) if component else ""
        if component in OVERALL:
            return part
        name = self.heading(term)
        if part:
            return PART.in_language(self.language).format(name=name, part=part)
        return self.against(name, BASES.get(contrast, Text("", "")).in_language(self.language))

    def against(self, name: str, base: str) -> str:
        """Return a name with its reference category, where that is known."""
        words = REFERENCE.in_language(self.language)
        return words.format(name=name, base=base) if base else name

    def _event(self, by: int) -> str:
        words = BEFORE if by < 0 else AFTER if by else AT
        return words.in_language(self.language).format(by=abs(by), s="" if abs(by) == 1 else "s")


def capital(text: str) -> str:
    """Return a text that begins a line: with a capital, but for symbols of mathematics."""
    return text if set(text) & set("σρλ") else text[:1].upper() + text[1:]
