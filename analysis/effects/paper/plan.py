"""The [paper] section of a study file, read to a frozen plan. It is data, never code."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.effects.expressions import unknown
from analysis.effects.study import CONTRASTS
from analysis.files import read_text
from analysis.messages import Text, UserError
from analysis.paths import relative

KEYS = ("outcomes", "treatment", "contrast", "blocks", "absorb", "instruments", "exclusion",
        "matching", "groups", "mediators", "quantiles", "placebo_draws", "robustness", "variables",
        "stars", "where")  # fmt: skip
LISTS = ("absorb", "instruments", "exclusion", "matching", "groups", "mediators")
CHECK_KEYS = ("title_en", "title_zh", "where", "outcome", "estimator", "controls", "vcov",
              "weights")  # fmt: skip
VARIABLE_KEYS = ("en", "zh", "definition_en", "definition_zh", "levels")
STARS = ("off", "econ", "soc")
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
PLACEBO_DRAWS = 500


@dataclass(frozen=True)
class Check:
    """A further column of the robustness table: its title, what differs from the main equation."""

    title: Text
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class Variable:
    """A variable's name, definition and, of a category, its levels' names in both languages."""

    label: Text
    definition: Text
    levels: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What a paper shows; the first outcome is the main one, ``blocks`` enter one by one."""

    outcomes: tuple[str, ...]
    treatment: str
    blocks: tuple[tuple[str, ...], ...] = ()
    contrast: str = ""
    absorb: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    exclusion: tuple[str, ...] = ()
    matching: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    mediators: tuple[str, ...] = ()
    quantiles: tuple[float, ...] = QUANTILES
    placebo_draws: int = PLACEBO_DRAWS
    robustness: tuple[Check, ...] = ()
    variables: Mapping[str, Variable] = field(default_factory=dict)
    stars: str = "off"
    where: str = ""
    cluster: tuple[str, ...] = ()
    weights: str = ""

    @property
    def controls(self) -> tuple[str, ...]:
        """All controls of all blocks, each once."""
        return tuple(dict.fromkeys(term for block in self.blocks for term in block))

    @property
    def covariates(self) -> tuple[str, ...]:
        """Covariates of the propensity score: those named, else the controls but dummies."""
        return self.matching or tuple(term for term in self.controls if not is_dummies(term))

    def label(self, name: str) -> Text:
        """Return a variable's name in both languages; itself where the file gives none."""
        known = self.variables.get(name)
        return known.label if known else Text(name, name)

    def level(self, name: str, level: str) -> Text:
        """Return the name of a category's level; itself where the file gives none."""
        known = self.variables.get(name)
        return known.levels.get(level, Text(level, level)) if known else Text(level, level)


def is_dummies(term: str) -> bool:
    """Say whether a term is a set of dummies, C(x): printed as yes, not line by line."""
    return term.replace(" ", "").startswith("C(")


def read_plan(path: Path) -> Plan:
    """Return the plan of a study file whose [study] and equations ``read_study`` has accepted.

    Raises
    ------
    UserError
        If there is no [paper], a key is unknown (the nearest is named), or a value is of a wrong
        kind.
    """
    document = tomllib.loads(read_text(path))
    section = document.get("paper")
    if not isinstance(section, Mapping):
        raise _needs(path, "[paper]")
    _known(section, KEYS)
    _choice(section, "contrast", CONTRASTS)
    _choice(section, "stars", STARS)
    about = document["study"]
    outcomes = _texts(section, "outcomes", path)
    if not outcomes:
        raise _needs(path, "outcomes = [...]")
    return Plan(
        outcomes=outcomes,
        treatment=_text(section, "treatment", path),
        blocks=_blocks(section, path),
        contrast=str(section.get("contrast", "")),
        quantiles=_quantiles(section, path),
        placebo_draws=_draws(section, path),
        robustness=_checks(section, path),
        variables=_variables(section, path),
        stars=str(section.get("stars", "off")),
        where=str(section.get("where", "")),
        cluster=_texts(about, "cluster", path),
        weights=str(about.get("weights", "")),
        **{name: _texts(section, name, path) for name in LISTS},
    )


def _needs(path: Path, what: str) -> UserError:
    return UserError("paper_needs", file=relative(path), what=what)


def _known(section: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in section:
        if key not in known:
            raise unknown("key", str(key), list(known))


def _choice(section: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> None:
    if key in section and section[key] not in allowed:
        raise unknown(key, str(section[key]), list(allowed))


def _text(section: Mapping[str, Any], key: str, path: Path) -> str:
    value = section.get(key)
    if not isinstance(value, str) or not value:
        raise _needs(path, f'{key} = "..."')
    return value


def _texts(section: Mapping[str, Any], key: str, path: Path) -> tuple[str, ...]:
    value = section.get(key, [])
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) and one for one in values):
        raise _needs(path, f"{key} = [texts]")
    return tuple(dict.fromkeys(values))


def _blocks(section: Mapping[str, Any], path: Path) -> tuple[tuple[str, ...], ...]:
    blocks = section.get("blocks", [])
    if not isinstance(blocks, list):
        raise _needs(path, "blocks = [[...], [...]]")
    return tuple(_texts({"blocks": block}, "blocks", path) for block in blocks)


def _quantiles(section: Mapping[str, Any], path: Path) -> tuple[float, ...]:
    values = section.get("quantiles", list(QUANTILES))
    numbers = isinstance(values, list) and all(type(one) is float for one in values)
    if not numbers or not values or not all(0.0 < one < 1.0 for one in values):
        raise _needs(path, "quantiles = [0.1, ...]")
    return tuple(sorted(set(values)))


def _draws(section: Mapping[str, Any], path: Path) -> int:
    draws = section.get("placebo_draws", PLACEBO_DRAWS)
    if type(draws) is not int or draws < 1:
        raise _needs(path, "placebo_draws >= 1")
    return draws


def _checks(section: Mapping[str, Any], path: Path) -> tuple[Check, ...]:
    entries = section.get("robustness", [])
    if not isinstance(entries, list) or not all(isinstance(one, Mapping) for one in entries):
        raise _needs(path, "[[paper.robustness]]")
    return tuple(_check(entry, path) for entry in entries)


def _check(entry: Mapping[str, Any], path: Path) -> Check:
    _known(entry, CHECK_KEYS)
    title = Text(_text(entry, "title_en", path), str(entry.get("title_zh", entry["title_en"])))
    changes: dict[str, Any] = {}
    for key in ("where", "outcome", "estimator", "vcov", "weights"):
        if key in entry:
            changes[key] = str(entry[key])
    if "controls" in entry:
        changes["controls"] = _texts(entry, "controls", path)
    return Check(title, changes)


def _variables(section: Mapping[str, Any], path: Path) -> dict[str, Variable]:
    entries = section.get("variables", {})
    if not isinstance(entries, Mapping):
        raise _needs(path, "[paper.variables]")
    return {str(name): _variable(str(name), entry, path) for name, entry in entries.items()}


def _variable(name: str, entry: object, path: Path) -> Variable:
    if not isinstance(entry, Mapping):
        raise _needs(path, f'[paper.variables] {name} = {{ en = "...", zh = "..." }}')
    _known(entry, VARIABLE_KEYS)
    english = str(entry.get("en", name))
    label = Text(english, str(entry.get("zh", english)))
    defined = str(entry.get("definition_en", ""))
    definition = Text(defined, str(entry.get("definition_zh", defined)))
    return Variable(label, definition, _levels(name, entry.get("levels", {}), path))


def _levels(name: str, entries: object, path: Path) -> dict[str, Text]:
    pairs = entries.items() if isinstance(entries, Mapping) else [("", None)]
    named = {level: words for level, words in pairs if isinstance(words, Mapping)}
    if len(named) < len(pairs) or any(set(words) != {"en", "zh"} for words in named.values()):
        what = f'[paper.variables] {name} levels = {{ LEVEL = {{ en = "...", zh = "..." }} }}'
        raise _needs(path, what)
    return {str(level): Text(str(w["en"]), str(w["zh"])) for level, w in named.items()}
