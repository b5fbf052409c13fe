"""The report as built: complete, self-contained, true to its results, text shown as text."""

import csv
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import pandas as pd
import pytest

from analysis.exhibits.about import About, Column
from analysis.exhibits.report import Exhibit, Report, chooser, own_chapter, page
from analysis.exhibits.report.blocks import citing
from analysis.exhibits.report.content import Chapter, Shown
from analysis.messages import LANGUAGES, Text

HOSTILE = "<script>alert(1)</script>"
SIZE_OF_PAGE, SIZE_OF_PLOT = 5_000_000, 150_000
TYPED = re.compile(r"(?<![A-Za-z−\d.,])\d[\d.,]*(?![A-Za-z\d])")


class Read(HTMLParser):
    """What a page holds: ids, links, sources, the words of each section, prose without quotes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.sections: dict[str, str] = {}
        self.prose = ""
        self._open: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if tag == "a" and "href" in found else []
        loaded = found.get("src") or (found.get("href") if tag == "link" else None)
        self.loads += [loaded] if loaded else []
        if tag in ("section", "p", "data"):
            self._open.append((tag, found))
            if tag == "section":
                self.sections[found["id"]] = ""

    def handle_endtag(self, tag):
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data):
        tags = [tag for tag, _ in self._open]
        if "section" in tags:
            name = next(found["id"] for tag, found in self._open if tag == "section")
            self.sections[name] += data
        if "data" not in tags and any(found.get("class") == "said" for _, found in self._open):
            self.prose += f"{data} "


@pytest.fixture(scope="module", params=LANGUAGES)
def built_page(request, built_once) -> tuple[Path, str, Read]:
    path = built_once.path(f"reports/index_{request.param}.html")
    text = path.read_text(encoding="utf-8")
    return path, text, Read(text)


def test_every_number_said_can_be_taken_from_its_rows_again(built_once):
    with built_once.path("reports/results/in_text.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["page"] for row in rows} == {f"index_{x}.html" for x in LANGUAGES}
    for row in rows:
        assert taken_again(built_once, row) == row["value"], row
        assert row["value"] in row["sentence"]


def taken_again(project, row: dict[str, str]) -> str:
    """Read the number by pandas, as a reader of in_text.csv would."""
    table = pd.read_csv(project.path(row["file"]), dtype=str, keep_default_na=False)
    for condition in filter(None, row["rows"].split("; ")):
        column, _, values = condition.partition("=")
        table = table[table[column].isin(values.split("|"))]
    if row["take"] == "count":
        return f"{len(table):,}"
    column = table[row["column"]]
    if row["take"] == "distinct":
        return f"{column.nunique():,}"
    if not row["form"] and row["take"] == "value":
        return column.item()
    numbers = pd.to_numeric(column[column != ""])
    functions = {"minimum": "min", "maximum": "max", "sum": "sum", "value": "item"}
    return format(getattr(numbers, functions[row["take"]])(), row["form"] or ",.0f")


def test_no_number_of_the_prose_stands_outside_a_quote(built_page):
    assert not TYPED.findall(built_page[2].prose)


def test_the_page_loads_nothing_and_its_links_lead_somewhere(built_page):
    path, text, read = built_page
    assert not read.loads
    assert "://" not in re.sub(r"<pre.*?</pre>", "", text, flags=re.DOTALL).replace(
        "http://www.w3.org/2000/svg", ""
    )
    for link in set(read.links):
        file, _, fragment = link.partition("#")
        if file:
            assert (path.parent / unquote(file)).exists(), link
        else:
            assert fragment in read.ids, link


def test_names_within_the_page_are_unique_and_both_pages_have_the_same(built_once):
    one, other = (
        Read(built_once.path(f"reports/index_{x}.html").read_text(encoding="utf-8"))
        for x in LANGUAGES
    )
    assert len(set(one.ids)) == len(one.ids)
    places = [name for name in one.ids if not re.fullmatch(r"s\d+", name)]
    assert places == [name for name in other.ids if not re.fullmatch(r"s\d+", name)]


def test_page_and_plots_are_of_modest_size(built_page):
    path, text, _ = built_page
    assert path.stat().st_size < SIZE_OF_PAGE
    plots = re.findall(r'<svg class="plot".*?</svg>', text, re.DOTALL)
    assert max(map(len, plots)) < SIZE_OF_PLOT
    assert all('aria-label="' in plot for plot in plots)


def test_every_exhibit_is_shown_and_every_simulated_one_says_so(built_once, built_page):
    _, text, read = built_page
    with built_once.path("reports/results/exhibits.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            assert f"{row['kind']}-{row['exhibit']}" in read.ids
    simulated = built_once.path("reports/simulated/figures").glob("*_en.svg")
    for path in simulated:
        name = path.stem.removesuffix("_en")
        figure = re.search(
            rf'<figure id="figure-{name}" class="([^"]+)">(.*?)</figure>', text, re.S
        )
        assert "simulated" in figure[1].split()
        assert 'class="tag"' in figure[2]


def test_the_first_screen_speaks_of_china_only(built_page):
    first = built_page[2].sections["finding"]
    for foreign in ("United States", "美国", "simulated", "模拟", "coefficient", "系数"):
        assert foreign not in first


def test_every_statement_is_in_the_ledger_with_its_derivation(built_once, built_page):
    _, text, read = built_page
    with built_once.path("reports/results/claims.csv").open(encoding="utf-8") as stream:
        claims = [row["claim_id"] for row in csv.DictReader(stream)]
    assert {f"claim-{name}" for name in claims} <= set(read.ids)
    assert {f"why-{name}" for name in claims} <= set(read.ids)
    assert text.count("<dl><dt>") == len(claims)


# --- without a build: what a stranger's words may do ------------------------------------------


def hostile_exhibit() -> Exhibit:
    module = SimpleNamespace(
        __name__="analysis.exhibits.tables.hostile",
        ABOUT=About(Text(HOSTILE, HOSTILE), Text(HOSTILE, HOSTILE), {"rows": "a.csv"}, "regional"),
        COLUMNS=[Column("name", Text(HOSTILE, HOSTILE))],
    )
    rows = pd.DataFrame({"name": [HOSTILE, '"><img src=x onerror=alert(1)>']})
    files = {language: {"html": f"{HOSTILE}.html"} for language in LANGUAGES}
    return Exhibit(module, rows, f"{HOSTILE}.csv", files)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_region_titled_script_is_text(language):
    words = Text(HOSTILE, HOSTILE)
    chapter = Chapter("c", words, words, (Shown("hostile"), *own_chapter([], []).parts), mark=words)
    report = Report((chapter,), {"hostile": hostile_exhibit()}, {}, own={HOSTILE: HOSTILE})
    text = page(report, language)
    assert HOSTILE not in text
    assert "<img" not in text
    assert text.count("<script>") == 2
    assert "&lt;script&gt;" in text


def test_the_chooser_names_both_pages_and_keeps_the_place():
    text = chooser()
    for language in LANGUAGES:
        assert f'href="index_{language}.html"' in text
    assert "location.hash" in text


def test_the_same_report_gives_the_same_page():
    report = Report((), {"hostile": hostile_exhibit()}, {})
    assert page(report, "en") == page(report, "en")


def test_the_printed_report_is_linked_where_there_is_one():
    linked = citing.html(Report((), {}, {}, printed={"zh": "jieli_zh.pdf"}), "zh")
    assert '<a href="jieli_zh.pdf">' in linked
    assert "<a " not in citing.html(Report((), {}, {}), "zh")
