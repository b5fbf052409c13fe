"""A project in a folder: commands run in it, killed in it, and what stands there afterwards."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

Command = tuple[str, ...]
Snapshot = Mapping[str, bytes]
Versions = tuple[Snapshot, ...]

REPRODUCE: Command = ("analysis", "reproduce")
# they say how long things took: no two runs write the same bytes
NOT_COMPARED = (
    "reports/results/verification.csv",
    "reports/results/performance.csv",
    "reports/performance/",
)
# the engine's state and compiled code are nobody's results
OWN = (".jieli/", "analysis/")
PATIENCE = 600.0
NO_COMPILED_CODE = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True)
class Project:
    """A copy of the package with its data; ``scratch`` takes its commands' temporary files."""

    folder: Path
    scratch: Path

    def start(self, command: Command, **environment: str) -> subprocess.Popen[str]:
        """Start ``python -m`` with the command in a session of its own."""
        self.scratch.mkdir(exist_ok=True)
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            env={**self._environment(), **environment},
        )

    def _environment(self) -> dict[str, str]:
        scratch = str(self.scratch)
        places = {"PYTHONPATH": str(self.folder), "TMPDIR": scratch, "TEMP": scratch}
        # compiled code is kept and copied with the tree: else each run compiles all of it again
        given = {key: value for key, value in os.environ.items() if key != NO_COMPILED_CODE}
        return {**given, **places, "JIELI_LANG": "en", "PYTHONUTF8": "1"}

    def run(
        self, command: Command = REPRODUCE, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; one that hangs is killed and has the exit code of that."""
        return finish(self.start(command, **environment))

    def run_and_kill(self, command: Command, seconds: float) -> bool:
        """Start a command and kill -9 it with its children; False where it ended before."""
        process = self.start(command)
        time.sleep(seconds)
        ended = process.poll() is not None
        kill(process)
        process.communicate()
        return not ended

    def snapshot(self) -> dict[str, bytes]:
        """Return every file's bytes by its name from the root: the user's and the results."""
        names = {
            path.relative_to(self.folder).as_posix(): path
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }
        return {
            name: path.read_bytes()
            for name, path in names.items()
            if not name.startswith((*OWN, *NOT_COMPARED))
        }


def finish(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """Wait for a command and return it with its output."""
    try:
        output, errors = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        kill(process)
        output, errors = process.communicate()
        errors += f"\nno end within {PATIENCE:.0f} s"
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def kill(process: subprocess.Popen[str]) -> None:
    """End a process without warning, and its children where the system knows sessions."""
    if os.name == "nt":
        process.kill()
        return
    # one that has ended, its children too, is no longer found
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
