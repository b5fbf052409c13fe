"""A drawn SVG made small: fewer decimals, short names, no empty groups. The eye sees no change."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

NAMESPACE = "{http://www.w3.org/2000/svg}"
# groups that ``style.furnish`` names: words that a page sets as text of its own
TITLE, FINDING, FOOTER = "title", "finding", "footer"
WORDS = (TITLE, FINDING, FOOTER)
# an SVG's unit is a point; a hundredth of it is below what a printer resolves
_DECIMALS = 2
# letters are outlines on a grid of some 4,000 steps, drawn at 7 to 11 points: every tenth will do
_LETTER, _COARSE_LETTER, _COARSER = "scale(0.015625)", "scale(0.15625)", 10.0
_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_LONG = re.compile(r"-?\d+\.\d{3,}")
_SPACE_IN_PATH = re.compile(r"\s+(?=[A-Za-z])|(?<=[A-Za-z])\s+")
_PLACES = re.compile(r"(?:translate|rotate)\([^)]*\)")
# a name that is referred to, or a colour: nothing has a colour for its name
_REFERENCE = re.compile(r"(^#|url\(#)([\w-]+)")


def slim(svg: bytes) -> bytes:
    """Return the drawing with places to 1/100 point and without what only names or lays out.

    Its letters are outlines; the words that they spell, which matplotlib leaves in comments, stand
    together in its ``desc`` for whoever searches or listens.
    """
    from lxml import etree

    root = etree.fromstring(svg, etree.XMLParser(remove_blank_text=True))
    words = _taken_words([*root.iter(etree.Comment)])
    for element in root.iter():
        _round(element)
    _rename(root)
    _unwrap(root)
    description = etree.Element(f"{NAMESPACE}desc")
    description.text = "; ".join(words)
    root.insert(1, description)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8") + b"\n"


def _taken_words(comments: Iterable["etree._Comment"]) -> list[str]:
    """Take the comments out; return those that are words, each once."""
    found = []
    for comment in comments:
        if (parent := comment.getparent()) is not None:
            parent.remove(comment)
            found.append(" ".join(str(comment.text).split()))
    return [text for text in dict.fromkeys(found) if any(map(str.isalpha, text))]


def _round(element: "etree._Element") -> None:
    if element.get("transform") == _LETTER:
        element.set("transform", _COARSE_LETTER)
        element.set("d", _coarse(element.get("d", "")))
        return
    for name, value in element.attrib.items():
        if name == "d":
            places = _LONG.sub(_rounded, " ".join(value.split()))
            element.set(name, _SPACE_IN_PATH.sub("", places))
        elif name in ("x", "y", "points"):
            element.set(name, _LONG.sub(_rounded, value))
        elif name == "transform":
            element.set(name, _PLACES.sub(lambda found: _LONG.sub(_rounded, found[0]), value))
        elif name == "style":
            element.set(name, value.replace(": ", ":").replace("; ", ";"))


def _coarse(path: str) -> str:
    """Return a letter's outline on the coarser grid, each place as a step from the last one.

    Every step is a difference of rounded places, so that their errors do not add up.
    """
    steps, at, start = [], (0, 0), (0, 0)
    for command, numbers in _STEP.findall(path):
        values = [round(float(number) / _COARSER) for number in numbers.split()]
        points = [*zip(values[::2], values[1::2], strict=True)]
        offsets = "".join(f"{x - at[0]:+d}{y - at[1]:+d}" for x, y in points)
        steps.append(command.lower() + offsets.replace("+", " ").strip())
        at = points[-1] if points else start
        start = at if command == "M" else start
    return "".join(steps)


def _rounded(found: re.Match[str]) -> str:
    text = f"{float(found[0]):.{_DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _rename(root: "etree._Element") -> None:
    """Give what is referred to a short name, take the name of what is not."""
    used = {name for element in root.iter() for name in references(element)}
    number = count()
    short = {name: f"p{next(number)}" for name in _names(root) if name in used}
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "id":
                _set_or_drop(element, short.get(value, value if value in WORDS else ""))
            elif "#" in value:
                element.set(key, renamed(value, short))


def _names(root: "etree._Element") -> list[str]:
    return [element.get("id") for element in root.iter() if element.get("id")]


def _set_or_drop(element: "etree._Element", name: str) -> None:
    if name:
        element.set("id", name)
    else:
        del element.attrib["id"]


def references(element: "etree._Element") -> Iterator[str]:
    """Yield the names that an element refers to: what it uses, is clipped by or filled with."""
    for value in element.attrib.values():
        yield from (name for _, name in _REFERENCE.findall(value))


def renamed(value: str, names: Mapping[str, str]) -> str:
    """Return an attribute's value with the names that it refers to put right."""
    return _REFERENCE.sub(lambda found: f"{found[1]}{names.get(found[2], found[2])}", value)


def _unwrap(root: "etree._Element") -> None:
    """Replace each group that says nothing by what it holds."""
    for group in [*root.iter(f"{NAMESPACE}g")]:
        parent = group.getparent()
        if parent is not None and not group.attrib:
            place = parent.index(group)
            parent[place : place + 1] = group[:]
