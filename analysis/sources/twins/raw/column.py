"""One column of a raw file, and how a value becomes one of that wave's codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Codes = Mapping[Any, Sequence[float]]


@dataclass(frozen=True)
class Column:
    """Values as stored in the file (numbers, or text), the variable's label, its value labels."""

    values: NDArray | pd.Series
    label: str
    codes: Mapping[int, str] = field(default_factory=dict)


def coded(
    values: pd.Series, codes: Codes, missing: Sequence[float], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return one code a value, drawn where several codes mean it; missing ones likewise."""
    drawn = some_of(missing, len(values), rng)
    for value, choices in codes.items():
        drawn = np.where(values == value, some_of(choices, len(values), rng), drawn)
    unknown = values.notna() & ~values.isin(list(codes))
    if unknown.any():
        raise ValueError(f"{values.name}: no code for {values[unknown].iloc[0]!r}")
    return drawn


def some_of(choices: Sequence[float], n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return n of the choices at random, as numbers."""
    return rng.choice(np.array(choices, dtype=float), size=n)


def filled(
    values: pd.Series, missing: Sequence[float], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return numbers, with missing codes where there are none."""
    numbers = pd.to_numeric(values).to_numpy(float)
    return np.where(np.isnan(numbers), some_of(missing, len(numbers), rng), numbers)


def slots(
    chosen: Mapping[int, NDArray[np.bool_]],
    answered: NDArray[np.bool_],
    width: int,
    rng: np.random.Generator,
    missing: Sequence[float],
) -> NDArray[np.float64]:
    """Return (n, width) answers of a multi-response item, in the order in which they were given.

    Respondents name what holds for them in any order; 78 stands alone where nothing does; unused
    slots hold -8, those of people who did not answer a missing code.
    """
    codes = np.array(list(chosen), dtype=float)
    picked = np.column_stack(list(chosen.values()))
    rank = np.argsort(np.where(picked, rng.random(picked.shape), 2.0), axis=1)
    answers = np.where(np.take_along_axis(picked, rank, axis=1), codes[rank], -8.0)
    wide = np.full((len(answers), max(width, answers.shape[1])), -8.0)
    wide[:, : answers.shape[1]] = answers
    if (wide[:, width:] > 0).any():
        raise ValueError(f"more answers than the {width} slots of the file")
    wide[~picked.any(axis=1), 0] = 78.0
    wide[~answered] = some_of(missing, int((~answered).sum()), rng)[:, None]
    return wide[:, :width]
