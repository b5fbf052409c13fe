"""The words that tables are read by (words.toml), and texts made comparable with them."""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

WORDS_FILE = Path(__file__).with_name("words.toml")
CHINESE, LATIN = re.compile(r"[\u3400-\u9fff]+"), re.compile(r"[A-Za-z]+")
# ①, ⑴, ❶ and raised digits mark notes; NFKC would make figures of them
MARKS = re.compile(r"[\u2460-\u24ff\u2776-\u2793\u00b9\u00b2\u00b3\u2070\u2074-\u2079]")
_GAP = re.compile(r"(?<=[\u3400-\u9fff（）()])\s+(?=[\u3400-\u9fff（）()])")


@cache
def words() -> dict[str, Any]:
    """Return words.toml."""
    return tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))


def clean(text: object) -> str:
    """Return a cell's text: no note marks, one width of letters, no spaces within Chinese."""
    return _clean("" if text is None else str(text))


@lru_cache(maxsize=65536)
def _clean(text: str) -> str:
    plain = unicodedata.normalize("NFKC", MARKS.sub("", text))
    return _GAP.sub("", " ".join(plain.split()))


def key(text: object) -> str:
    """Return a text as words.toml writes it: lower case, no spaces."""
    return clean(text).lower().replace(" ", "")


@cache
def header_role(text: str) -> str | None:
    """Return what a header names (place, code, year, variable, value ...), else None.

    Of two languages both must name the same.
    """
    roles = {word: role for role, found in words()["headers"].items() for word in found}
    if key(text) in roles or any(letter.isdigit() for letter in text):
        return roles.get(key(text))
    parts = ["".join(CHINESE.findall(text)), "".join(LATIN.findall(text)).lower()]
    found = {roles.get(part) for part in parts if part}
    return found.pop() if len(found) == 1 else None
