"""Hands inputs to one target within bounds and notes every way in which it went wrong."""

import base64
import faulthandler
import json
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from analysis.messages import UserError
from analysis.paths import ROOT
from analysis.verification.fuzzing.target import LARGEST_BYTES, LONGEST_SECONDS, Finding

# what a process leaves behind when it dies: the input that it was reading, its number, findings
INPUT, COUNT, NOTES = "input", "count", "findings.json"
LONGEST_STUCK = 120


class Hang(BaseException):
    """The time for one input is over; no reader's own ``except Exception`` may swallow it."""


class Feeder:
    """Hands inputs to one target and keeps the smallest input of every finding."""

    def __init__(self, target: Any, folder: Path) -> None:
        self.target = target
        self.place = folder / f"{INPUT}{target.ABOUT.suffix}"
        self.inputs = 0
        self._found: dict[tuple[str, str], Finding] = {}

    @property
    def findings(self) -> list[Finding]:
        """What was found, one a kind and place."""
        return list(self._found.values())

    def read(self, content: bytes) -> None:
        """Have one input read within bounds; note how it went wrong where it did."""
        self.place.write_bytes(content)
        self.inputs += 1
        self.place.with_name(COUNT).write_text(str(self.inputs))
        try:
            within_time(lambda: self.target.read(self.place))
        except UserError:
            pass
        except MemoryError as error:
            self._note(Finding("memory", place_of(error), content))
        except Hang as error:
            self._note(Finding("hang", place_of(error), content))
        except Exception as error:
            self._note(Finding("traceback", f"{error!r:.80} in {place_of(error)}", content))

    def _note(self, finding: Finding) -> None:
        key = (finding.kind, finding.place.rpartition(" in ")[2])
        known = self._found.get(key)
        if known is None or len(finding.content) < len(known.content):
            self._found[key] = finding
            self.place.with_name(NOTES).write_text(as_json(self.findings))


def as_json(findings: Iterable[Finding]) -> str:
    """Return findings as text, their inputs in base 64."""
    return json.dumps(
        [[f.kind, f.place, base64.b64encode(f.content).decode("ascii")] for f in findings]
    )


def left_behind(folder: Path, suffix: str) -> tuple[int, list[Finding], bytes]:
    """Return how many inputs a process read, what it found, and its last input.

    Raises
    ------
    FileNotFoundError
        If it ended before it read any.
    """
    notes, count = folder / NOTES, int((folder / COUNT).read_text())
    found = json.loads(notes.read_text()) if notes.exists() else []
    findings = [Finding(kind, place, base64.b64decode(content)) for kind, place, content in found]
    return count, findings, (folder / f"{INPUT}{suffix}").read_bytes()


def warm_up(feeder: Feeder) -> None:
    """Read a good input for the libraries that it loads, which take time and memory of their own.

    A target whose good input is refused would leave everything behind the refusal untried.
    """
    feeder.place.write_bytes(feeder.target.seeds()[0])
    feeder.target.read(feeder.place)


def within_time(read: Callable[[], object]) -> None:
    """Call ``read``; raise ``Hang`` after ten seconds of the processor's time."""

    def stop(number: int, frame: object) -> None:
        raise Hang

    # a library's own loop lets no handler of Python's run: then the process is ended
    faulthandler.dump_traceback_later(LONGEST_STUCK, exit=True)
    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LONGEST_SECONDS)
    try:
        read()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()


def place_of(error: BaseException) -> str:
    """Return the last line of our own code that an error came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(ROOT / "analysis")]
    ours = [f for f in ours if "fuzzing" not in f.filename] or list(frames)
    name = Path(ours[-1].filename)
    shown = name.relative_to(ROOT).as_posix() if name.is_relative_to(ROOT) else name.name
    return f"{shown}:{ours[-1].lineno}"


def limit_memory() -> None:
    """Allow 1 GiB beyond what the libraries hold already; only Linux says what and keeps to it."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + LARGEST_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
