"""Files to exhibits: one verdict for all files of a figure, a table, a file of results."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from analysis.verification.verdicts import Finding, Verdict

LANGUAGE = re.compile(r"_(en|zh)$")
KINDS = {"figures": "figure", "tables": "table", "plotted": "rows drawn or printed"}


@dataclass(frozen=True)
class Exhibit:
    """What came of an exhibit's files; ``worst`` is the file that decides."""

    name: str
    files: int
    worst: Finding

    @property
    def verdict(self) -> Verdict:
        """The verdict of the worst file."""
        return self.worst.verdict


def exhibit_of(file: str) -> str:
    """Return the exhibit that a file (named from reports/) belongs to: its kind and name."""
    path = PurePosixPath(file)
    simulated = "simulated " if path.parts[0] == "simulated" else ""
    kind = KINDS.get(path.parent.name, "results")
    return f"{simulated}{kind} {LANGUAGE.sub('', path.stem)}"


def by_exhibit(findings: Iterable[Finding]) -> list[Exhibit]:
    """Return one verdict an exhibit, sorted by name."""
    grouped: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        grouped[exhibit_of(finding.file)].append(finding)
    return [
        Exhibit(name, len(files), max(files, key=lambda f: (f.verdict, f.largest, bool(f.note))))
        for name, files in sorted(grouped.items())
    ]
