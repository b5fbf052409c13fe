"""Figures made small for the page say the same, and share their letters."""

import re

import pytest

from analysis.exhibits.report.drawing import Letters, inline
from analysis.exhibits.style import as_svg, furnish, look, new_figure
from analysis.exhibits.svg import slim

REFERENCE = re.compile(r'(?:href="#|url\(#)(\w+)')
TITLE, FINDING, FOOTER = "A title of this plot", "What was found", "A note beneath it"


@pytest.fixture(scope="module")
def drawn() -> bytes:
    """A figure of the house with words, a hatch, a clip and markers."""
    with look("en"):
        figure, (axes,) = new_figure(3.0)
        axes.bar([1, 2], [3.123456, 1], hatch="///", label="hatched bars")
        axes.plot([1, 2], [1, 2], marker="o")
        axes.legend()
        furnish(figure, TITLE, FINDING, FOOTER)
        return as_svg(figure, TITLE, "what it shows")


def names(svg: str) -> list[str]:
    return re.findall(r' id="(\w+)"', svg)


def test_every_reference_finds_what_it_refers_to(drawn):
    svg = drawn.decode()
    assert set(REFERENCE.findall(svg)) <= set(names(svg))
    assert "<pattern" in svg
    assert "clip-path" in svg


def test_the_words_stand_in_it_as_text(drawn):
    described = re.search("<desc>(.*?)</desc>", drawn.decode(), re.DOTALL)[1]
    for words in ("hatched bars", TITLE, FOOTER):
        assert words in described


def test_making_it_small_again_changes_nothing_that_is_drawn(drawn):
    again = slim(drawn)
    assert re.sub("<desc>.*?</desc>", "", again.decode(), flags=re.DOTALL).count("<path") == (
        drawn.decode().count("<path")
    )
    assert len(again) <= len(drawn) + 20


def test_scales_keep_their_digits_and_places_lose_theirs():
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg"><!-- word -->'
        b'<path d="M 1.23456 2 L 3.00001 4 z" transform="scale(0.0123456)"/></svg>'
    )
    small = slim(svg).decode()
    assert 'd="M1.23 2L3 4z"' in small
    assert "scale(0.0123456)" in small
    assert "<desc>word</desc>" in small


def test_a_letter_on_the_coarser_grid_ends_where_it_began_to_within_a_step():
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg"><path transform="scale(0.015625)" '
        b'd="M 104 0 Q 1007 511 2004 4 L 104 0 z M 55 55 L 66 66 z"/></svg>'
    )
    small = slim(svg).decode()
    assert 'd="m10 0q91 51 190 0l-190 0zm-4 6l1 1z"' in small
    assert "scale(0.15625)" in small


def test_the_page_draws_the_plot_without_its_title_and_note(drawn):
    letters = Letters()
    plot = inline(drawn, letters, "said & done")
    whole = float(re.search(r'viewBox="[\d. ]+ ([\d.]+)"', drawn.decode())[1])
    _, above, _, height = map(float, re.search(r'viewBox="([^"]+)"', plot)[1].split())
    assert above > 20
    assert above + height < whole
    assert 'aria-label="said &amp; done"' in plot
    assert set(REFERENCE.findall(plot)) <= set(names(letters.as_svg()))


def test_two_figures_share_their_letters(drawn):
    letters = Letters()
    first = inline(drawn, letters, "")
    held = letters.as_svg()
    assert inline(drawn, letters, "") == first
    assert letters.as_svg() == held
    assert len(names(held)) == len(set(names(held)))
