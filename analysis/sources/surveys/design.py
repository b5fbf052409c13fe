"""The survey's design: weights within a wave, sampling units by person."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from analysis.sources.surveys.harmonise import Wave
from analysis.sources.surveys.raw_file import RawFile, read_columns
from analysis.sources.surveys.recodings import code_text
from analysis.sources.surveys.rule import Rule
from analysis.sources.surveys.survey_map import Absent

PSU_COLUMNS = ("pid", "psu")


def normalised(weights: pd.Series) -> pd.Series:
    """Return weights divided by their mean, so that a wave's weights have mean 1."""
    return weights / weights.mean() if weights.notna().any() else weights


def psu_of_persons(waves: Iterable[Wave], helpers: Sequence[RawFile]) -> Mapping[str, str]:
    """Return each person's sampling unit: of the earliest wave that has it, else a helper file."""
    tables = [wave.frame[["person_id", "psu"]] for wave in waves]
    tables += [_helper(raw) for raw in helpers if set(PSU_COLUMNS) <= set(raw.actual)]
    if not tables:
        return {}
    known = pd.concat(tables).dropna().drop_duplicates("person_id")
    return dict(zip(known["person_id"], known["psu"], strict=True))


def _helper(raw: RawFile) -> pd.DataFrame:
    columns = read_columns(raw, PSU_COLUMNS)
    texts = {
        name: code_text(columns.mask(columns < 0), Rule("code_text", (name,)), 0)
        for name in PSU_COLUMNS
    }
    return pd.DataFrame(texts).set_axis(["person_id", "psu"], axis=1)


def lacks_psu(wave: Wave) -> bool:
    """Say whether the wave's own file has no sampling unit."""
    return isinstance(wave.used["psu"], Absent)
