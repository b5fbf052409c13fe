"""Which regions are staged: one folder each, the user's file untouched and its sidecar."""

from dataclasses import dataclass
from pathlib import Path

from analysis.messages import UserError
from analysis.paths import RAW, relative

STAGED = RAW / "regions"
# git-ignored, and out of every package
PRIVATE = STAGED / "private"
SUFFIX = ".meta.toml"


@dataclass(frozen=True)
class Region:
    """A staged region, or the place of one that is to be."""

    name: str
    private: bool

    @property
    def folder(self) -> Path:
        """Where the file and its sidecar lie."""
        return (PRIVATE if self.private else STAGED) / self.name

    @property
    def files(self) -> list[Path]:
        """Every file of the folder."""
        return sorted(path for path in self.folder.iterdir() if path.is_file())

    @property
    def file(self) -> Path:
        """The user's file: the one that has a sidecar.

        Raises
        ------
        UserError
            If none has, or more than one.
        """
        described = [path for path in self.files if path.name.endswith(SUFFIX)]
        if len(described) != 1:
            raise UserError("region_folder", folder=relative(self.folder), found=len(described))
        return described[0].with_name(described[0].name.removesuffix(SUFFIX))


def staged_regions() -> list[Region]:
    """Return the staged regions by name, public ones first.

    A folder whose name begins with a dot or an underscore is none: it is being written or removed.
    """
    public = [Region(name, private=False) for name in _names(STAGED) if name != PRIVATE.name]
    return public + [Region(name, private=True) for name in _names(PRIVATE)]


def _names(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    there = (path.name for path in folder.iterdir() if path.is_dir())
    return sorted(name for name in there if not name.startswith((".", "_")))
