"""The few paths of the project. Everything else is named relative to these."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RAW = ROOT / "data" / "raw"
PROCESSED = ROOT / "data" / "processed"
REPORTS = ROOT / "reports"
RESULTS = REPORTS / "results"
STATE = ROOT / ".jieli"


def relative(path: Path) -> str:
    """Name ``path`` from the project's root with forward slashes; as it is when outside."""
    try:
        return path.resolve().relative_to(ROOT).as_posix()
    except ValueError:
        return path.as_posix()
