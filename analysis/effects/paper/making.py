"""All steps in order: each found by its place, timed; what cannot be made keeps its reason."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.effects.paper.columns import reason_of
from analysis.effects.paper.work import Work
from analysis.loading import load, modules_in
from analysis.messages import Text, UserError

STEPS = "analysis.effects.paper.steps"


@dataclass(frozen=True)
class Made:
    """A table or figure's rows, or None and the reason; seconds that it took."""

    name: str
    rows: pd.DataFrame | None
    reason: Text
    seconds: float


def step_names() -> list[str]:
    """Return the steps in their order: table1_... to table8_..., then figures."""
    names = [name.rpartition(".")[2] for name in modules_in(STEPS)]
    return sorted(names, key=lambda name: (name.startswith("figure"), name))


def make(work: Work, say: Callable[[Made], None] = lambda made: None) -> list[Made]:
    """Make every table and figure; ``say`` is told of each as it is done."""
    done = []
    for name in step_names():
        done.append(_make(work, name))
        say(done[-1])
    return done


def _make(work: Work, name: str) -> Made:
    began = time.perf_counter()
    try:
        rows, reason = load(f"{STEPS}.{name}").rows(work), Text("", "")
        if work.simulated:
            # a p value of simulated numbers is printed nowhere, the plotted rows included
            rows = rows.drop(columns="p_value", errors="ignore").assign(simulated=True)
    except (UserError, np.linalg.LinAlgError) as error:
        rows, reason = None, reason_of(error)
    return Made(name, rows, reason, time.perf_counter() - began)
