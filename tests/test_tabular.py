"""Cells as they are written: equal values are equal texts on every machine."""

import json
import math

import pandas as pd

from analysis.tabular import as_cell, as_csv


def written(extras: dict) -> dict:
    """Return a JSON object as it comes back from a written table."""
    table = pd.DataFrame({"term": ["x"], "extras": [json.dumps(extras)]})
    text = as_csv(table)
    return json.loads(text.partition('\nx,"')[2].removesuffix('"\n').replace('""', '"'))


def test_what_processors_disagree_about_is_not_written():
    one, other = 2.4558842330753436, 2.455884233075343
    assert written({"x": [one, {"y": one}]}) == written({"x": [other, {"y": other}]})
    assert math.isclose(written({"x": one})["x"], one, rel_tol=1e-7)


def test_whole_numbers_words_and_truths_of_an_object_are_kept():
    extras = {"n": 123456789012, "t": True, "w": "mammen, 999 draws", "e": None}
    assert written(extras) == extras


def test_a_table_may_have_rows_without_extras():
    assert as_csv(pd.DataFrame({"term": ["x", "y"], "extras": ["", None]})) == (
        "term,extras\nx,\ny,\n"
    )


def test_a_small_number_keeps_its_digits():
    assert as_cell(1.2345678e-9) == "1.234568e-09"
    assert as_cell(-0.0) == "0.000000"
