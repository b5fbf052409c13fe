"""A library of another version than the project needs, found first on the path."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.faults.afterwards import stopped_or_right, then
from analysis.verification.faults.attempt import Attempt
from analysis.verification.faults.fault import About, Outcome

LIBRARIES = ("pandas", "numpy", "scipy", "statsmodels", "matplotlib", "pytask")

ABOUT = About(Text("library of a wrong version", "程序库版本不符"), tries=2)


def strike(attempt: Attempt) -> Outcome:
    """Build with an outdated library; with the right one the next build must end well."""
    built, changed = attempt.miniature.results
    project = attempt.outdated()
    older = _older(attempt.folder / "other", attempt.chance.choice(LIBRARIES))
    done = project.run(PYTHONPATH=f"{older}:{project.folder}")
    outcome = stopped_or_right(done, project, (built, changed))
    return then(outcome, project, changed)


def _older(folder: Path, library: str) -> Path:
    """Return a folder that says it holds an old version of ``library``."""
    described = folder / f"{library}-0.1.dist-info"
    described.mkdir(parents=True)
    lines = ["Metadata-Version: 2.1", f"Name: {library}", "Version: 0.1", ""]
    (described / "METADATA").write_text("\n".join(lines), encoding="utf-8")
    return folder
