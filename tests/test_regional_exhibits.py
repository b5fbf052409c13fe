"""Regional exhibits and tasks: tiles, what is not drawn, privacy, names as text, stable bytes."""

import csv
import re

import pandas as pd
import pytest
from regional_twin import HOSTILE, results_of, tidy_twin, with_a_place, write_processed

from analysis.disputes.regional import LEVELS, MEASURES
from analysis.exhibits.drawing import draw_all, footer_of
from analysis.exhibits.formats import print_all
from analysis.exhibits.regional import labels
from analysis.exhibits.regional.measured import (
    associations,
    rate_maps,
    rates_and_ranks,
    small_multiples,
)
from analysis.exhibits.regional.shipped import census2004_tile_map as census_map
from analysis.exhibits.regional.tiles import COLUMNS, FIRST_COLUMN, ROWS, TILES
from analysis.exhibits.regional.words import marked_private
from analysis.exhibits.style import look
from analysis.files import read_rows
from analysis.paths import RAW
from analysis.tabular import as_bytes

FIGURES = (rate_maps, small_multiples)
TABLES = (rates_and_ranks, associations)


@pytest.fixture(scope="module")
def processed(tmp_path_factory):
    return write_processed(tmp_path_factory.mktemp("processed"))


@pytest.fixture(scope="module")
def shipped(processed):
    return results_of(processed)


@pytest.fixture(scope="module")
def twin():
    return tidy_twin()


@pytest.fixture(scope="module")
def added(processed, twin):
    return results_of(processed, twin)


def rows_of(module, found):
    return module.rows(**{key: found[key] for key in module.ABOUT.inputs})


def without_members(twin):
    """The file without densities, so that no regression costs time."""
    return twin[twin["variable"] != "union_members"]


def printed(module, rows):
    footer = {language: footer_of(module, rows, language) for language in ("en", "zh")}
    return print_all(module.ABOUT, module.COLUMNS, rows.to_dict("records"), footer)


# --- tiles ------------------------------------------------------------------------------------


def test_every_province_has_one_tile_with_its_name_and_letters():
    own = {row["gb2260_code"]: row for row in read_rows(RAW / "provinces.csv")}
    assert set(TILES) == {*own, "710000", "810000", "820000"}
    for code, (column, row, letters, chinese) in TILES.items():
        assert FIRST_COLUMN <= column < COLUMNS
        assert 0 <= row < ROWS
        if code in own:
            assert (letters, chinese) == (own[code]["gb_alpha"], own[code]["name_zh_short"])
    assert len({tile[:2] for tile in TILES.values()}) == len(TILES) == 34


@pytest.mark.parametrize("language", ["en", "zh"])
def test_taiwan_hong_kong_and_macao_are_drawn_and_have_no_data(shipped, language):
    with look(language):
        figure = census_map.draw(rows_of(census_map, shipped), language)
    for panel in figure.axes:
        texts = [text.get_text() for text in panel.texts]
        names = ("TW", "HK", "MO") if language == "en" else ("台湾", "香港", "澳门")
        assert all(texts[texts.index(name) + 1] == "–" for name in names)
        # five provinces of the residual and three outside the census
        assert texts.count("–") == 8


def test_a_tile_shows_the_figure_of_its_own_province(shipped):
    with look("en"):
        figure = census_map.draw(rows_of(census_map, shipped), "en")
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert texts[texts.index("SH") + 1] == "11.3"
    assert texts[texts.index("YN") + 1] == "42.1"


def test_titles_name_the_status_of_shipped_figures_and_the_footer_too(shipped):
    rows = rows_of(census_map, shipped)
    assert set(rows["inputs_status"]) == {"verified"}
    assert "verified" in census_map.ABOUT.title.en
    assert "已核实" in census_map.ABOUT.title.zh
    assert "verified in the primary table" in footer_of(census_map, rows, "en")


@pytest.mark.slow
def test_the_same_rows_give_the_same_picture(shipped):
    rows = rows_of(census_map, shipped)
    assert draw_all(census_map, rows) == draw_all(census_map, rows)


# --- what there is and what not ---------------------------------------------------------------


def test_shipped_figures_alone_allow_no_regression_and_say_why(shipped):
    coverage = shipped["coverage"]
    assert not coverage["made"].any()
    assert coverage[["reason_en", "reason_zh"]].notna().all().all()
    assert shipped["estimates"].empty


def test_every_exhibit_of_a_users_regions_is_made_from_the_test_file(added):
    coverage = added["coverage"].set_index("exhibit")
    for module in (*FIGURES, *TABLES):
        assert module.wanting(rows_of(module, added)) is None
        assert coverage.loc[module.__name__.rpartition(".")[2], "made"]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("module", FIGURES)
def test_an_exhibit_that_cannot_be_drawn_draws_nothing_and_says_why(shipped, module, language):
    rows = rows_of(module, shipped)
    assert rows.empty
    with look(language):
        figure = module.draw(rows, language)
    (axes,) = figure.axes
    assert not axes.lines and not axes.patches
    assert module.wanting(rows).in_language(language) in axes.texts[0].get_text()


def test_a_province_without_data_is_no_panel_and_a_missing_year_no_line(processed, twin):
    cut = without_members(twin)
    cut = cut[(cut["code"] != "310000") & ~((cut["code"] == "110000") & (cut["year"] == 2010))]
    rows = rows_of(small_multiples, results_of(processed, cut))
    with look("en"):
        figure = small_multiples.draw(rows, "en")
    titles = [axes.get_title() for axes in figure.axes]
    assert "Shanghai" not in titles
    assert len([title for title in titles if title]) == 30
    line = figure.axes[titles.index("Beijing")].lines[-1]
    missing = [year for year, value in zip(*line.get_data(), strict=True) if value != value]
    assert missing == [2010]


def test_maps_take_the_latest_of_the_years_that_most_provinces_have(processed, twin):
    twin = without_members(twin)
    cut = twin[(twin["year"] < 2020) | twin["code"].isin(["110000", "120000", "130000"])]
    rows = rows_of(rate_maps, results_of(processed, cut))
    assert set(rows["year"]) == {2019}


def test_the_regression_table_has_the_estimates_and_the_reasons(added, shipped):
    rows = rows_of(associations, added)
    within = rows[(rows["family"] == "fe") & (rows["outcome"] == "ln_wage")]
    assert within["estimate"].notna().all()
    assert rows.loc[rows["family"] == "sun_abraham", "reason_en"].notna().all()
    nothing = rows_of(associations, shipped)
    assert nothing["estimate"].isna().all()
    assert nothing["reason_zh"].notna().all()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_regional_exhibit_says_what_its_numbers_are(language):
    said = {"en": ("access", "1999-2003"), "zh": ("仲裁", "1999至2003年")}[language]
    for module in (*FIGURES, *TABLES):
        assert all(words in module.ABOUT.note.in_language(language) for words in said)
    association = {"en": "more disputes may bring more unions", "zh": "争议增多也可能促成建会"}
    assert association[language] in associations.ABOUT.note.in_language(language)


def test_labels_are_those_of_the_figures_that_are_computed():
    assert set(labels.RATES) == set(MEASURES)
    assert set(labels.LEVELS) == set(LEVELS)
    percent = {name for name, measure in MEASURES.items() if measure.unit == "percent"}
    assert set(labels.PERCENTAGES) == percent


# --- privacy and hostile names ----------------------------------------------------------------


def test_private_rows_never_reach_the_public_results(processed, twin, shipped):
    public = results_of(processed, twin.assign(private=True))
    pd.testing.assert_frame_equal(public["rates"], shipped["rates"])
    pd.testing.assert_frame_equal(public["breaks"], shipped["breaks"])
    assert public["estimates"].empty


def test_private_rows_are_in_the_private_results_and_marked(processed, twin):
    found = results_of(processed, twin.assign(private=True), private=True)
    assert found["rates"]["private"].any()
    assert len(found["estimates"]) > 0


def test_a_table_without_the_column_private_is_not_read_as_public(processed, twin):
    with pytest.raises(KeyError, match="private"):
        results_of(processed, twin.drop(columns="private"))


@pytest.mark.parametrize("module", [*FIGURES, *TABLES])
def test_private_exhibits_are_marked_in_both_languages_in_either(module):
    title = marked_private(module).ABOUT.title
    for words in title:
        assert "含内部数据" in words
        assert "contains private data" in words


def test_a_region_called_like_a_script_is_text(processed, twin):
    found = results_of(processed, with_a_place(twin, HOSTILE))
    pages = printed(rates_and_ranks, rows_of(rates_and_ranks, found))
    for key in ("en_html", "zh_html"):
        assert "<script" not in pages[key].decode()
        assert "&lt;script&gt;" in pages[key].decode()
    # drawn and written as text too
    files = draw_all(small_multiples, rows_of(small_multiples, found))
    assert b"<script" not in files["en_svg"]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)"])
def test_a_cell_that_begins_like_a_formula_cannot_run(processed, twin, name):
    found = results_of(processed, with_a_place(twin, name))
    text = as_bytes(found["rates"]).decode()
    cells = [cell for line in csv.reader(text.splitlines()) for cell in line[:3]]
    assert f"'{name}" in cells
    assert not [cell for cell in cells if re.match(r"[=+\-@]", cell)]


def test_a_name_with_dollars_is_drawn_as_it_is(processed, twin):
    rows = rows_of(small_multiples, results_of(processed, with_a_place(twin, "$x_{1$")))
    with look("en"):
        figure = small_multiples.draw(rows, "en")
        figure.canvas.draw()
    assert r"\$x_{1\$" in [axes.get_title() for axes in figure.axes]
