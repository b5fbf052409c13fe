"""Words to typst's markup: every text stands in a string, where nothing of it is markup."""

from collections.abc import Iterable, Mapping

# in a string of typst only these two have a meaning
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": " ", "\r": " ", "\t": " "})


def text(words: str) -> str:
    """Return words as a string of typst."""
    return f'"{words.translate(_ESCAPED)}"'


def call(name: str, /, *content: str, **options: str) -> str:
    """Return a call in typst's code: content by position, options by name."""
    named = [f"{key.replace('_', '-')}: {value}" for key, value in options.items()]
    return f"{name}({', '.join([*named, *content])})"


def array(items: Iterable[str]) -> str:
    """Return an array; one of a single item keeps its comma."""
    return f"({', '.join(items)},)"


def dictionary(items: Mapping[str, str]) -> str:
    """Return a dictionary."""
    return f"({', '.join(f'{key}: {value}' for key, value in items.items())})"


def line(code: str) -> str:
    """Return code as a line of the document."""
    return f"#{code}"
