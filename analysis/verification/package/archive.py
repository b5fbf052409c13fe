"""A folder to one zip: the same files are the same bytes, whoever packs them, and when."""

import hashlib
import io
import zipfile
from pathlib import Path

from analysis.verification.shipped import CHECKSUMS, shipped_files

# the earliest date that a zip can hold: no archive says when it was packed
EPOCH = (1980, 1, 1, 0, 0, 0)
PROGRAM, PLAIN = 0o100755, 0o100644
PROGRAMS = (".ci/run", "start.py")


def archive(root: Path, prefix: str) -> bytes:
    """Return a zip of what ships from ``root``, below one folder ``prefix``, with checksums."""
    names = shipped_files(root)
    contents = {name: (root / name).read_bytes() for name in names}
    contents[CHECKSUMS] = _checksums(contents)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in sorted(contents):
            packed.writestr(_entry(f"{prefix}/{name}", name in PROGRAMS), contents[name])
    return buffer.getvalue()


def _checksums(contents: dict[str, bytes]) -> bytes:
    lines = [f"{hashlib.sha256(contents[name]).hexdigest()}  {name}" for name in sorted(contents)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _entry(name: str, is_program: bool) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    # as a Unix system writes it, on every system
    entry.create_system = 3
    entry.external_attr = (PROGRAM if is_program else PLAIN) << 16
    return entry
