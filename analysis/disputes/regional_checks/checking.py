"""Every check of ``checks``, found by place: a module with ``look(case) -> Iterator[Finding]``."""

from analysis.disputes.regional_checks.case import Case, Finding, by
from analysis.loading import load, modules_in

CHECKS = "analysis.disputes.regional_checks.checks"


def check(case: Case) -> list[Finding]:
    """Return what every check finds, errors first."""
    found = [
        by(name.rpartition(".")[2], finding)
        for name in modules_in(CHECKS)
        for finding in load(name).look(case)
    ]
    return sorted(found, key=lambda finding: not finding.error)
