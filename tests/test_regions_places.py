"""Which place a cell names: one answer or none, suggestions for the user to take."""

import pytest

from analysis.sources.regions.places import named_place, nearest_names


@pytest.mark.parametrize(("cell", "code"), [
    ("北  京 Beijing", "110000"), ("北京市", "110000"), ("内蒙古", "150000"),
    ("Inner  Mongolia", "150000"), ("广 东①", "440000"), ("合  计  Total", "000000"), ("全国", "000000"),
    (110000.0, "110000"), ("110000.0", "110000"), ("４４０１００", "440100"), (440103, "440103"),
    ("新疆生产建设兵团", None), ("铁路", None), ("大连", "210200"), ("东部地区", None),
    ("990000", None), (710000, None), ("香港", None), ("11000", None), ("陕西 Shanxi", None), ("北京 Bejing", None), (None, None),
])  # fmt: skip
def test_a_cell_names_one_place_or_none(cell, code):
    assert named_place(cell).code == code


def test_a_misspelt_name_is_unknown_and_gets_a_suggestion():
    assert named_place("黑龙工省").unknown == ("黑龙工省",)
    assert "黑龙江省" in nearest_names("黑龙工省")


def test_languages_that_disagree_are_both_kept():
    assert set(named_place("陕西 Shanxi").codes) == {"610000", "140000"}
