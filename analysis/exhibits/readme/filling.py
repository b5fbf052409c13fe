"""Fill the README's generated blocks; whatever stands outside their marks is left as it is."""

import re
import tomllib
from pathlib import Path
from typing import Any

from analysis.files import read_rows, read_text
from analysis.loading import load, modules_in

BLOCKS = "analysis.exhibits.readme.blocks"
_BLOCK = re.compile(r"(<!-- (?P<name>\w+):begin -->\n).*?(<!-- (?P=name):end -->)", re.DOTALL)


def filled(readme: str, root: Path) -> str:
    """Return the README with every block renewed from the files below ``root``.

    Raises
    ------
    KeyError
        If it marks a block that no file of ``blocks`` writes.
    """
    modules = {name.rpartition(".")[2]: name for name in modules_in(BLOCKS)}

    def renewed(found: re.Match[str]) -> str:
        return f"{found[1]}{block_text(modules[found['name']], root)}\n{found[3]}"

    return _BLOCK.sub(renewed, readme)


def block_text(module: str, root: Path) -> str:
    """Return one block's Markdown, without its marks."""
    block = load(module)
    files = {key: _contents(root, place) for key, place in block.INPUTS.items()}
    return block.text(**files).strip("\n")


def _contents(root: Path, place: str) -> Any:
    """Return a file's content, or with a star in its name all such files' by name."""
    if "*" in place:
        return {path.name: _content(path) for path in sorted(root.glob(place))}
    return _content(root / place)


def _content(path: Path) -> Any:
    """Return a CSV file's rows, a TOML file's table, another file's text; nothing where missing."""
    if path.suffix == ".csv":
        return read_rows(path) if path.exists() else []
    text = read_text(path) if path.exists() else ""
    return tomllib.loads(text) if path.suffix == ".toml" else text
