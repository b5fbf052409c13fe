"""Sidecars: what is known of a raw file's origin, and the hash that ties it to the file."""

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from analysis.files import read_text, sha256, write_all
from analysis.messages import UserError
from analysis.paths import RAW, relative

SUFFIX = ".meta.toml"
REQUIRED = ("producer", "title", "citation", "licence", "accessed", "sha256", "notes")


@dataclass(frozen=True)
class Sidecar:
    """Where a raw file comes from; ``notes`` grow by one dated line with each seal."""

    producer: str
    title: str
    citation: str
    licence: str
    accessed: str
    sha256: str
    notes: tuple[str, ...]


def sidecar_path(path: Path) -> Path:
    """Return the place of a raw file's sidecar: the file's whole name and .meta.toml."""
    return path.with_name(path.name + SUFFIX)


def read_sidecar(path: Path) -> Sidecar:
    """Read the sidecar of the raw file ``path``.

    Raises
    ------
    UserError
        If it is missing, not TOML, or lacks a key.
    """
    place = sidecar_path(path)
    if not place.exists():
        raise UserError("no_sidecar", file=relative(path), sidecar=relative(place))
    try:
        found = tomllib.loads(read_text(place))
    except tomllib.TOMLDecodeError as error:
        raise UserError("sidecar_syntax", sidecar=relative(place), error=error) from error
    return Sidecar(
        **{key: _text(found, key, place) for key in REQUIRED[:-1]}, notes=_notes(found, place)
    )


def _text(found: dict[str, object], key: str, place: Path) -> str:
    value = found.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _refusal(place, key, value, "a text")
    return value


def _notes(found: dict[str, object], place: Path) -> tuple[str, ...]:
    notes = found.get("notes")
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise _refusal(place, "notes", notes, "a list of texts")
    return tuple(notes)


def _refusal(place: Path, key: str, value: object, expected: str) -> UserError:
    return UserError(
        "sidecar_key", sidecar=relative(place), name=key, value=repr(value), expected=expected
    )


def check_file(path: Path) -> Sidecar:
    """Return the sidecar of ``path`` after holding its hash against the file.

    Raises
    ------
    UserError
        If the file is missing, a directory, without a sidecar, or not the one described.
    """
    if path.is_dir():
        raise UserError("directory", file=relative(path))
    if not path.exists():
        raise UserError("missing_file", file=relative(path))
    sidecar = read_sidecar(path)
    found = sha256(path)
    if found != sidecar.sha256:
        raise UserError(
            "wrong_hash", file=relative(path), found=found[:12], expected=sidecar.sha256[:12]
        )
    return sidecar


def raw_files(folder: Path = RAW) -> list[Path]:
    """Return a raw folder's data files in order of name; sub-folders are other sources' own."""
    return sorted(path for path in folder.glob("*") if path.suffix == ".csv" and not _hidden(path))


def _hidden(path: Path) -> bool:
    return path.name.startswith((".", "~$"))


def check_folder(folder: Path = RAW) -> dict[str, Sidecar]:
    """Check every raw file and every sidecar of ``folder``; return the sidecars by file name.

    Raises
    ------
    UserError
        At the first file without sidecar, sidecar without file, or hash that does not fit.
    """
    for sidecar in sorted(folder.glob("*" + SUFFIX)):
        described = sidecar.with_name(sidecar.name.removesuffix(SUFFIX))
        if not described.exists():
            raise UserError("lone_sidecar", sidecar=relative(sidecar), file=relative(described))
    return {path.name: check_file(path) for path in raw_files(folder)}


def seal(path: Path, why: str = "edited on purpose") -> bool:
    """Renew the hash in a sidecar after a deliberate edit, with a dated note.

    Returns True when the sidecar changed, False when it already described the file.
    """
    sidecar = read_sidecar(path)
    if sha256(path) == sidecar.sha256:
        return False
    write_all({sidecar_path(path): renewed_sidecar(path, path.read_bytes(), why)})
    return True


def renewed_sidecar(path: Path, content: bytes, why: str) -> bytes:
    """Return the sidecar's text for ``content``, its comments and order kept."""
    import tomlkit

    document = tomlkit.parse(read_text(sidecar_path(path)))
    document["sha256"] = hashlib.sha256(content).hexdigest()
    document["notes"].append(f"{_today()}: sealed, {why}")
    return tomlkit.dumps(document).encode("utf-8")


def new_sidecar(content: bytes, **known: str) -> bytes:
    """Return a first sidecar for ``content`` from what is known (producer, title, ...)."""
    import tomlkit

    document = tomlkit.document()
    for key in REQUIRED[:-2]:
        document[key] = known[key]
    document["sha256"] = hashlib.sha256(content).hexdigest()
    document["notes"] = tomlkit.array(f'["{_today()}: first written"]').multiline(True)
    return tomlkit.dumps(document).encode("utf-8")


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
