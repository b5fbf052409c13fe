"""Committed results that take minutes: not rebuilt as a whole, a seeded sample is redone."""

import io
import math
import os
from pathlib import Path

from analysis.messages import Text
from analysis.pipeline.engine import THREADS
from analysis.verification.comparison.tolerance import distance, within
from analysis.verification.comparison.verdicts import Finding, Verdict, as_found

JUDGED = "simulated/results/judging.csv"
SAMPLE_SEED = 20170101
REDONE = Text(
    "{rows} of {all} rows redone with all their replications (sample seed {seed})",
    "抽取 {all} 行中的 {rows} 行，全部重新模拟（抽样种子 {seed}）",
)


def redone(reports: Path, seed: int = SAMPLE_SEED) -> list[Finding]:
    """Return what came of the simulation study's sample; nothing where there is no such study."""
    if not (reports / JUDGED).is_file():
        return []
    # before anything numeric is loaded: as the study itself was run
    os.environ.update(dict.fromkeys(THREADS, "1"))
    import pandas as pd

    from analysis.judging.redo import redo_sample

    content = (reports / JUDGED).read_bytes()
    committed = pd.read_csv(io.BytesIO(content), keep_default_na=False)
    pairs = redo_sample(committed, seed)
    sampled = len(pairs[["cell", "method"]].drop_duplicates())
    words = (sentence.format(rows=sampled, all=len(committed), seed=seed) for sentence in REDONE)
    return [_finding(pairs.to_dict("records"), Text(*words))]


def _finding(pairs: list[dict[str, str]], note: Text) -> Finding:
    apart = [pair for pair in pairs if pair["committed"] != pair["redone"]]
    beyond = [p for p in apart if not within(p["column"], p["committed"], p["redone"])]
    if not apart:
        return Finding(JUDGED, Verdict.REPRODUCED, note=note)
    worst = max(beyond or apart, key=_size)
    verdict = Verdict.DIFFERS if beyond else Verdict.MINOR
    return Finding(JUDGED, verdict, _size(worst), as_found(_named(worst)), note)


def _size(pair: dict[str, str]) -> float:
    size = distance(pair["committed"], pair["redone"])
    return math.inf if math.isnan(size) else size


def _named(pair: dict[str, str]) -> str:
    where = f"{pair['cell']}, {pair['method']} · {pair['column']}"
    return f"{where}: {pair['committed']} -> {pair['redone']}"
