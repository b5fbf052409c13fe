"""Parts to one Office file: a zip whose bytes depend on its parts alone."""

import io
import zipfile
from collections.abc import Mapping

CONTENT_TYPES = "[Content_Types].xml"
# the earliest day that a zip can tell
_DAY = (1980, 1, 1, 0, 0, 0)
_UNIX, _READABLE = 3, 0o644 << 16


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return the zip of parts by name: sorted, undated, stored as they are.

    Not compressed, since compressors differ between systems and versions of Python; git and
    archives compress them anyway.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts, key=lambda name: (name != CONTENT_TYPES, name)):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.create_system, entry.external_attr = _UNIX, _READABLE
            archive.writestr(entry, parts[name])
    return buffer.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """Return the parts of a zip by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
