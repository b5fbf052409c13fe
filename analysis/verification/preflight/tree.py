"""The files that would ship, read once for all checks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from analysis.verification.shipped import shipped_files

# formats that a program may write in bytes; everything else is text
BINARY = (".png", ".docx", ".xlsx", ".xls", ".pdf", ".parquet", ".dta", ".sav", ".zip")


@dataclass(frozen=True)
class Tree:
    """A project's folder; ``files`` are the names of what would ship."""

    root: Path
    _read: dict[str, bytes] = field(default_factory=dict)

    @cached_property
    def files(self) -> list[str]:
        """Names from the root with forward slashes, sorted."""
        return shipped_files(self.root)

    def content(self, name: str) -> bytes:
        """Return a file's bytes, read once; none where there is no such file."""
        if name not in self._read:
            path = self.root / name
            self._read[name] = path.read_bytes() if path.is_file() else b""
        return self._read[name]

    def text(self, name: str) -> str:
        """Return a file's text; what is not UTF-8 in it is replaced."""
        return self.content(name).decode("utf-8", errors="replace")

    def texts(self, *suffixes: str) -> Iterator[str]:
        """Yield the names of text files, of these suffixes where any are named."""
        for name in self.files:
            suffix = PurePosixPath(name).suffix
            if suffix not in BINARY and (not suffixes or suffix in suffixes):
                yield name

    def below(self, folder: str, *suffixes: str) -> Iterator[str]:
        """Yield the names of files below a folder, of these suffixes where any are named."""
        for name in self.files:
            path = PurePosixPath(name)
            if path.is_relative_to(folder) and (not suffixes or path.suffix in suffixes):
                yield name
