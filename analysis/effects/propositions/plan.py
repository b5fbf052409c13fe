"""A plan: which columns of a user's data stand for what the propositions speak of."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.effects.expressions import unknown
from analysis.effects.multiplicity.classifications import FOLDER, read_classification, shipped
from analysis.effects.study import Equation, Study
from analysis.files import read_text
from analysis.messages import UserError
from analysis.paths import relative

SECTIONS = ("study", "derive", "propositions")
STUDY_KEYS = ("id", "title_en", "title_zh", "citation", "data", "cluster")
KEYS = ("treatment", "controls", "outcomes", "classifications", "margin", "alpha", "wage",
        "minimum_lowest", "minimum_highest", "status", "actors", "draws", "seed")  # fmt: skip
ACTORS = ("agency", "local_union", "enterprise_union")
DRAWS, SEED, ALPHA, MARGIN = 199, 20170101, 0.05, 0.1


@dataclass(frozen=True)
class Plan:
    """What to test and on which columns.

    Attributes
    ----------
    outcomes
        Expression by generic name; generic names are those of the classifications, more is better.
    margin
        Half-width of the region that counts as no effect, in standard deviations of the controls.
    wage, minimum_lowest, minimum_highest
        The wage and the lowest and highest minimum wage that may apply to a person, in one unit;
        both minima may be one column. Empty: compliance is not judged.
    status
        Text column with uncovered, covered_non_member, member. Empty: coverage is not judged.
    actors
        0/1 column by actor (agency, local_union, enterprise_union), where a column says so.
    """

    id: str
    data: str
    treatment: str
    outcomes: Mapping[str, str]
    controls: tuple[str, ...] = ()
    cluster: tuple[str, ...] = ()
    classifications: tuple[str, ...] = ()
    margin: float = MARGIN
    alpha: float = ALPHA
    wage: str = ""
    minimum_lowest: str = ""
    minimum_highest: str = ""
    status: str = ""
    actors: Mapping[str, str] = field(default_factory=dict)
    derive: Mapping[str, str] = field(default_factory=dict)
    citation: str = ""
    draws: int = DRAWS
    seed: int = SEED
    folder: Path = Path()

    def study(self, equation: Equation, derive: Mapping[str, str] | None = None) -> Study:
        """Return a study of one equation on this plan's data, with more derived columns."""
        named = {**self.derive, **(derive or {})}
        return Study(self.id, self.data, (equation,), derive=named, folder=self.folder)

    def equation(
        self, name: str, outcomes: tuple[str, ...], treatments: tuple[str, ...]
    ) -> Equation:
        """Return least squares of the outcomes on the treatments and this plan's controls."""
        return Equation(
            name, outcomes, treatments, self.controls, "ols",
            vcov="cluster" if self.cluster else "HC1", cluster=self.cluster,
        )  # fmt: skip


def families_of(name: str) -> dict[str, tuple[str, ...]]:
    """Return the generic outcomes of a shipped classification by family."""
    classification = read_classification(FOLDER / f"{name}.toml")
    return {family.id: family.outcomes for family in classification.families}


def known_outcomes() -> list[str]:
    """Return every generic outcome that some shipped classification names."""
    names = [name for c in shipped() for group in families_of(c).values() for name in group]
    return list(dict.fromkeys(names))


def read_plan(path: Path) -> Plan:
    """Read a plan.

    Raises
    ------
    UserError
        If it is not TOML, a key, outcome, classification or actor is unknown, something needed is
        absent, or a number is out of range.
    """
    try:
        document = tomllib.loads(read_text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UserError("study_syntax", file=relative(path), error=error) from error
    _require_known(document, SECTIONS)
    about = _section(document, "study", path)
    asked = _section(document, "propositions", path)
    _require_known(about, STUDY_KEYS)
    _require_known(asked, KEYS)
    actors = _texts(asked.get("actors", {}), "actors", path)
    _require_all_in("actor", actors, ACTORS)
    outcomes = _texts(asked.get("outcomes"), "outcomes", path)
    _require_all_in("outcome", outcomes, known_outcomes())
    classifications = _names(asked.get("classifications", shipped()))
    _require_all_in("classification", classifications, shipped())
    minimum = str(asked.get("minimum_lowest", ""))
    return Plan(
        id=_text(about, "id", path),
        data=_text(about, "data", path),
        treatment=_text(asked, "treatment", path),
        outcomes=outcomes,
        controls=_names(asked.get("controls", ())),
        cluster=_names(about.get("cluster", ())),
        classifications=classifications,
        margin=_number(asked, "margin", MARGIN, (0.0, 10.0), path),
        alpha=_number(asked, "alpha", ALPHA, (0.0, 0.5), path),
        wage=_text(asked, "wage", path) if minimum else "",
        minimum_lowest=minimum,
        minimum_highest=str(asked.get("minimum_highest", minimum)),
        status=str(asked.get("status", "")),
        actors=actors,
        derive=_texts(document.get("derive", {}), "derive", path),
        citation=str(about.get("citation", "")),
        draws=int(_number(asked, "draws", DRAWS, (1, 100_000), path)),
        seed=int(_number(asked, "seed", SEED, (-1, 2**63), path)),
        folder=path.resolve().parent,
    )


def _number(
    section: Mapping[str, Any], key: str, default: float, inside: tuple[float, float], path: Path
) -> float:
    value, (low, high) = section.get(key, default), inside
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not low < value < high:
        raise UserError("study_needs", file=relative(path), what=f"{low:g} < {key} < {high:g}")
    return float(value)


def _texts(value: Any, key: str, path: Path) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for text in value.values()):
        raise UserError("study_needs", file=relative(path), what=f'{key} = {{name = "..."}}')
    return dict(value)


def _names(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(name) for name in value)  # type: ignore[attr-defined]


def _section(document: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    section = document.get(name)
    if not isinstance(section, Mapping):
        raise UserError("study_needs", file=relative(path), what=f"[{name}]")
    return section


def _text(section: Mapping[str, Any], key: str, path: Path) -> str:
    value = section.get(key)
    if not isinstance(value, str) or not value:
        raise UserError("study_needs", file=relative(path), what=key)
    return value


def _require_known(section: Mapping[str, Any], known: tuple[str, ...]) -> None:
    _require_all_in("key", section, known)


def _require_all_in(kind: str, names: Any, known: Any) -> None:
    for name in names:
        if name not in known:
            raise unknown(kind, str(name), list(known))
