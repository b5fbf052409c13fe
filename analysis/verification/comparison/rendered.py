"""Figures, pages and Word files: the same numbers may be drawn, laid out and packed otherwise."""

import io
import math
import re
import zipfile
from collections.abc import Iterable, Mapping

from analysis.messages import Text
from analysis.verification.comparison.printed import compare_text
from analysis.verification.comparison.verdicts import Finding, Verdict, as_found

# what came of a file drawn, by its name and hash before and after
Moved = Mapping[tuple[bytes, bytes], Finding]
SOURCE = re.compile(rb"[\w.-]+ sha256 [0-9a-f]{64}")
# what a browser draws, as opposed to what it prints
DRAWN = re.compile(rb"<svg\b.*?</svg>|\bdata:[\w/+.-]+(?:;[\w=-]+)*,[^\"'\s)]*", re.DOTALL)
XML = (".xml", ".rels")
TAG = re.compile(rb"<[^>]*>")
RENDERING = Text("rendering differs; drawn from the same numbers", "渲染有别，所绘数字相同")
LAID_OUT = Text("laid out otherwise; the same words and numbers", "版面有别，文字与数字相同")
PACKED = Text("packed otherwise; the same parts", "打包方式不同，内容相同")
NEAR = Text("drawn from numbers within the tolerance", "所绘数字在容差之内")
OTHER_NUMBERS = Text("drawn from other numbers", "所绘数字不同")


def compare_drawing(name: str, committed: bytes, rebuilt: bytes, moved: Moved) -> Finding:
    """Judge a drawing by the files that it draws: its metadata names them with their hashes."""
    drawn, anew = SOURCE.findall(committed), SOURCE.findall(rebuilt)
    if not drawn or len(drawn) != len(anew):
        return Finding(name, Verdict.DIFFERS, math.inf, OTHER_NUMBERS)
    return _by_sources(name, zip(drawn, anew, strict=True), moved)


def compare_page(name: str, committed: bytes, rebuilt: bytes, moved: Moved) -> Finding:
    """Judge a web page by its words, and the figures in it as figures are judged."""
    found = compare_text(name, DRAWN.sub(b"", committed), DRAWN.sub(b"", rebuilt))
    drawn, anew = SOURCE.findall(committed), SOURCE.findall(rebuilt)
    if found.verdict > Verdict.MINOR or not (drawn or anew):
        return found
    figures = compare_drawing(name, committed, rebuilt, moved)
    return max(figures, found, key=lambda one: one.verdict)


def _by_sources(name: str, sources: Iterable[tuple[bytes, bytes]], moved: Moved) -> Finding:
    """Judge by the files drawn: as good as the worst of them, and as near."""
    others = [moved.get(pair) for pair in sources if pair[0] != pair[1]]
    near = [found for found in others if found and found.verdict <= Verdict.MINOR]
    if len(near) < len(others):
        return Finding(name, Verdict.DIFFERS, math.inf, OTHER_NUMBERS)
    if not near:
        return Finding(name, Verdict.REPRODUCED, note=RENDERING)
    worst = max(near, key=lambda found: (found.verdict, found.largest))
    return Finding(name, worst.verdict, worst.largest, worst.place, NEAR)


def compare_archive(name: str, committed: bytes, rebuilt: bytes) -> Finding:
    """Judge a Word or Excel file by its parts: words and numbers as print, the rest by its bytes.

    Widths and styles stand in the tags: how a table is laid out, not what it says.
    """
    before, after = _parts(committed), _parts(rebuilt)
    if before == after:
        return Finding(name, Verdict.REPRODUCED, note=PACKED)
    if other := _parts_that_differ(before, after):
        return Finding(name, Verdict.DIFFERS, math.inf, as_found(other[0]))
    found = compare_text(name, _text(before), _text(after))
    if found.verdict is Verdict.REPRODUCED:
        return Finding(name, Verdict.REPRODUCED, note=LAID_OUT)
    return found


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {part: archive.read(part) for part in sorted(archive.namelist())}


def _parts_that_differ(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    """Name the parts that only one of the files has, and those other than text that differ."""
    unlike = {part for part in before.keys() & after.keys() if before[part] != after[part]}
    binary = {part for part in unlike if not part.endswith(XML)}
    return sorted((before.keys() ^ after.keys()) | binary)


def _text(parts: Mapping[str, bytes]) -> bytes:
    texts = (content for part, content in parts.items() if part.endswith(XML))
    return b"\n".join(TAG.sub(b"\n", content) for content in texts)
