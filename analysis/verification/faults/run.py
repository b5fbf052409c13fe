"""Attempts at every fault of the plan, a few at a time, and the table of what came of them."""

import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.loading import load, modules_in
from analysis.verification.faults.attempt import Attempt
from analysis.verification.faults.fault import About, Ending, Outcome
from analysis.verification.faults.miniature import Miniature, make
from analysis.verification.record import machine, today

if TYPE_CHECKING:
    import pandas as pd

PLAN = "analysis.verification.faults.plan"
COLUMNS = [
    "fault", "what_en", "what_zh", "tries", "survived", "how_en", "how_zh", "seed", "run_on",
    "seconds", "machine",
]  # fmt: skip
Say = Callable[[str], None]


@dataclass(frozen=True)
class Way:
    """The seed of the moments, threads, the most tries of a fault, and who is told."""

    seed: int
    workers: int
    most: int | None
    say: Say


@dataclass(frozen=True)
class Tried:
    """A fault, its attempts' outcomes in order, and the sum of the seconds that each took."""

    fault: str
    about: About
    outcomes: tuple[Outcome, ...]
    seconds: float

    @property
    def survived(self) -> int:
        """The number of attempts that were survived."""
        return sum(outcome.survived for outcome in self.outcomes)


def names() -> list[str]:
    """Return the names of the faults in the plan."""
    return [name.rpartition(".")[2] for name in modules_in(PLAN)]


def try_faults(wanted: Sequence[str], way: Way) -> list[Tried]:
    """Try each fault as often as it says; nothing is written here.

    Attempts run in threads, each on copies in a temporary folder.
    """
    with tempfile.TemporaryDirectory(prefix="jieli-faults-") as folder:
        base = Path(folder)
        way.say("A miniature of the project is built ...")
        miniature = make(base)
        way.say(f"It builds in {max(miniature.seconds.values()):.1f} s.")

        def one(planned: tuple[str, int]) -> tuple[Outcome, float]:
            return _timed_attempt(*planned, miniature, base, way)

        # in one pool: a fault need not wait for the last attempt at the one before
        tries = [(name, number) for name in wanted for number in range(_tries(name, way.most))]
        with ThreadPoolExecutor(way.workers) as pool:
            made = list(zip(tries, pool.map(one, tries), strict=True))
    return [_tried(name, [found for (of, _), found in made if of == name]) for name in wanted]


def _tries(name: str, most: int | None) -> int:
    about: About = load(f"{PLAN}.{name}").ABOUT
    return 0 if about.hindrance() else min(about.tries, most or about.tries)


def _tried(name: str, found: Sequence[tuple[Outcome, float]]) -> Tried:
    outcomes = tuple(outcome for outcome, _ in found)
    return Tried(name, load(f"{PLAN}.{name}").ABOUT, outcomes, sum(seconds for _, seconds in found))


def _timed_attempt(
    name: str, number: int, miniature: Miniature, base: Path, way: Way
) -> tuple[Outcome, float]:
    started = time.perf_counter()
    outcome = _attempt(name, number, miniature, base, way.seed)
    title, tries = load(f"{PLAN}.{name}").ABOUT.title.en, _tries(name, way.most)
    words = f"  {title}, {number + 1} of {tries}: {outcome.ending.value.en} {outcome.detail}"
    way.say(words.rstrip())
    return outcome, time.perf_counter() - started


def _attempt(name: str, number: int, miniature: Miniature, base: Path, seed: int) -> Outcome:
    folder = base / f"{name} {number}"
    folder.mkdir()
    chance = random.Random(f"{seed} {name} {number}")
    try:
        return load(f"{PLAN}.{name}").strike(Attempt(miniature, folder, chance))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def table(tried: Sequence[Tried], seed: int) -> "pd.DataFrame":
    """Return one row a fault (columns ``COLUMNS``); ``how`` counts the endings in words."""
    import pandas as pd

    rows = [
        (one.fault, *one.about.title, len(one.outcomes), one.survived, how(one, "en"),
         how(one, "zh"), seed, today(), round(one.seconds, 1), machine())
        for one in tried
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def how(tried: Tried, language: str) -> str:
    """Return the endings of a fault's attempts with their numbers, or why it was not tried."""
    if hindrance := tried.about.hindrance():
        return hindrance.in_language(language)
    counts = Counter(outcome.ending for outcome in tried.outcomes)
    colon, semicolon = (": ", "; ") if language == "en" else ("：", "；")
    return semicolon.join(
        f"{ending.value.in_language(language)}{colon}{counts[ending]}"
        for ending in Ending
        if counts[ending]
    )
