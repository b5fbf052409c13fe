"""What is asked of a study's table: by its [table] section, and before that by the command line.

Keys of the section: style, brackets, stars, lang; show (terms printed line by line beside the
treatments; ["all"] for every control) and labels (what variables are called).
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.exhibits.printing.stars import CONVENTIONS
from analysis.exhibits.printing.style import PLAIN, Style, style, styles
from analysis.exhibits.regression_table import BRACKETS
from analysis.files import read_text
from analysis.messages import LANGUAGES, Text, UserError
from analysis.paths import relative

CHOICES: Mapping[str, tuple[str, ...]] = {
    "style": tuple(styles()),
    "brackets": BRACKETS,
    "stars": CONVENTIONS,
    "lang": LANGUAGES,
}
KEYS = (*CHOICES, "show", "labels")
ALL = "all"


@dataclass(frozen=True)
class Asked:
    """How a study's tables are to be printed; ``labels`` are the study file's own names."""

    journal: Style
    stars: str
    brackets: str
    languages: tuple[str, ...]
    show: tuple[str, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict)


def read_asked(path: Path, given: Mapping[str, str]) -> Asked:
    """Return what is asked of the tables of a study file that ``read_study`` has accepted.

    Parameters
    ----------
    given
        What the command line says of style, brackets, stars and lang; it goes before the file,
        the file before the style's own habit.

    Raises
    ------
    UserError
        If a key or value is unknown (the nearest is named), or a value is of a wrong kind.
    """
    document = tomllib.loads(read_text(path))
    section = document.get("table", {})
    if not isinstance(section, Mapping):
        raise _needs(path, "[table]")
    _require_known(section)
    labels = _labels(document, path)
    return asked({**section, **given}, _texts(section, path), labels)


def asked(
    said: Mapping[str, str], show: Sequence[str] = (), labels: Mapping[str, Text] | None = None
) -> Asked:
    """Return what is asked; where nothing is said of it, a style's habits and both languages."""
    journal = style(said.get("style", PLAIN))
    return Asked(
        journal=journal,
        stars=said.get("stars", journal.stars),
        brackets=said.get("brackets", journal.brackets),
        languages=(said["lang"],) if "lang" in said else LANGUAGES,
        show=tuple(show),
        labels=labels or {},
    )


def _require_known(section: Mapping[str, Any]) -> None:
    # the rooms of effects load slowly, and the list of choices must not
    from analysis.effects.expressions import unknown

    for key, value in section.items():
        if key not in KEYS:
            raise unknown("key", key, list(KEYS))
        if key in CHOICES and value not in CHOICES[key]:
            raise unknown(key, str(value), list(CHOICES[key]))


def _texts(section: Mapping[str, Any], path: Path) -> list[str]:
    show = section.get("show", [])
    if not isinstance(show, list) or not all(isinstance(term, str) and term for term in show):
        raise _needs(path, 'show = ["...", ...]')
    return show


def _labels(document: Mapping[str, Any], path: Path) -> dict[str, Text]:
    """Return the names of [table.labels] and, beneath them, those of [paper.variables]."""
    paper = document.get("paper", {})
    entries = paper.get("variables", {}) if isinstance(paper, Mapping) else {}
    own = document.get("table", {}).get("labels", {})
    if not isinstance(own, Mapping):
        raise _needs(path, "[table.labels]")
    named = {**(entries if isinstance(entries, Mapping) else {}), **own}
    return {str(name): _label(str(name), entry, path) for name, entry in named.items()}


def _label(name: str, entry: object, path: Path) -> Text:
    words = entry if isinstance(entry, Mapping) else {}
    english, chinese = words.get("en", name), words.get("zh", words.get("en", name))
    if not (words and isinstance(english, str) and isinstance(chinese, str)):
        raise _needs(path, f'[table.labels] {name} = {{ en = "...", zh = "..." }}')
    return Text(english, chinese)


def _needs(path: Path, what: str) -> UserError:
    return UserError("table_needs", file=relative(path), what=what)
