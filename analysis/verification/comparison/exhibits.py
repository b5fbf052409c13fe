"""Files to exhibits: one verdict for all files of a figure, a table, a file of results."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from analysis.messages import Text
from analysis.verification.comparison.verdicts import Finding, Verdict

LANGUAGE = re.compile(r"_(en|zh)$")
RESULTS = Text("results", "结果")
KINDS = {
    "": Text("report", "报告"),
    "designs": Text("design sheet", "研究设计"),
    "estimates": Text("estimates", "估计"),
    "figures": Text("figure", "图"),
    "plotted": Text("rows drawn or printed", "图表数据"),
    "tables": Text("table", "表"),
}
# folders of reports/ whose exhibits are of a kind of their own
REALMS = {"regional": Text("regional ", "地区"), "simulated": Text("simulated ", "模拟")}


@dataclass(frozen=True)
class Exhibit:
    """What came of an exhibit's files; ``worst`` is the file that decides."""

    name: Text
    files: int
    worst: Finding

    @property
    def verdict(self) -> Verdict:
        """The verdict of the worst file."""
        return self.worst.verdict


def exhibit_of(file: str) -> Text:
    """Return the exhibit that a file (named from reports/) belongs to: its kind and name."""
    path = PurePosixPath(file)
    realm = REALMS.get(path.parts[0], Text("", ""))
    kind = KINDS.get(path.parent.name, RESULTS)
    name = LANGUAGE.sub("", path.stem)
    return Text(*(f"{a}{b} {name}" for a, b in zip(realm, kind, strict=True)))


def by_exhibit(findings: Iterable[Finding]) -> list[Exhibit]:
    """Return one verdict an exhibit, sorted by name."""
    grouped: dict[Text, list[Finding]] = defaultdict(list)
    for finding in findings:
        grouped[exhibit_of(finding.file)].append(finding)
    return [
        Exhibit(name, len(files), max(files, key=lambda f: (f.verdict, f.largest, any(f.note))))
        for name, files in sorted(grouped.items())
    ]
