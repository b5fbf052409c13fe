"""What a check's file offers: ``ABOUT``, and ``find(tree)`` that yields ``Finding``."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from analysis.messages import LANGUAGES, Text


class Severity(IntEnum):
    """Whether a finding keeps a deposit back."""

    WARNING = 1
    ERROR = 2


@dataclass(frozen=True)
class Finding:
    """One thing that an editor would write back about: where it is and what it is."""

    file: str
    what: Text
    severity: Severity = Severity.ERROR


class SkippedError(Exception):
    """The check cannot run on this machine; ``reason`` says why."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.en)


def said(words: Text, **fields: object) -> Text:
    """Return the words with their fields filled in; a field of two languages gives each its own."""
    return Text(*(_filled(words, fields, language) for language in LANGUAGES))


def _filled(words: Text, fields: Mapping[str, object], language: str) -> str:
    known = {
        name: field.in_language(language) if isinstance(field, Text) else field
        for name, field in fields.items()
    }
    return words.in_language(language).format(**known)
