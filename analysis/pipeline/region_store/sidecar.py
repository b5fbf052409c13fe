"""A staged file's sidecar: where it comes from, and every answer that reading it again needs.

The keys of every raw file's sidecar (``sources.provenance``) and, beside them: added (UTC),
status of its figures, supersedes (the name of the region that it corrects), [found], [reading],
[[warnings]].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.messages import Text, UserError
from analysis.paths import relative
from analysis.pipeline.region_store.region import SUFFIX
from analysis.status import STATUSES

WEAKEST = STATUSES[-1]
NOT_STATED = "not stated"


@dataclass(frozen=True)
class Description:
    """What is known of a staged file.

    Attributes
    ----------
    producer, title, licence
        Texts; ``not stated`` where nobody said.
    added
        UTC time in ISO 8601: which of two vintages is the newer.
    status
        How far its figures can be trusted, one of ``analysis.status.STATUSES``.
    supersedes
        The region that this file corrects, or empty.
    found
        What was understood, for people to read: figures, places, years, variables.
    reading
        The answers with which the file gives the same figures again.
    warnings
        What the checks said when it was added.
    """

    producer: str
    title: str
    licence: str
    added: str
    status: str = WEAKEST
    supersedes: str = ""
    found: Mapping[str, Any] = field(default_factory=dict)
    reading: Mapping[str, Any] = field(default_factory=dict)
    warnings: Sequence[Text] = ()


def now() -> str:
    """Return the time, fine enough to order two additions."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def sidecar_of(description: Description, content: bytes) -> bytes:
    """Return the sidecar's text for a file of this content."""
    import tomlkit

    from analysis.sources.provenance import new_sidecar

    first = new_sidecar(
        content, producer=description.producer, title=description.title,
        citation=description.producer, licence=description.licence,
        accessed=f"added {description.added[:10]}, the file as it was given",
    )  # fmt: skip
    document = tomlkit.parse(first.decode("utf-8"))
    for key in ("added", "status", "supersedes"):
        document[key] = getattr(description, key)
    document["found"] = description.found
    document["reading"] = description.reading
    document["warnings"] = [{"en": text.en, "zh": text.zh} for text in description.warnings]
    return tomlkit.dumps(document).encode("utf-8")


def described(file: Path) -> Description:
    """Return what a staged file's sidecar says, its hash held against the file.

    Raises
    ------
    UserError
        If the file is not the one described, or the sidecar cannot be read.
    """
    from analysis.sources.provenance import check_file, sidecar_path

    sidecar = check_file(file)
    more = _toml(sidecar_path(file))
    status = str(more.get("status", WEAKEST))
    if status not in STATUSES:
        expected = ", ".join(STATUSES[1:])
        raise _wrong(file, "status", status, expected)
    return Description(
        sidecar.producer, sidecar.title, sidecar.licence, str(more.get("added", "")), status,
        str(more.get("supersedes", "")), _table(more, "found", file),
        _table(more, "reading", file), _warnings(more, file),
    )  # fmt: skip


def given_beside(file: Path) -> Mapping[str, Any]:
    """Return the sidecar that a user wrote beside a file not yet added; empty without one."""
    beside = file.with_name(file.name + SUFFIX)
    return _toml(beside) if beside.is_file() else {}


def _toml(path: Path) -> dict[str, Any]:
    import tomllib

    from analysis.files import read_text

    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise UserError("sidecar_syntax", sidecar=relative(path), error=error) from error


def _table(found: Mapping[str, Any], key: str, file: Path) -> Mapping[str, Any]:
    table = found.get(key, {})
    if not isinstance(table, dict):
        raise _wrong(file, key, table, "a table")
    return table


def _warnings(found: Mapping[str, Any], file: Path) -> tuple[Text, ...]:
    entries = found.get("warnings", [])
    if not all(isinstance(entry, dict) and {"en", "zh"} <= set(entry) for entry in entries):
        raise _wrong(file, "warnings", entries, "tables with en and zh")
    return tuple(Text(str(entry["en"]), str(entry["zh"])) for entry in entries)


def _wrong(file: Path, key: str, value: object, expected: str) -> UserError:
    return UserError(
        "sidecar_key", sidecar=relative(file) + SUFFIX, name=key, value=repr(value),
        expected=expected,
    )  # fmt: skip
