"""Study files: one TOML a study, read to frozen requests. A study file is data, never code."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.effects.expressions import unknown
from analysis.files import read_text
from analysis.messages import UserError
from analysis.paths import relative

STUDY_KEYS = ("id", "title_en", "title_zh", "citation", "data", "data_kind", "entity", "time",
              "cluster", "weights")  # fmt: skip
EQUATION_KEYS = ("id", "outcome", "outcomes", "treatment", "treatments", "contrast", "controls",
                 "estimator", "absorb", "instruments", "endogenous", "vcov", "where", "options",
                 "after", "cluster", "weights", "unit")  # fmt: skip
SECTIONS = ("study", "derive", "columns", "equation", "labels", "paper", "table")
DATA_KINDS = ("published", "survey", "regional")
CONTRASTS = ("member_vs_uncovered", "member_vs_covered", "covered_vs_uncovered", "firm_union")


@dataclass(frozen=True)
class After:
    """What to do with a fitted equation: the name of a file of ``effects/after``, its options."""

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Equation:
    """One equation of a study as asked for; an empty ``vcov`` is the estimator's default.

    ``draws`` and ``seed`` are those of a bootstrap, None where the file does not say.
    """

    id: str
    outcomes: tuple[str, ...]
    treatments: tuple[str, ...]
    controls: tuple[str, ...]
    estimator: str
    vcov: str = "classical"
    contrast: str = ""
    absorb: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    endogenous: tuple[str, ...] = ()
    cluster: tuple[str, ...] = ()
    weights: str = ""
    where: str = ""
    unit: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    after: tuple[After, ...] = ()
    draws: int | None = None
    seed: int | None = None


@dataclass(frozen=True)
class Study:
    """A study: its data, who and when, derived columns, equations.

    ``columns`` holds a small table typed into the file itself, in place of ``data``.
    """

    id: str
    data: str
    equations: tuple[Equation, ...]
    title: tuple[str, str] = ("", "")
    citation: str = ""
    data_kind: str = "survey"
    entity: str = ""
    time: str = ""
    derive: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, list] = field(default_factory=dict)
    folder: Path = Path()


def read_study(path: Path) -> Study:
    """Read a study file.

    Raises
    ------
    UserError
        If it is not TOML, a key is unknown (the nearest is named), or something needed is absent.
    """
    try:
        document = tomllib.loads(read_text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UserError("study_syntax", file=relative(path), error=error) from error
    _require_known(document, SECTIONS, path)
    about = _section(document, "study", path)
    _require_known(about, STUDY_KEYS, path)
    _require_choice(about, "data_kind", DATA_KINDS, path)
    equations = document.get("equation", [])
    # a paper's section stands without equations: `paper` makes its own
    if not isinstance(equations, list) or not (equations or "paper" in document):
        raise UserError("study_needs", file=relative(path), what="[[equation]]")
    columns = _columns(document, path)
    return Study(
        id=_text(about, "id", path),
        data="" if columns else _text(about, "data", path),
        title=(str(about.get("title_en", "")), str(about.get("title_zh", ""))),
        citation=str(about.get("citation", "")),
        data_kind=str(about.get("data_kind", "survey")),
        entity=str(about.get("entity", "")),
        time=str(about.get("time", "")),
        derive={str(k): str(v) for k, v in _section(document, "derive", path, {}).items()},
        labels={str(k): str(v) for k, v in _section(document, "labels", path, {}).items()},
        equations=tuple(_equation(entry, about, path) for entry in equations),
        columns=columns,
        folder=path.resolve().parent,
    )


def _equation(entry: Mapping[str, Any], about: Mapping[str, Any], path: Path) -> Equation:
    _require_known(entry, EQUATION_KEYS, path)
    _require_choice(entry, "contrast", CONTRASTS, path)
    outcomes = _one_or_more(entry, "outcome", "outcomes")
    if not outcomes:
        raise UserError("study_needs", file=relative(path), what="outcome")
    cluster = _names(entry.get("cluster", about.get("cluster", ())))
    options = dict(entry.get("options", {}))
    draws, seed = _draws_and_seed(options, path)
    return Equation(
        id=_text(entry, "id", path),
        outcomes=outcomes,
        treatments=_one_or_more(entry, "treatment", "treatments"),
        controls=_names(entry.get("controls", ())),
        estimator=_text(entry, "estimator", path),
        vcov=str(entry.get("vcov", "")),
        contrast=str(entry.get("contrast", "")),
        absorb=_names(entry.get("absorb", ())),
        instruments=_names(entry.get("instruments", ())),
        endogenous=_names(entry.get("endogenous", ())),
        cluster=cluster,
        weights=str(entry.get("weights", about.get("weights", ""))),
        where=str(entry.get("where", "")),
        unit=str(entry.get("unit", "")),
        options=options,
        after=_after(entry, path),
        draws=draws,
        seed=seed,
    )


def _draws_and_seed(options: dict[str, Any], path: Path) -> tuple[int | None, int | None]:
    """Take draws and seed out of an equation's options: whole numbers, draws above zero."""
    draws, seed = options.pop("draws", None), options.pop("seed", None)
    for name, value, least in (("draws", draws, 1), ("seed", seed, 0)):
        if value is not None and not (type(value) is int and value >= least):
            raise UserError("study_needs", file=relative(path), what=f"{name} >= {least}")
    return draws, seed


def _after(entry: Mapping[str, Any], path: Path) -> tuple[After, ...]:
    steps = entry.get("after", [])
    if not isinstance(steps, list) or not all(isinstance(step, Mapping) for step in steps):
        raise UserError("study_needs", file=relative(path), what="[[equation.after]]")
    return tuple(
        After(_text(step, "name", path), {k: v for k, v in step.items() if k != "name"})
        for step in steps
    )


def _columns(document: Mapping[str, Any], path: Path) -> dict[str, list]:
    """Return the table typed into the file: lists of one length."""
    columns = _section(document, "columns", path, {})
    lists = all(isinstance(values, list) and values for values in columns.values())
    if not lists or len({len(values) for values in columns.values()}) > 1:
        raise UserError("study_needs", file=relative(path), what="[columns]: lists of one length")
    return dict(columns)


def _one_or_more(entry: Mapping[str, Any], one: str, more: str) -> tuple[str, ...]:
    return _names(entry.get(more, entry.get(one, ())))


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(name) for name in value) if isinstance(value, Sequence) else ()


def _section(document: Mapping, name: str, path: Path, absent: object = None) -> Mapping[str, Any]:
    section = document.get(name, absent)
    if not isinstance(section, Mapping):
        raise UserError("study_needs", file=relative(path), what=f"[{name}]")
    return section


def _text(section: Mapping[str, Any], key: str, path: Path) -> str:
    value = section.get(key)
    if not isinstance(value, str) or not value:
        raise UserError("study_needs", file=relative(path), what=key)
    return value


def _require_known(section: Mapping[str, Any], known: Sequence[str], path: Path) -> None:
    for key in section:
        if key not in known:
            raise unknown("key", str(key), list(known))


def _require_choice(
    section: Mapping[str, Any], key: str, allowed: Sequence[str], path: Path
) -> None:
    if key in section and section[key] not in allowed:
        raise unknown(key, str(section[key]), list(allowed))
