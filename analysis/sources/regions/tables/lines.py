"""The prose about a table: its title, unit, source, notes, and what it says of its symbols."""

import re
from collections.abc import Iterable, Sequence

from analysis.sources.regions.answers import BLANK
from analysis.sources.regions.numbers import symbol_of
from analysis.sources.regions.units import read_unit
from analysis.sources.regions.words import CHINESE, clean

ANY_CASE = re.IGNORECASE
CONTINUED = re.compile(r"续\s*表|\bcontinued\b", ANY_CASE)
_UNIT = re.compile(
    r"(?:计量)?单位\s*:\s*([^()]+?)\s*(?=[()]|\bunit|$)|\bunits?\s*:\s*([^()]+)", ANY_CASE
)
_SOURCE = re.compile(r"^\W*(?:(?:数据|资料)?来源|(?:data )?sources?)\s*:\s*(.+)", ANY_CASE)
_NOTE = re.compile(
    r"^\W*(?:注|说明|附注|备注|notes?)\s*\d*\s*[:.]|^[①-⑳⑴-⒇]|^\(?\d+\)?[.、]\s*本表", ANY_CASE
)
_FIELD = re.compile(
    r"^\W*(数据库|指标|时间|地区|(?:计量)?单位|(?:数据|资料)?来源"
    r"|database|indicator|time|region|unit|source)\s*:\s*",
    ANY_CASE,
)
_MADE = re.compile("更新|制表|打印|导出|发布|下载|printed|updated|downloaded|exported", ANY_CASE)
_SYMBOL = re.compile(
    r"[“\"「'‘(]?\s*"
    r"(空\s*格|空\s*白|blanks?(?: space| cells?)?|…+|⋯+|\.{2,}|[-—－–]+|一(?=[”\"」'’)])|\*+|#|×|/)"
    r"\s*[”\"」'’)]?\s*"
    r"(?:表示|代表|表明|系指|是指|指|为|indicates?|denotes?|means?|represents?|=|:)\s*([^;；。]+)",
    ANY_CASE,
)
# the first that is found in a meaning decides; below_unit before none: 不足 is not 无
_MEANINGS = (
    (
        "below_unit",
        re.compile("不足|不到|小于|less than|not large enough|too small|below", ANY_CASE),
    ),
    ("not_applicable", re.compile("不适用|not applicable", ANY_CASE)),
    ("unknown", re.compile("不详|未知|不明|缺|无法|unknown|not available|missing", ANY_CASE)),
    ("none", re.compile(r"无|没有|零|为0|\bno\b|none|nil|zero", ANY_CASE)),
)


def is_unit_line(text: object) -> bool:
    """Say whether a cell says the unit: 单位：件."""
    return bool(_UNIT.search(clean(text)))


def units_in(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the units of the line nearest to the table that names any: 单位：件、人 gives two."""
    for line in reversed(list(lines)):
        found = [zh or en for zh, en in _UNIT.findall(clean(line))]
        parts = (part.strip(" .,;") for words in found for part in _listed(words))
        units = tuple(dict.fromkeys(part for part in parts if part))
        if units:
            return tuple(filter(read_unit, units)) or units
    return ()


def _listed(words: str) -> list[str]:
    return [words] if read_unit(words) else re.split(r"[、,;/和及]", words)


def field_of(lines: Iterable[str], name: str) -> str | None:
    """Return what follows a field's name in the nearest line: 指标：受理数 gives 受理数."""
    for line in reversed(list(lines)):
        text = clean(line)
        found = _FIELD.match(text)
        if found and found[1].lower() == name:
            return text[found.end() :].strip() or None
    return None


def titles_in(lines: Iterable[str]) -> list[str]:
    """Return the lines that can be a title, in their order, no field of a portal among them."""
    texts = [clean(line) for line in lines if not _is_note(line)]
    return [
        text
        for text in texts
        if _bare(text) and not (_FIELD.match(text) or _MADE.search(text))
    ]  # fmt: skip


def _bare(text: str) -> str:
    """Return a line without its unit and 续表; empty if it says nothing else."""
    return CONTINUED.sub("", _UNIT.sub("", text)).replace("()", "").strip()


def dated_lines(lines: Iterable[str]) -> list[str]:
    """Return the lines whose year is the data's: titles, and the portal's 时间."""
    texts = [clean(line) for line in lines if not _is_note(line)]
    return [text for text in texts if not _MADE.search(text)]


def _is_note(line: str) -> bool:
    """Say whether a line is a note, a source or about symbols; ① counts only as written."""
    text = clean(line)
    found = _NOTE.match(text) or _SOURCE.match(text) or _SYMBOL.search(text)
    return bool(found or _NOTE.match(line.strip()))


def title_of(lines: Sequence[str]) -> str:
    """Return the table's title: the Chinese line nearest to it, else the nearest, else its 指标."""
    titles = titles_in(lines)
    chinese = [title for title in titles if CHINESE.search(title)]
    title = _bare(next(reversed(chinese or titles), "")) or field_of(lines, "指标") or ""
    # as written, where nothing was taken from it
    return next((" ".join(line.split()) for line in lines if clean(line) == title), title)


def source_of(lines: Iterable[str]) -> str:
    """Return what 数据来源 says; empty without it."""
    for line in lines:
        if found := _SOURCE.match(clean(line)):
            return found[1].strip()
    return ""


def notes_in(lines: Iterable[str]) -> list[str]:
    """Return the lines that are notes, as written."""
    return [" ".join(line.split()) for line in lines if _is_note(line)]


def explained_symbols(lines: Iterable[str]) -> dict[str, str]:
    """Return the kinds of missing that the notes give symbols: “…”表示数据不足本表最小单位数."""
    kinds: dict[str, str] = {}
    for line in lines:
        for symbol, meaning in _SYMBOL.findall(" ".join(line.split())):
            if kind := _kind(meaning):
                kinds.setdefault(_symbol(symbol), kind)
    return kinds


def _kind(meaning: str) -> str | None:
    return next((kind for kind, pattern in _MEANINGS if pattern.search(meaning)), None)


def _symbol(text: str) -> str:
    return BLANK if re.match("空|blank", text, re.IGNORECASE) else symbol_of(text)
