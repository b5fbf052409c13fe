"""``seal FILE``: renew a raw file's sidecar after a deliberate edit."""

import argparse
from pathlib import Path

from analysis.messages import Text, UserError
from analysis.paths import RAW, relative

SEALED = Text("Sealed {file}: its sidecar now describes it.", "已更新 {file} 的来源说明。")
UNCHANGED = Text("{file} is as its sidecar describes it.", "{file} 与来源说明一致，无需更新。")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the file and the reason."""
    parser.add_argument("file", type=Path, help="a file under data/raw")
    parser.add_argument("--why", default="edited on purpose", help="goes into the sidecar's notes")


def run(options: argparse.Namespace) -> int:
    """Seal the file."""
    from analysis.sources.provenance import seal

    path = _raw_file(options.file)
    words = SEALED if seal(path, options.why) else UNCHANGED
    print(words.in_language(options.lang).format(file=relative(path)))
    return 0


def _raw_file(given: Path) -> Path:
    """Return the file as given, or by its bare name in data/raw.

    Raises
    ------
    UserError
        If it is not a file under data/raw.
    """
    path = given if given.exists() else RAW / given
    if not path.exists():
        raise UserError("missing_file", file=given.as_posix())
    if path.is_dir():
        raise UserError("directory", file=given.as_posix())
    if not path.resolve().is_relative_to(RAW):
        raise UserError("not_in_raw", file=given.as_posix())
    return path.resolve()
