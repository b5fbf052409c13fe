"""Replications: a seed of its own for each draw, so that one worker or two give the same numbers.

Child seeds are numpy's SeedSequence(seed).spawn(draws): draw r is the same whichever worker makes
it and however many there are. Samples are drawn by cluster where clusters are named, by entity in
a panel, by row otherwise (Cameron and Trivedi 2005, Microeconometrics, sections 11.2 and 11.6.2).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.inference.covariance import codes_of
from analysis.effects.sample import Sample
from analysis.effects.workers import several, spread

Codes = NDArray[np.int64]
Result = TypeVar("Result")
# a bar appears on a terminal once the work has taken this long
SECONDS_UNSEEN = 2.0


def replicate(
    work: Callable[[np.random.Generator], Result], draws: int, seed: int, label: str
) -> list[Result]:
    """Return ``work``'s results for ``draws`` generators, in order, a progress bar while it runs.

    Here, in processes beside or on a cluster (workers.py); there ``work`` must not touch files.
    """
    from tqdm import tqdm

    seeds = np.random.SeedSequence(seed).spawn(draws)
    bar = tqdm(total=draws, desc=label, delay=SECONDS_UNSEEN, leave=False, disable=None)
    with bar:
        results = []
        for result in _results(work, seeds):
            results.append(result)
            bar.update()
    return results


def _results(
    work: Callable[[np.random.Generator], Result], seeds: Sequence[np.random.SeedSequence]
) -> Iterator[Result]:
    size = max(1, len(seeds) // several())
    chunks = [seeds[start : start + size] for start in range(0, len(seeds), size)]
    # one piece at a time is one draw at a time, so that the bar moves
    for part in spread(partial(_chunk, work), chunks if several() > 1 else [[s] for s in seeds]):
        yield from part


def _chunk(
    work: Callable[[np.random.Generator], Result], seeds: Sequence[np.random.SeedSequence]
) -> list[Result]:
    return [work(np.random.default_rng(seed)) for seed in seeds]


# --- samples ----------------------------------------------------------------------------------


def units_of(sample: Sample) -> Codes:
    """Return (n,) codes of what is drawn as a whole: clusters, else entities, else rows."""
    if sample.clusters.shape[1]:
        return codes_of(sample.clusters)
    if sample.entity is not None:
        return np.asarray(pd.factorize(sample.entity)[0], dtype=np.int64)
    return np.arange(sample.n_obs)


def resampled(sample: Sample, units: Codes, generator: np.random.Generator) -> Sample:
    """Return a sample of as many units, drawn with replacement.

    A unit drawn twice counts as two: clusters, entities and effects that lie within units are
    given names of their own.
    """
    count = int(units.max()) + 1
    drawn = generator.integers(0, count, count)
    rows, copies = _rows_of_units(units, drawn)
    return _renamed(taken(sample, rows), units[rows], copies)


def _rows_of_units(units: Codes, drawn: Codes) -> tuple[Codes, Codes]:
    """Return the rows of the drawn units one after another, and which draw each row is of."""
    order = np.argsort(units, kind="stable")
    sizes = np.bincount(units)
    starts, begun = np.cumsum(sizes) - sizes, np.cumsum(sizes[drawn]) - sizes[drawn]
    copies = np.repeat(np.arange(len(drawn)), sizes[drawn])
    within = np.arange(len(copies)) - begun[copies]
    return order[starts[drawn][copies] + within], copies


def taken(sample: Sample, rows: Codes) -> Sample:
    """Return the sample of these rows, in this order."""

    def frame(block: pd.DataFrame) -> pd.DataFrame:
        return block.iloc[rows].reset_index(drop=True)

    def column(values: pd.Series | None) -> pd.Series | None:
        return None if values is None else values.iloc[rows].reset_index(drop=True)

    return replace(
        sample,
        outcome=sample.outcome[rows],
        regressors=frame(sample.regressors),
        instruments=frame(sample.instruments),
        endogenous=frame(sample.endogenous),
        absorbed=frame(sample.absorbed),
        entity=column(sample.entity),
        time=column(sample.time),
        clusters=frame(sample.clusters),
        weights=None if sample.weights is None else sample.weights[rows],
        others=frame(sample.others),
        terms={name: frame(block) for name, block in sample.terms.items()},
        positions=sample.positions[rows] if len(sample.positions) else sample.positions,
    )


def _renamed(sample: Sample, units: Codes, copies: Codes) -> Sample:
    def apart(values: pd.Series) -> pd.Series:
        """Tell the copies of a unit apart in a column that lies within units."""
        codes = np.asarray(pd.factorize(values)[0], dtype=np.int64)
        pairs = pd.DataFrame({"code": codes, "unit": units}).drop_duplicates()
        if pairs["code"].duplicated().any():
            return values
        return pd.Series(codes * (int(copies.max()) + 1) + copies, name=values.name)

    def all_apart(block: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame({name: apart(block[name]) for name in block}, index=block.index)

    return replace(
        sample,
        entity=None if sample.entity is None else apart(sample.entity),
        absorbed=all_apart(sample.absorbed),
        clusters=all_apart(sample.clusters),
    )
