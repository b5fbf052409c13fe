"""A figure's SVG as it stands in the page: only the plot, its letters shared with other figures.

Title, finding and note leave the drawing: the page sets them as text that wraps and can be read
aloud. Letters are outlines; each is kept once for the whole page.
"""

import re
from html import escape
from typing import TYPE_CHECKING

from analysis.exhibits.svg import FINDING, FOOTER, NAMESPACE, TITLE, references, renamed

if TYPE_CHECKING:
    from lxml.etree import _Element

# points between the plot and the lines that stood above and below it
_UNDER_HEAD, _ABOVE_FOOT = 6.0, 9.0
_BASELINE = re.compile(r"translate\([-\d.]+ ([-\d.]+)\) scale")
_WHITE = "fill:#ffffff"
_DRAWN = {f"{NAMESPACE}{name}" for name in ("g", "path", "use", "image")}


class Letters:
    """Outlines and clips that the page's figures share, each under one name."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[str, str]] = {}

    def name_of(self, element: "_Element") -> str:
        """Return the shared name of an element that a drawing refers to."""
        del element.attrib["id"]
        content = _in_html(element)
        if content not in self._held:
            element.set("id", name := f"s{len(self._held)}")
            self._held[content] = name, _in_html(element)
        return self._held[content][0]

    def as_svg(self) -> str:
        """Return a drawing that shows nothing and holds them all."""
        held = "".join(text for _, text in self._held.values())
        return f'<svg class="letters" aria-hidden="true"><defs>{held}</defs></svg>'


def inline(svg: bytes, letters: Letters, alternative: str) -> str:
    """Return the plot as an element of a page; ``alternative`` says it in words."""
    root = plot_of(svg)
    _clear(root)
    _share(root, letters)
    plot = "".join(_in_html(child) for child in root if child.tag in _DRAWN)
    box = str(root.get("viewBox"))
    _, _, width, height = box.split()
    # the space is held before the plot is drawn, so that nothing jumps when it comes into sight
    return (
        f'<div class="held" style="aspect-ratio:{width}/{height}"><svg class="plot" role="img" '
        f'aria-label="{escape(alternative)}" viewBox="{box}">{plot}</svg></div>'
    )


def plot_of(svg: bytes) -> "_Element":
    """Return the drawing without title, finding and note, cut down to what is left."""
    from lxml import etree

    root = etree.fromstring(svg)
    left, top, width, bottom = (float(part) for part in root.get("viewBox").split())
    above = max([top, *(y + _UNDER_HEAD for name in (TITLE, FINDING) for y in _cut(root, name))])
    below = min([bottom, *(y - _ABOVE_FOOT for y in _cut(root, FOOTER))])
    root.set("viewBox", f"{left:g} {above:.4g} {width:g} {below - above:.4g}")
    root.set("width", f"{width:g}pt")
    root.set("height", f"{below - above:.4g}pt")
    return root


def _cut(root: "_Element", name: str) -> list[float]:
    """Take the words of one name out of a drawing; return the heights of their lines."""
    groups = [group for group in root.iter(f"{NAMESPACE}g") if group.get("id") == name]
    lines = [element.get("transform", "") for group in groups for element in group.iter()]
    for group in groups:
        if (parent := group.getparent()) is not None:
            parent.remove(group)
    return [float(found[1]) for line in lines if (found := _BASELINE.match(line))]


def _clear(root: "_Element") -> None:
    """Take the white grounds out: the page shows through, in the dark too."""
    for ground in [path for path in root.iter(f"{NAMESPACE}path") if path.get("style") == _WHITE]:
        if (parent := ground.getparent()) is not None:
            parent.remove(ground)


def _share(root: "_Element", letters: Letters) -> None:
    """Move what is referred to into ``letters``, and refer to it there."""
    wanted = {name for element in root.iter() for name in references(element)}
    named = [element for element in root.iter() if element.get("id") in wanted]
    shared = {str(element.get("id")): letters.name_of(element) for element in named}
    for element in root.iter():
        for key, value in element.attrib.items():
            if "#" in value:
                element.set(key, renamed(value, shared))
    for definitions in [*root.iter(f"{NAMESPACE}defs")]:
        if (parent := definitions.getparent()) is not None:
            parent.remove(definitions)


def _in_html(element: "_Element") -> str:
    """Return SVG as HTML writes it: without namespaces."""
    from lxml import etree

    text = etree.tostring(element, encoding="unicode", with_tail=False)
    return re.sub(r' xmlns(?::xlink)?="[^"]*"', "", text).replace("xlink:href", "href")
