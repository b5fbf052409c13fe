"""Every target fed in a child process, and the table of what was found."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.loading import load, modules_in
from analysis.paths import ROOT
from analysis.pipeline.libraries import NOT_INSTALLED, installed_version
from analysis.verification.fuzzing.feeder import left_behind
from analysis.verification.fuzzing.found import kept
from analysis.verification.fuzzing.target import About, Finding
from analysis.verification.record import today

if TYPE_CHECKING:
    import pandas as pd

TARGETS = "analysis.verification.fuzzing.targets"
CHILD = "analysis.verification.fuzzing.child"
COLUMNS = [
    "target", "what_en", "what_zh", "tool", "inputs", "findings", "left_open", "seed", "run_on",
]  # fmt: skip
LIVES = 6
Say = Callable[[str], None]


@dataclass(frozen=True)
class Fed:
    """A target, the tool, how many inputs were read, and what was found."""

    target: str
    tool: str
    about: About
    inputs: int
    findings: tuple[Finding, ...]


def names() -> list[str]:
    """Return the names of all targets."""
    return [name.rpartition(".")[2] for name in modules_in(TARGETS)]


def tools() -> list[str]:
    """Return what inputs are drawn with: hypothesis, and atheris where it is installed."""
    return [name for name in ("hypothesis", "atheris") if installed_version(name) != NOT_INSTALLED]


def feed_targets(
    wanted: Sequence[str], inputs: int, seed: int, workers: int, say: Say
) -> list[Fed]:
    """Feed each target ``inputs`` inputs with each tool, ``workers`` processes at a time."""

    def one(pair: tuple[str, str]) -> Fed:
        fed = feed(*pair, inputs, seed)
        count = len(fed.findings)
        say(f"  {fed.about.what.en} ({fed.tool}): {fed.inputs} inputs, {count} findings")
        for finding in fed.findings:
            say(f"    {finding.kind} {finding.place}: {finding.content[:120]!r}")
        return fed

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(one, product(wanted, tools())))


def feed(name: str, tool: str, inputs: int, seed: int) -> Fed:
    """Feed one target; where its process dies that is a finding, and another goes on."""
    about = load(f"{TARGETS}.{name}").ABOUT
    inputs //= about.cost
    whole = Fed(name, tool, about, 0, ())
    for life in range(LIVES):
        with tempfile.TemporaryDirectory(prefix="jieli-fuzzing-") as folder:
            done = _in_a_process(name, tool, str(inputs - whole.inputs), str(seed + life), folder)
            read, found = _answer(done, Path(folder), about)
        whole = Fed(name, tool, about, whole.inputs + read, (*whole.findings, *found))
        if done.returncode == 0:
            break
    return whole


def _in_a_process(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", CHILD, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False)


def _answer(
    done: subprocess.CompletedProcess[bytes], folder: Path, about: About
) -> tuple[int, list[Finding]]:
    """Return how many inputs a process read and what it found, its own end among it."""
    said = (done.stderr.decode("utf-8", "replace").strip().splitlines() or [""])[-1]
    try:
        inputs, findings, last = left_behind(folder, about.suffix)
    except FileNotFoundError as error:
        raise RuntimeError(f"the target cannot be fed: {said}") from error
    if done.returncode:
        findings.append(Finding("crash", f"exit code {done.returncode} {said}", last))
    return inputs, findings


def table(fed: Sequence[Fed], seed: int) -> "pd.DataFrame":
    """Return one row a target and tool.

    ``findings`` counts those since the first run, ``left_open`` those that this run still made.
    """
    import pandas as pd

    rows = [
        (one.target, *one.about.what, one.tool, one.inputs, _ever(one), len(one.findings),
         seed, today())
        for one in fed
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _ever(fed: Fed) -> int:
    return len({*kept(fed.target), *(finding.content for finding in fed.findings)})
