"""``read_survey``: all waves of a survey that the user's folder has, harmonised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.messages import Text, UserError, texts
from analysis.paths import RAW, relative
from analysis.sources.surveys.codebook import codebook_of
from analysis.sources.surveys.design import lacks_psu, normalised, psu_of_persons
from analysis.sources.surveys.fields import DTYPES, FIELDS, violations
from analysis.sources.surveys.files import Found, find_files
from analysis.sources.surveys.harmonise import Wave, harmonise
from analysis.sources.surveys.raw_file import RawFile, open_raw
from analysis.sources.surveys.survey_map import SurveyMap, map_names, read_map

SURVEYS = RAW / "surveys"


@dataclass(frozen=True)
class SurveyRead:
    """What was read: ``frame`` in the columns of FIELDS, the codebook, and what went wrong.

    ``problems`` has one error for each file that could not be used.
    """

    frame: pd.DataFrame
    notes: tuple[Text, ...]
    problems: tuple[UserError, ...]
    codebook: pd.DataFrame


def survey_names(folder: Path = SURVEYS) -> list[str]:
    """Return the surveys known by a map, ours and the user's."""
    own = [path.parent.name for path in folder.glob("*/map.toml")]
    return sorted({*map_names(), *own})


def read_survey(name: str, folder: Path = SURVEYS) -> SurveyRead:
    """Return every wave of survey ``name`` found under ``folder``/name.

    A file that cannot be used is a problem, not an end: the other waves are still read.

    Raises
    ------
    UserError
        If the survey has no map, the map is wrong, or there is no file of it at all.
    """
    survey = read_map(name, folder / name)
    found = find_files(survey, folder / name)
    if not found.waves and not found.problems:
        raise UserError("survey_not_found", value=name, folder=relative(folder / name))
    problems = list(found.problems)
    waves = [wave for year in sorted(found.waves) if (wave := _read(found, year, survey, problems))]
    helpers = [raw for path in found.helpers if (raw := _opened(path, problems))]
    waves = _with_design(waves, helpers)
    return SurveyRead(_joined(waves), tuple(_notes(waves)), tuple(problems), codebook_of(waves))


def nothing_read(error: UserError) -> SurveyRead:
    """Return a survey of which nothing could be read, for this reason."""
    return SurveyRead(_joined([]), (), (error,), codebook_of([]))


def _read(found: Found, year: int, survey: SurveyMap, problems: list[UserError]) -> Wave | None:
    raw = _opened(found.waves[year], problems)
    if raw is None:
        return None
    try:
        wave = harmonise(raw, survey, year)
        _check(wave)
    except UserError as error:
        problems.append(error)
        return None
    return wave


def _opened(path: Path, problems: list[UserError]) -> RawFile | None:
    try:
        return open_raw(path)
    except UserError as error:
        problems.append(error)
        return None


def _check(wave: Wave) -> None:
    """Hold the wave against the schema: types, codes, ranges, one row a person."""
    wrong = violations(wave.frame)
    persons = wave.frame["person_id"]
    if persons.isna().any():
        wrong.append(f"person_id: {int(persons.isna().sum())} rows without one")
    elif persons.duplicated().any():
        wrong.append(f"person_id: {int(persons.duplicated().sum())} rows repeat one")
    if wrong:
        raise UserError("survey_schema", file=wave.raw.name, trouble="; ".join(wrong))


def _with_design(waves: Sequence[Wave], helpers: Sequence[RawFile]) -> list[Wave]:
    lacking = any(lacks_psu(wave) for wave in waves)
    owners = [wave for wave in waves if not lacks_psu(wave)]
    units = psu_of_persons(owners, helpers) if lacking else {}
    return [_designed(wave, units) for wave in waves]


def _designed(wave: Wave, units: Mapping[str, str]) -> Wave:
    frame = wave.frame.assign(weight=normalised(wave.frame["weight"]))
    if units and lacks_psu(wave):
        frame["psu"] = frame["person_id"].map(units).astype("str")
    return replace(wave, frame=frame)


def _joined(waves: Sequence[Wave]) -> pd.DataFrame:
    if waves:
        return pd.concat([wave.frame for wave in waves], ignore_index=True)
    types = {name: pd.Series(dtype=DTYPES[field.kind]) for name, field in FIELDS.items()}
    return pd.DataFrame(types)


def _notes(waves: Sequence[Wave]) -> list[Text]:
    notes = []
    for wave in waves:
        name = wave.raw.path.name
        if encoding := wave.raw.encoding:
            notes.append(texts("survey_note_encoding", file=name, encoding=encoding))
        if wave.raw.simulated:
            notes.append(texts("survey_note_simulated", file=name))
    for column in ("union_question", "insurance_scope"):
        kinds = {value for wave in waves for value in wave.frame[column].dropna().unique()}
        if len(kinds) > 1:
            words = ", ".join(sorted(kinds))
            notes.append(texts("survey_note_break", field=column, kinds=words))
    return notes
