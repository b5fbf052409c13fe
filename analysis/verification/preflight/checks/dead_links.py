"""Links inside the project that lead nowhere."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from analysis.messages import Text
from analysis.verification.preflight.finding import Finding, said
from analysis.verification.preflight.tree import Tree

ABOUT = Text("dead links inside the project", "项目内失效的链接")
DEAD = Text("links to {target}, which is not there", "指向不存在的 {target}")
NO_PLACE = Text("links to #{place}, which the page does not have", "指向本页没有的 #{place}")
MARKDOWN = re.compile(r"\]\(<?([^()\s>]+)>?(?:\s+\"[^\"]*\")?\)")
HTML = re.compile(r"<[^>]*?\s(?:href|src)=[\"']([^\"']*)[\"']")
ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
PLACE = re.compile(r"\s(?:id|name)=[\"']([^\"']+)[\"']")
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)


def find(tree: Tree) -> Iterator[Finding]:
    """Yield links of pages to files and places that are not there."""
    for name in tree.texts(".md", ".html"):
        pattern = HTML if name.endswith(".html") else MARKDOWN
        for link in dict.fromkeys(pattern.findall(tree.text(name))):
            if link and not ELSEWHERE.match(link):
                yield from _followed(tree, name, link)


def _followed(tree: Tree, name: str, link: str) -> Iterator[Finding]:
    address, _, place = link.partition("#")
    path = unquote(address.partition("?")[0])
    target = posixpath.normpath(str(PurePosixPath(name).parent / path)) if path else name
    if not (tree.root / target).exists():
        yield Finding(name, said(DEAD, target=link))
    elif place and not _has(tree.text(target), unquote(place)):
        yield Finding(name, said(NO_PLACE, place=place))


def _has(page: str, place: str) -> bool:
    # a page may make places as it is read: those that its script names count
    return place in PLACE.findall(page) or place in map(_anchor, HEADING.findall(page))


def _anchor(heading: str) -> str:
    """Return the name by which a heading of Markdown is linked to."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
