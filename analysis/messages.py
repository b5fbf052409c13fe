"""Texts in two languages, the user's language, and the one kind of error a user can cause."""

import locale
import os
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

LANGUAGES = ("en", "zh")
# one file a subject; a key stands in one of them only
CATALOGUE = Path(__file__).with_name("sentences")


class Text(NamedTuple):
    """The same words in English and Chinese."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        """Return the words in ``language`` (en or zh)."""
        return self.zh if language == "zh" else self.en


def users_language() -> str:
    """Return zh or en: JIELI_LANG where it is set, else the locale's language, else en."""
    chosen = os.environ.get("JIELI_LANG", "")
    if chosen in LANGUAGES:
        return chosen
    spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "zh" if spoken.lower().startswith(("zh", "chinese")) else "en"


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    sentences: dict[str, dict[str, str]] = {}
    for path in sorted(CATALOGUE.glob("*.toml")):
        sentences |= tomllib.loads(path.read_text(encoding="utf-8"))
    return sentences


def message(key: str, language: str | None = None, **fields: object) -> str:
    """Return the catalogue's sentence ``key`` with its fields filled in.

    A field that is itself a ``Text`` is put in the same language.

    Raises
    ------
    KeyError
        If the catalogue has no such sentence.
    """
    language = language or users_language()
    words: dict[str, object] = {
        name: field.in_language(language) if isinstance(field, Text) else field
        for name, field in fields.items()
    }
    return _catalogue()[key][language].format(**words)


def texts(key: str, **fields: object) -> Text:
    """Return the catalogue's sentence ``key`` in both languages."""
    return Text(*(message(key, language, **fields) for language in LANGUAGES))


class UserError(Exception):
    """Something the user gave is not usable; the program says so and ends with exit code 2."""

    def __init__(self, key: str, **fields: object) -> None:
        self.key = key
        self.fields = fields
        super().__init__(message(key, None, **fields))
