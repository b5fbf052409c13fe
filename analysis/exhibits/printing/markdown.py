"""A table as Markdown: a pipe table under its title, the note beneath."""

import re

from analysis.exhibits.printing.printed import Printed, number_in

# in running text stars would begin emphasis, a bar a cell, < HTML
_SPECIAL = re.compile(r"[|<*]")


def as_markdown(printed: Printed) -> bytes:
    """Return a pipe table, numbers to the right."""
    rules = ["---:" if right else "---" for right in printed.is_number]
    parts_of = zip(*printed.headings, strict=True)
    heads = ["<br>".join(filter(None, map(safe, parts))) for parts in parts_of]
    lines = [heads, rules, *([safe(text) for text in line] for line in printed.lines)]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    foot = "\n\n".join(safe(line) for line in printed.foot.split("\n"))
    return f"# {safe(printed.title)}\n\n{table}\n\n{foot}\n".encode()


def safe(text: str) -> str:
    """Return text in which Markdown finds no mark-up of tables, emphasis or HTML.

    A number keeps its stars: they follow no word.
    """
    if number_in(text):
        return text
    escaped = _SPECIAL.sub(lambda found: "&lt;" if found[0] == "<" else f"\\{found[0]}", text)
    return escaped.replace("\n", " ")
