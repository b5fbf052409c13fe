"""All checks on one tree, in the order of their names."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.loading import load, modules_in
from analysis.messages import Text
from analysis.verification.preflight.finding import Finding, Severity, SkippedError
from analysis.verification.preflight.tree import Tree

CHECKS = "analysis.verification.preflight.checks"


@dataclass(frozen=True)
class Checked:
    """What one check found; ``skipped`` says why it could not look."""

    about: Text
    findings: tuple[Finding, ...] = ()
    skipped: Text | None = None

    @property
    def worst(self) -> Severity | None:
        """The gravest finding's severity; None where there is no finding."""
        return max((finding.severity for finding in self.findings), default=None)


def names() -> list[str]:
    """Return the names of all checks."""
    return [name.rpartition(".")[2] for name in modules_in(CHECKS)]


def checked(root: Path, only: tuple[str, ...] = ()) -> Iterator[Checked]:
    """Yield what each check finds in the project at ``root``."""
    tree = Tree(root)
    for name in only or names():
        module = load(f"{CHECKS}.{name}")
        try:
            yield Checked(module.ABOUT, tuple(module.find(tree)))
        except SkippedError as error:
            yield Checked(module.ABOUT, skipped=error.reason)
