"""Outcome families as data: shipped classifications, a user's TOML, or a table in the study file.

A classification file has [classification] (id, titles, source, note) and one [[family]] each (id,
titles, outcomes). Its outcomes are generic field names (ln_wage, minimum_wage_compliance ...) in
the direction in which more is better for the worker.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.effects.expressions import unknown
from analysis.effects.findings import Asked
from analysis.files import beside, read_text
from analysis.messages import UserError
from analysis.paths import ROOT, relative

FOLDER = ROOT / "analysis" / "effects" / "families"
KEYS = ("id", "title_en", "title_zh", "source_en", "source_zh", "note_en", "note_zh")
FAMILY_KEYS = ("id", "title_en", "title_zh", "outcomes")
# generic names of logarithms begin like this
LOGARITHM = "ln_"


@dataclass(frozen=True)
class Family:
    """A family of outcomes: generic names, or outcomes of the study."""

    id: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class Classification:
    """Families, where they come from, and whether their names are the study's own."""

    id: str
    families: tuple[Family, ...]
    source: str = ""
    inline: bool = False


def shipped() -> list[str]:
    """Return the names of the classifications of the package."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read_classification(path: Path) -> Classification:
    """Read a classification file.

    Raises
    ------
    UserError
        If it is not TOML, a key is unknown, or a family or its outcomes are absent.
    """
    try:
        document = tomllib.loads(read_text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UserError("study_syntax", file=relative(path), error=error) from error
    about, entries = document.get("classification"), document.get("family")
    _require_known(document, ("classification", "family"))
    if not isinstance(about, Mapping) or not isinstance(about.get("id"), str):
        raise UserError("study_needs", file=relative(path), what="[classification] id")
    if not isinstance(entries, list) or not entries:
        raise UserError("study_needs", file=relative(path), what="[[family]]")
    _require_known(about, KEYS)
    families = tuple(_family(entry, path) for entry in entries)
    return Classification(about["id"], families, str(about.get("source_en", "")))


def _family(entry: Any, path: Path) -> Family:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str):
        raise UserError("study_needs", file=relative(path), what="[[family]] id")
    _require_known(entry, FAMILY_KEYS)
    outcomes = entry.get("outcomes")
    if not _are_names(outcomes):
        raise UserError("study_needs", file=relative(path), what=f"family {entry['id']}: outcomes")
    return Family(entry["id"], tuple(outcomes))  # type: ignore[arg-type]


def _are_names(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(name, str) for name in value)


def _require_known(section: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in section:
        if key not in known:
            raise unknown("key", str(key), list(known))


# --- what an equation asks for ----------------------------------------------------------------


def classification_of(asked: Asked) -> Classification:
    """Return option ``families``: a shipped name, a path from the study file, or a table.

    Raises
    ------
    UserError
        If it is none of these, or a family of the table has no outcomes.
    """
    value = asked.options.get("families")
    if isinstance(value, Mapping) and value:
        empty = [str(name) for name, outcomes in value.items() if not _are_names(outcomes)]
        if empty:
            raise asked.needs(f"outcomes in family {empty[0]}", f"家族 {empty[0]} 中的结果变量")
        families = tuple(Family(str(name), tuple(names)) for name, names in value.items())
        return Classification("inline", families, inline=True)
    if not isinstance(value, str) or not value:
        names = ", ".join(shipped())
        raise asked.needs(
            f"families: one of {names}, a TOML file or a table",
            f"families：{names} 之一、TOML 文件或表",
        )
    if value.endswith(".toml"):
        return read_classification(beside(asked.study.folder, value))
    if value not in shipped():
        raise unknown("families", value, shipped())
    return read_classification(FOLDER / f"{value}.toml")


@dataclass(frozen=True)
class Chosen:
    """The families compared: outcomes of the study; which are logarithms; what is left out."""

    families: tuple[Family, ...]
    logarithms: frozenset[str]
    not_observed: tuple[str, ...]


def chosen_families(asked: Asked, classification: Classification) -> Chosen:
    """Return the families with the study's outcomes in them, in the order of option ``compare``.

    Option ``outcomes`` maps generic names to outcomes of the equation; without it equal names are.

    Raises
    ------
    UserError
        If a name is unknown, a family has no outcome in the equation, an outcome stands in two
        families, or there are fewer than two families.
    """
    names = _mapping(asked, classification)
    studied = [fitted.outcome for fitted in asked.fitted]
    families, missing = [], []
    for family in _compared(asked, classification):
        found = tuple(names.get(name, name) for name in family.outcomes)
        absent = [name for name in found if name not in studied]
        if absent and classification.inline:
            raise unknown("outcome", absent[0], studied)
        missing += absent
        families.append(Family(family.id, tuple(name for name in found if name in studied)))
    _require_usable(asked, families)
    logs = {names.get(n, n) for f in classification.families for n in f.outcomes if _is_log(n)}
    # an outcome's own expression says it too, written in the equation or under [derive]
    written = {name: asked.study.derive.get(name, name) for name in studied}
    logs |= {name for name, text in written.items() if text.startswith("log(")}
    logs |= _logs(asked, studied)
    return Chosen(tuple(families), frozenset(logs), tuple(missing))


def _is_log(name: str) -> bool:
    return name.startswith(LOGARITHM)


def _logs(asked: Asked, studied: list[str]) -> set[str]:
    value = asked.options.get("logs", [])
    named = {str(name) for name in (value if isinstance(value, list) else [value])}
    for name in sorted(named - set(studied)):
        raise unknown("outcome", name, studied)
    return named


def _mapping(asked: Asked, classification: Classification) -> dict[str, str]:
    value = asked.options.get("outcomes", {})
    if not isinstance(value, Mapping):
        raise asked.needs("outcomes: a table", "outcomes 为表")
    known = [name for family in classification.families for name in family.outcomes]
    studied = [fitted.outcome for fitted in asked.fitted]
    for generic, outcome in value.items():
        if generic not in known:
            raise unknown("outcome", str(generic), known)
        if outcome not in studied:
            raise unknown("outcome", str(outcome), studied)
    return {str(generic): str(outcome) for generic, outcome in value.items()}


def _compared(asked: Asked, classification: Classification) -> list[Family]:
    by_id = {family.id: family for family in classification.families}
    wanted = asked.options.get("compare", list(by_id))
    if not isinstance(wanted, list):
        raise asked.needs("compare: a list of families", "compare 为家族列表")
    for name in wanted:
        if name not in by_id:
            raise unknown("family", str(name), list(by_id))
    return [by_id[name] for name in dict.fromkeys(wanted)]


def _require_usable(asked: Asked, families: list[Family]) -> None:
    for family in families:
        if not family.outcomes:
            raise asked.needs(
                f"an outcome of family {family.id} (option outcomes maps names, compare chooses)",
                f"家族 {family.id} 的结果变量（选项 outcomes 对应名称，compare 选择家族）",
            )
    if len(families) < 2:
        raise asked.needs("two families or more", "至少两个家族")
    seen = [name for family in families for name in family.outcomes]
    twice = sorted({name for name in seen if seen.count(name) > 1})
    if twice:
        raise asked.needs(f"{twice[0]} in one family only", f"{twice[0]} 只属于一个家族")
