"""Which files of a folder are which wave of a survey, by the patterns of its map."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.messages import UserError
from analysis.paths import relative
from analysis.sources.surveys.raw_file import READERS
from analysis.sources.surveys.survey_map import SurveyMap


@dataclass(frozen=True)
class Found:
    """The file of each wave, helper files, other data files, and what cannot be decided."""

    waves: Mapping[int, Path]
    helpers: tuple[Path, ...]
    strangers: tuple[Path, ...]
    problems: tuple[UserError, ...]


def find_files(survey: SurveyMap, folder: Path) -> Found:
    """Return what lies in ``folder`` (subfolders too); two files of one wave are a problem."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in READERS)
    by_wave: dict[int, list[Path]] = {}
    helpers, strangers, problems = [], [], []
    for path in paths:
        wave = _wave(path, survey)
        if wave is not None and wave in survey.waves:
            by_wave.setdefault(wave, []).append(path)
        elif wave is not None:
            problems.append(_error("survey_wave_unknown", path, survey, wave))
        elif survey.helper_files and survey.helper_files.match(path.name):
            helpers.append(path)
        else:
            strangers.append(path)
    problems += [_twice(survey, wave, them) for wave, them in by_wave.items() if len(them) > 1]
    problems += [UserError("survey_stranger", file=relative(path)) for path in strangers]
    waves = {wave: them[0] for wave, them in by_wave.items() if len(them) == 1}
    return Found(waves, tuple(helpers), tuple(strangers), tuple(problems))


def _wave(path: Path, survey: SurveyMap) -> int | None:
    match = survey.files.match(path.name)
    if not match:
        return None
    if "wave" in match.groupdict():
        return int(match["wave"])
    return survey.wave or next(iter(survey.waves))


def _error(key: str, path: Path, survey: SurveyMap, wave: int) -> UserError:
    known = ", ".join(map(str, survey.waves))
    return UserError(key, file=relative(path), survey=survey.name, wave=wave, known=known)


def _twice(survey: SurveyMap, wave: int, paths: list[Path]) -> UserError:
    names = ", ".join(relative(path) for path in paths)
    return UserError("survey_wave_twice", survey=survey.name, wave=wave, files=names)
