"""A study's design file: what is established of it, how surely, and where it was read.

Facts stand in the file; an absent field is not established. Equations are never in it: where a
study's data are a survey that the package reads, ``ready/ID.toml`` holds equations of our own for
the user's files.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.effects.expressions import unknown
from analysis.files import read_text
from analysis.messages import Text, UserError
from analysis.paths import relative

FOLDER = Path(__file__).parent
READY = FOLDER / "ready"
CITED = ("article", "beside")
CONFIDENCE = ("read", "unverified", "not established")
SURVEYS = ("cfps", "cgss")
# the fields of a sheet, in its order; those of LISTS hold several facts
FIELDS = ("reference", "unit", "data", "n", "outcomes", "treatment", "contrast", "controls",
          "estimators", "instruments", "headline")  # fmt: skip
LISTS = ("outcomes", "estimators")
ABOUT_KEYS = ("id", "name_en", "name_zh", "cited", "survey", "identified")
FACT_KEYS = ("en", "zh", "confidence", "uncertain", "address", "package")


@dataclass(frozen=True)
class Fact:
    """One thing said of a study.

    Attributes
    ----------
    text
        In both languages.
    confidence, uncertain
        One of ``CONFIDENCE``; an unverified fact may be uncertain besides.
    address
        Where it was read; empty for what was not.
    package
        Estimators of this package that fit it, for a fact that is an estimator.
    """

    text: Text
    confidence: str
    uncertain: bool = False
    address: str = ""
    package: tuple[str, ...] = ()


@dataclass(frozen=True)
class Design:
    """One study: its names, where it is cited, its facts by field in the order of ``FIELDS``."""

    id: str
    name: Text
    cited: str
    survey: str = ""
    identified: bool = True
    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)

    def established(self) -> list[str]:
        """Return the fields of which at least one fact was read."""
        return [
            name
            for name, facts in self.facts.items()
            if any(fact.confidence == "read" for fact in facts)
        ]

    def missing(self) -> list[str]:
        """Return the fields of which nothing is known."""
        return [name for name in FIELDS if not self.facts.get(name)]

    @property
    def ready(self) -> Path | None:
        """The study file of our equations for the user's survey, where there is one."""
        path = READY / f"{self.id}.toml"
        return path if path.is_file() else None


def all_designs(folder: Path = FOLDER) -> list[Design]:
    """Return every study: those that the article cites first, then by file name."""
    designs = [read_design(path) for path in sorted(folder.glob("*.toml"))]
    return sorted(designs, key=lambda design: CITED.index(design.cited))


def read_design(path: Path) -> Design:
    """Read one design file.

    Raises
    ------
    UserError
        If it is not TOML, a key, word or estimator is unknown, a text or its translation is
        absent, a fact said to be read has no address, or the id is not the file's name.
    """
    try:
        document = tomllib.loads(read_text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UserError("study_syntax", file=relative(path), error=error) from error
    _require_known(document, ("design", *FIELDS))
    about = document.get("design")
    if not isinstance(about, Mapping):
        raise UserError("study_needs", file=relative(path), what="[design]")
    _require_known(about, ABOUT_KEYS)
    if about.get("id") != path.stem:
        raise UserError("study_needs", file=relative(path), what=f'[design] id = "{path.stem}"')
    facts = {name: _facts(document[name], name, path) for name in FIELDS if name in document}
    survey = str(about.get("survey", ""))
    if survey:
        _require_one_of("survey", survey, SURVEYS)
    return Design(
        id=path.stem,
        name=Text(_text(about, "name_en", path), _text(about, "name_zh", path)),
        cited=_require_one_of("cited", _text(about, "cited", path), CITED),
        survey=survey,
        identified=about.get("identified", True) is True,
        facts=facts,
    )


def _facts(value: Any, name: str, path: Path) -> tuple[Fact, ...]:
    entries = value if name in LISTS else [value]
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        what = f"[[{name}]]" if name in LISTS else f"[{name}]"
        raise UserError("study_needs", file=relative(path), what=what)
    return tuple(_fact(entry, name, path) for entry in entries)


def _fact(entry: Mapping[str, Any], name: str, path: Path) -> Fact:
    _require_known(entry, FACT_KEYS)
    confidence = _require_one_of("confidence", _text(entry, "confidence", path), CONFIDENCE)
    address = str(entry.get("address", ""))
    if confidence == "read" and not address:
        raise UserError("study_needs", file=relative(path), what=f"{name}: address")
    return Fact(
        text=Text(_text(entry, "en", path), _text(entry, "zh", path)),
        confidence=confidence,
        uncertain=entry.get("uncertain", False) is True,
        address=address,
        package=_package(entry.get("package", []), name, path),
    )


def _package(names: Any, field_name: str, path: Path) -> tuple[str, ...]:
    from analysis.effects.fitting import estimator_names

    if names and (field_name != "estimators" or not isinstance(names, list)):
        raise UserError("study_needs", file=relative(path), what="[[estimators]] package = [...]")
    return tuple(_require_one_of("estimator", str(name), estimator_names()) for name in names)


def _text(section: Mapping[str, Any], key: str, path: Path) -> str:
    value = section.get(key)
    if not isinstance(value, str) or not value:
        raise UserError("study_needs", file=relative(path), what=key)
    return value


def _require_known(section: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in section:
        _require_one_of("key", str(key), known)


def _require_one_of(kind: str, value: str, known: tuple[str, ...] | list[str]) -> str:
    if value not in known:
        raise unknown(kind, value, list(known))
    return value
