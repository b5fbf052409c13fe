"""One replication: a panel of a cell's world, every method of the cell fitted to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.effects import estimates
from analysis.effects.study import Equation, Study
from analysis.judging.worlds import EFFECT, METHODS, Cell, panel
from analysis.messages import UserError

OUTCOME, TREATMENT, CONTROLS = "ln_wage", "union_member", ("x1", "x2")
LEVEL = 0.05
COLUMNS = ["selection", "instrument", "method", "replication", "estimate", "covers", "rejects"]


@dataclass(frozen=True)
class Block:
    """Replications ``start`` to ``stop`` (not with it) of a cell; picklable, for workers.

    ``only`` names the methods to fit; all of the cell where it names none.
    """

    cell: Cell
    start: int
    stop: int
    seed: int
    only: tuple[str, ...] = ()


def rows_of_block(block: Block) -> list[dict[str, Any]]:
    """Return one row a replication and method (``COLUMNS``); wherever it runs, the same."""
    return [row for r in range(block.start, block.stop) for row in _replication(block, r)]


def _replication(block: Block, number: int) -> list[dict[str, Any]]:
    # what SeedSequence(seed).spawn gives as child `number`, without the ones before it
    seed = np.random.SeedSequence(block.seed, spawn_key=(number,))
    frame = panel(block.cell, np.random.default_rng(seed))
    about = {"selection": block.cell.selection, "instrument": block.cell.instrument}
    return [
        {**about, "method": name, "replication": number, **judged(name, frame)}
        for name in block.only or block.cell.methods
    ]


def judged(name: str, frame: pd.DataFrame) -> dict[str, float]:
    """Return the method's estimate, whether its interval covers the truth and excludes zero.

    All are NaN where the method refuses the panel.
    """
    method = METHODS[name]
    try:
        row = _row(_fitted(method, frame, OUTCOME), method)
        if method.get("interval") == "anderson_rubin":
            # the set holds the truth where "no effect" on the wage less the truth is not refused
            covers = _rubin_p(_fitted(method, frame, "without")) >= LEVEL
            rejects = _rubin_p(_fitted(method, frame, OUTCOME)) < LEVEL
        else:
            covers = row["ci_low"] <= EFFECT <= row["ci_high"]
            rejects = row["ci_low"] > 0 or row["ci_high"] < 0
    except UserError:
        return {"estimate": np.nan, "covers": np.nan, "rejects": np.nan}
    return {"estimate": float(row["estimate"]), "covers": float(covers), "rejects": float(rejects)}


def _fitted(method: Mapping[str, Any], frame: pd.DataFrame, outcome: str) -> pd.DataFrame:
    with_instrument = method.get("instrument", False)
    equation = Equation(
        id="judged",
        outcomes=(outcome,),
        treatments=() if with_instrument else (TREATMENT,),
        endogenous=(TREATMENT,) if with_instrument else (),
        instruments=("z",) if with_instrument else (),
        controls=tuple(method.get("controls", CONTROLS)),
        estimator=method["estimator"],
        absorb=tuple(method.get("absorb", ())),
        cluster=tuple(method.get("cluster", ("person",))),
        vcov="",
    )
    study = Study(id="judging", data="", equations=(equation,), entity="person", time="wave")
    return estimates(study, frame)


def _row(rows: pd.DataFrame, method: Mapping[str, Any]) -> pd.Series:
    wanted = (
        (rows["term"] == TREATMENT)
        & (rows["quantity"] == method.get("quantity", "coefficient"))
        & (rows["component"] == method.get("component", ""))
    )
    return rows[wanted].iloc[0]


def _rubin_p(rows: pd.DataFrame) -> float:
    return float(json.loads(rows["extras"].iloc[0])["anderson_rubin_p"])
