"""Files at the edges: reading text in the encodings users have, writing all or nothing."""

import csv
import hashlib
import io
import os
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from analysis.messages import UserError
from analysis.paths import ROOT, STATE, relative

SCRATCH = STATE / "scratch"


def sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes as 64 hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def named_hashes(paths: Iterable[Path]) -> str:
    """Return each file's name with its sha256, as one line."""
    return "; ".join(f"{path.name} sha256 {sha256(path)}" for path in paths)


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 (with or without BOM) or GB18030 file.

    Raises
    ------
    UserError
        If the path is missing, a directory, empty, binary, or in another encoding.
    """
    raw = _bytes_of(path)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            position = error.start
            continue
        if not text.strip():
            raise UserError("empty_file", file=relative(path))
        return text
    raise UserError("encoding", file=relative(path), byte=position + 1)


def _bytes_of(path: Path) -> bytes:
    if path.is_dir():
        raise UserError("directory", file=relative(path))
    if not path.exists():
        raise UserError("missing_file", file=relative(path))
    raw = path.read_bytes()
    if not raw.strip():
        raise UserError("empty_file", file=relative(path))
    if b"\0" in raw:
        raise UserError("binary", file=relative(path))
    return raw


def inside(folder: Path, name: str, most: Path | None = None) -> Path:
    """Return ``folder / name`` for a name that stands in a file, without following links.

    ``most`` is the folder that the name must not lead out of, ``folder`` itself by default.

    Raises
    ------
    UserError
        If the name is absolute or climbs, and so leads out.
    """
    bound = (most or folder).absolute()
    path = Path(os.path.normpath(folder.absolute() / name))
    if not path.is_relative_to(bound):
        raise UserError("leads_outside", value=name, folder=relative(bound))
    return path


def beside(folder: Path, name: str) -> Path:
    """Return the file that another in ``folder`` names: anywhere in the project, or below it.

    Raises
    ------
    UserError
        If it is outside of the project, or of ``folder`` where that is not in the project.
    """
    return inside(folder, name, ROOT if folder.absolute().is_relative_to(ROOT) else folder)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return a CSV file's rows as dictionaries of text, without loading any data library."""
    return list(csv.DictReader(io.StringIO(read_text(path), newline="")))


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Write every file to a temporary name first, then rename them all into place.

    Nothing changes on disk until every byte of every file has been written, so a full disk or
    an interruption leaves the earlier files whole.

    Raises
    ------
    UserError
        If a file cannot be written.
    """
    waiting: list[tuple[Path, Path]] = []
    try:
        for path, content in contents.items():
            waiting.append((_write_beside(path, content), path))
        for temporary, path in waiting:
            temporary.replace(path)
    except OSError as error:
        for temporary, _ in waiting:
            temporary.unlink(missing_ok=True)
        raise UserError("cannot_write", file=error.filename or "", error=error.strerror) from error


def _write_beside(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = SCRATCH if path.is_relative_to(ROOT) else path.parent
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=folder)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    # mkstemp makes files private; results are for everybody to read
    Path(name).chmod(0o644)
    return Path(name)


def sweep_scratch(older_than_seconds: float = 3600.0) -> None:
    """Remove what a killed build left half-written; a build under way keeps its young files."""
    for leftover in SCRATCH.glob("*"):
        if time.time() - leftover.stat().st_mtime > older_than_seconds:
            leftover.unlink(missing_ok=True)
