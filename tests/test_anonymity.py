"""The article's places are anonymous: nothing shipped may narrow them down."""

import csv
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.paths import RAW, ROOT

SUFFIXES = (".csv", ".md", ".tex", ".html", ".py", ".toml", ".svg")
FOLDERS = ("analysis", "data/raw", "reports")
# the user's own, never shipped
PRIVATE = ("data/raw/surveys", "data/raw/regions/private", "reports/local")
# an anonymous place: K city, Y's, in X, J county's, K市, X县总工会
PLACE = re.compile(
    r"(?<![A-Za-z0-9_\\])[A-Z](?:[市县区镇]|总工会)"
    r"|(?<![A-Za-z0-9_\\])[A-Z](?:'s)? (?:city|county|district|prefecture|town)\b"
    r"|(?<![\w\\'\"=])[KXYJL](?![\w\"'=(\[])|(?<!\w)[KXYJL]'s\b"
)
# prefectures and cities that the article names for its five models and cases of borrowing
CITIES = ("义乌", "昆山", "大连", "泉州", "沈阳", "淮安")
CITIES_EN = ("Yiwu", "Kunshan", "Dalian", "Quanzhou", "Shenyang", "Huai'an")
MINIMUM_WAGE = re.compile(r"minimum[ -]wage|最低工资", re.IGNORECASE)
YUAN = re.compile(r"\d[\d,.]*\s*万?(?:yuan|元|RMB)|(?:RMB|¥|￥)\s*\d", re.IGNORECASE)
SENTENCE = re.compile(r"[。！？；;!?]|\.(?=\s|$)|\n\s*\n")
TABLE_ROW = re.compile(r"^\||<t[dr]|\\\\$")


def _names() -> re.Pattern[str]:
    with (RAW / "provinces.csv").open(encoding="utf-8") as stream:
        provinces = list(csv.DictReader(stream))
    assert len(provinces) == 31
    chinese = [row["name_zh_short"] for row in provinces]
    english = [row["name_en"] for row in provinces]
    parts = [*map(re.escape, (*chinese, *CITIES))]
    parts += [rf"\b{re.escape(name)}\b" for name in (*english, *CITIES_EN)]
    return re.compile("|".join(parts), re.IGNORECASE)


NAMES = _names()


def narrows_down(passage: str) -> bool:
    """Tell whether a passage names an anonymous place and where it lies or its minimum wage."""
    if not PLACE.search(passage):
        return False
    return bool(NAMES.search(passage) or (MINIMUM_WAGE.search(passage) and YUAN.search(passage)))


def passages(text: str, suffix: str) -> Iterator[str]:
    """Yield what is read together: rows of a table, and sentences over the ends of lines."""
    if suffix == ".svg":
        # letters are outlines: words stand in the description, the metadata and in comments
        found = re.findall(r"<(?:title|desc|dc:\w+)>(.*?)</|<!--(.*?)-->", text, re.DOTALL)
        text = "\n\n".join(first or second for first, second in found)
    if suffix in (".svg", ".html"):
        # what a page says of a term or in a tile is read by itself, as where it comes from
        text = html.unescape(re.sub(r'</dd>|<a class="tile', r"\n\n\g<0>", text))
    if suffix == ".csv":
        yield from (" | ".join(row) for row in csv.reader(text.splitlines(keepends=True)))
        return
    lines = text.splitlines()
    yield from (line for line in lines if TABLE_ROW.search(line))
    prose = "\n".join("" if TABLE_ROW.search(line) else line for line in lines)
    yield from (re.sub(r"\s+", " ", part) for part in SENTENCE.split(prose))


def found_in(text: str, suffix: str) -> list[str]:
    return [passage for passage in passages(text, suffix) if narrows_down(passage)]


def shipped() -> list[Path]:
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    files.append(ROOT / "README.md")
    names = {path.relative_to(ROOT).as_posix(): path for path in files if path.suffix in SUFFIXES}
    return [path for name, path in sorted(names.items()) if not name.startswith(PRIVATE)]


def test_nothing_shipped_narrows_down_an_anonymous_place():
    files = shipped()
    assert len(files) > 150
    assert set(SUFFIXES) == {path.suffix for path in files}
    found = {
        path.relative_to(ROOT).as_posix(): hits
        for path in files
        if (hits := found_in(path.read_text(encoding="utf-8-sig"), path.suffix))
    }
    assert found == {}


def test_the_anonymous_places_are_there_to_be_looked_at():
    text = (RAW / "article_claims.csv").read_text(encoding="utf-8")
    named = [row for row in passages(text, ".csv") if PLACE.search(row)]
    assert len(named) > 30
    assert all(re.search(letter, " ".join(named)) for letter in ("K市", "X县", "Y市", "L县", "J县"))


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("X县位于浙江。", ".md"),
        ("K市为福建省的百强县，", ".toml"),
        ("位于安徽的Y市总工会", ".py"),
        ("The union of Y city\nlies in Hunan province.", ".md"),
        ("Guangdong's K is a rich county.", ".py"),
        ("J county lies near Quanzhou.", ".tex"),
        ("Fees of L county, as in all of Inner Mongolia, are low.", ".md"),
        ('fact,"X\'s payroll, average of Hubei",6', ".csv"),
        ('county,"X县",陕西', ".csv"),
        ("<td>X county</td><td>Sichuan</td>", ".html"),
        ("| X县 | 6 | 湖北 |", ".md"),
        (r"X county & Henan \\\\", ".tex"),
        ("<p>Y&#x27;s union, Gansu</p>", ".html"),
        ("<svg><title>X county, Hebei</title></svg>", ".svg"),
        ("<svg><!-- X县 河北 --><path d='M 1 1'/></svg>", ".svg"),
        ("<svg><desc>年份; X县 河北</desc></svg>", ".svg"),
        ("<tr><td><dl><dt>Input</dt><dd>X county in Hebei</dd></dl></td></tr>", ".html"),
        ("X county's minimum wage was 1,650 yuan.", ".md"),
        ("X县最低工资为每月1650元。", ".md"),
    ],
)
def test_a_planted_passage_is_caught(text, suffix):
    assert found_in(text, suffix) != []


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("A company in Shanxi owed fees. The union of X county did not.", ".md"),
        ("山西某跨国企业欠缴经费。X县总工会亦然。", ".md"),
        ("X县机关约有2600名工作人员，年平均工资约6万元。", ".csv"),
        ("The ratio of minimum wage to average wage would lower X county's base.", ".md"),
        ("Guangdong,2005,61200", ".csv"),
        ("<svg><path d='M 1 1 L 2 2'/><title>Zhejiang</title></svg>", ".svg"),
    ],
)
def test_a_harmless_passage_is_let_through(text, suffix):
    assert found_in(text, suffix) == []


def test_every_province_is_known_by_both_its_names():
    with (RAW / "provinces.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            for name in (row["name_zh"], row["name_zh_short"], row["name_en"]):
                assert narrows_down(f"X county, {name}"), name
