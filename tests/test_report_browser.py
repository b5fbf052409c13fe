"""The report in a browser, opened from the disk: what a reader clicks, types and sees.

Chromium is the system's (or JIELI_CHROMIUM's); where there is none these tests are skipped.
"""

import os
import re
import shutil
from pathlib import Path

import pytest

from analysis.messages import LANGUAGES

CHROMIUM = os.environ.get("JIELI_CHROMIUM") or shutil.which("chromium") or ""
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--no-first-run")  # fmt: skip
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
pytestmark = pytest.mark.skipif(
    not Path(CHROMIUM).is_file(), reason="no Chromium (apt install chromium, or JIELI_CHROMIUM)"
)


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture
def opened(browser, built_once):
    """Open a page of the report; what it logs as an error or asks of a host fails the test."""
    contexts, complaints = [], []

    def open_page(language="zh", fragment="", **settings):
        context = browser.new_context(**{"viewport": WIDE, **settings})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else 0)
        page.on(
            "request", lambda asked: asked.url.startswith("file:") or complaints.append(asked.url)
        )
        path = built_once.path(f"reports/index_{language}.html")
        page.goto(f"{path.as_uri()}{fragment}", wait_until="domcontentloaded")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


def shown(page) -> int:
    return page.locator("#ledger-table tbody:not([hidden])").count()


def test_filter_search_and_their_count(opened):
    page = opened("en")
    every = shown(page)
    page.select_option("#ledger-controls select", "not_reproduced")
    failed = shown(page)
    assert 0 < failed < every
    assert f"{failed} of {every}" in page.inner_text("#ledger-controls output")
    page.select_option("#ledger-controls select", "")
    page.check("#ledger-controls [name=provisional]")
    assert all(
        "provisional" in text
        for text in page.locator("#ledger-table tbody:not([hidden]) .badge").all_inner_texts()
    )
    page.uncheck("#ledger-controls [name=provisional]")
    page.fill("#ledger-controls [name=words]", "2008 ARBITRATION")
    assert 0 < shown(page) < every
    page.fill("#ledger-controls [name=words]", "no statement says this")
    assert shown(page) == 0
    assert page.is_visible("#ledger-none")


def test_sort_by_a_column_and_back(opened):
    page = opened("en")
    column = "#ledger-table tbody tr:first-child td:nth-child(4)"

    def numbers():
        texts = page.locator(column).all_inner_texts()
        return [float(text) for text in texts if re.fullmatch(r"-?[\d.]+", text)]

    heading = page.locator("#ledger-table thead th").nth(3)
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    assert numbers() == sorted(numbers())
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    assert numbers() == sorted(numbers(), reverse=True)


def test_a_row_opens_its_derivation_and_closes_it(opened):
    page = opened("en")
    why = page.locator("#why-disp-avg-growth")
    button = page.locator("#claim-disp-avg-growth .unfold")
    assert not why.is_visible()
    button.click()
    assert why.is_visible()
    assert "arithmetic mean" in why.inner_text()
    assert button.get_attribute("aria-expanded") == "true"
    button.click()
    assert not why.is_visible()


def test_a_tile_of_the_finding_leads_to_its_derivation_even_when_it_is_filtered_out(opened):
    page = opened("en")
    page.select_option("#ledger-controls select", "not_checkable")
    page.locator('.tile[href="#claim-disp-avg-growth"]').click()
    assert page.locator("#why-disp-avg-growth").is_visible()


def test_the_switch_of_language_keeps_the_place(opened):
    page = opened("zh")
    page.evaluate("document.getElementById('institutions').scrollIntoView()")
    page.locator("#other").click()
    page.wait_for_url("**/index_en.html#*")
    assert page.locator("html").get_attribute("lang") == "en"
    top = page.evaluate("document.getElementById('institutions').getBoundingClientRect().top")
    assert -200 < top < 200


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh"), ("en-GB", "en"), ("fr", "en")])
def test_the_chooser_opens_the_readers_language(browser, built_once, locale, language):
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(f"{built_once.path('reports/index.html').as_uri()}#ledger")
    page.wait_for_url(f"**/index_{language}.html#ledger")
    context.close()


def test_dark_and_light_by_system_and_by_hand(opened):
    page = opened("zh", color_scheme="dark")

    def lightness():
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", ground)[:3]))

    assert lightness() < 200
    page.click("#theme")
    assert lightness() > 700
    page.reload()
    assert lightness() > 700


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_narrow_screen_scrolls_in_one_direction_only(opened, language):
    page = opened(language, viewport=NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert page.locator("#finding .count").first.is_visible()
    page.locator("#claim-disp-avg-growth .unfold").click()
    assert page.locator("#why-disp-avg-growth").is_visible()


@pytest.mark.slow
def test_print_shows_the_content_without_the_furniture_on_white(opened):
    page = opened("zh", color_scheme="dark")
    page.emulate_media(media="print")
    for furniture in (".bar", ".contents", "#ledger-controls"):
        assert not page.locator(furniture).is_visible()
    assert page.locator("#figure-cases_accepted .plot").is_visible()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    assert page.pdf()[:4] == b"%PDF"


def test_the_keyboard_alone_reaches_and_works_everything(opened):
    page = opened("en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.focus("#claim-disp-avg-growth .unfold")
    page.keyboard.press("Enter")
    assert page.locator("#why-disp-avg-growth").is_visible()
    page.focus("#ledger-table thead button >> nth=4")
    page.keyboard.press("Space")
    assert page.locator("#ledger-table thead th").nth(4).get_attribute("aria-sort") == "ascending"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_glyph_is_missing(opened, language):
    """A letter that no font has is drawn as that of an unassigned code point is."""
    page = opened(language)
    missing = page.evaluate("""() => {
      const context = new OffscreenCanvas(40, 40).getContext("2d", { willReadFrequently: true });
      const drawn = (letter, font) => {
        context.clearRect(0, 0, 40, 40);
        context.font = `24px ${font}`;
        context.fillText(letter, 4, 30);
        return context.getImageData(0, 0, 40, 40).data.join();
      };
      const font = getComputedStyle(document.body).fontFamily;
      const none = drawn("\\u{10FFFE}", font);
      const letters = new Set(document.body.innerText.replace(/\\s/g, ""));
      return [...letters].filter((letter) => drawn(letter, font) === none);
    }""")
    assert not missing


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_names_and_roles(opened, language, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(language, color_scheme=scheme)
    page.locator("#claim-disp-avg-growth .unfold").click()
    # plots are checked by eye: an outline has no colour of text
    found = Axe().run(page, options={"resultTypes": ["violations"]}, context={"exclude": [".plot"]})
    told = [(v["id"], v["nodes"][0]["html"][:200]) for v in found.response["violations"]]
    assert not told


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_ready_in_under_a_second(browser, built_once, language):
    """The thread's own time counts, so that a busy machine does not make the page slow."""
    page = browser.new_page(viewport=WIDE)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(built_once.path(f"reports/index_{language}.html").as_uri())
    told = session.send("Performance.getMetrics")["metrics"]
    seconds = {metric["name"]: metric["value"] for metric in told}
    page.close()
    assert 0 < seconds["TaskDuration"] < 1
