"""Draws that several twins share: thresholds at a wanted share, categories, blanks, schema."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sources.surveys.fields import DTYPES, FIELDS, empty_column
from analysis.sources.twins.world import shares

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


def threshold(latent: Numbers, share: float) -> float:
    """Return the level that ``share`` of ``latent`` lies above."""
    return float(np.quantile(latent, 1.0 - share)) if len(latent) else 0.0


def above(latent: Numbers, share: float) -> Numbers:
    """Return 1.0 for the ``share`` of rows with the highest latent index, else 0.0."""
    return (latent > threshold(latent, share)).astype(float)


def category(rng: np.random.Generator, counts: Mapping[str, float], n: int) -> NDArray[np.str_]:
    """Return n codes drawn with the shares of ``counts``."""
    codes, weights = shares(counts)
    return rng.choice(np.array(codes), size=n, p=weights)


def ordered(latent: Numbers, counts: Mapping[str, float]) -> NDArray[np.str_]:
    """Return codes cut from a latent index, lowest first, with the shares of ``counts``."""
    codes, weights = shares(counts)
    edges = np.quantile(latent, np.cumsum(weights)[:-1]) if len(latent) else np.zeros(0)
    return np.array(codes)[np.searchsorted(edges, latent)]


def blank(values: Numbers, rng: np.random.Generator, share: float) -> Numbers:
    """Return the values with a random ``share`` of them missing."""
    return np.where(rng.random(len(values)) < share, np.nan, values)


def blank_text(values: pd.Series, where: Flags) -> pd.Series:
    """Return text with the rows of ``where`` missing."""
    return values.astype("str").mask(pd.Series(where, index=values.index))


def in_schema(columns: Mapping[str, object], survey: str) -> pd.DataFrame:
    """Return the harmonised frame: the schema's columns in order, what is absent all missing."""
    drawn = pd.DataFrame({**columns, "survey": survey, "simulated": True})
    made = {
        name: drawn[name].astype(DTYPES[field.kind])
        if name in drawn
        else empty_column(field, len(drawn))
        for name, field in FIELDS.items()
    }
    own = {name: drawn[name] for name in drawn if name not in FIELDS}
    return pd.DataFrame({**made, **own})


def normalised(weight: pd.Series, wave: pd.Series) -> pd.Series:
    """Return weights with mean one within each wave."""
    return weight / weight.groupby(wave).transform("mean")


def effect_on_share(index: Numbers, effect: float, on: Flags) -> float:
    """Return the mean effect on P(y = 1) over the rows ``on``, for y = 1[index + noise > 0].

    ``index`` is the index without the treatment, the noise standard normal.
    """
    from scipy.special import ndtr

    return float(np.mean(ndtr(index[on] + effect) - ndtr(index[on])))
