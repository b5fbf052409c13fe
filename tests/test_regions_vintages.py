"""Several files with one cell: which is in use, and how two files differ."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disputes.regional import differences, with_use
from analysis.disputes.regional.rows import KEYS


def rows(*entries):
    """Rows from (region, added, supersedes, status, value), all of one cell."""
    columns = ["region", "added", "supersedes", "status", "value"]
    table = pd.DataFrame(list(entries), columns=columns)
    return table.assign(code="320000", year=2010, variable="gdp").astype({"value": float})


def used(table):
    found = with_use(table)
    return found.loc[found["in_use"], "region"].tolist()


NAN = float("nan")


@pytest.mark.parametrize(("entries", "region"), [
    # the file added last
    ([("a", "1", "", "unverified", 1), ("b", "2", "", "unverified", 2)], "b"),
    ([("a", "2", "", "unverified", 1), ("b", "1", "", "unverified", 2)], "a"),
    # the stronger status, whenever it came
    ([("a", "1", "", "verified", 1), ("b", "2", "", "unverified", 2)], "a"),
    # a figure before a symbol
    ([("a", "1", "", "unverified", 1), ("b", "2", "", "verified", NAN)], "a"),
    # a correction before what it corrects, whatever their status, be it a symbol
    ([("a", "1", "", "verified", 1), ("b", "2", "a", "unverified", 2)], "b"),
    ([("a", "1", "", "verified", 1), ("b", "2", "a", "unverified", NAN)], "b"),
    # the correction of a correction
    ([("a", "1", "", "verified", 1), ("b", "2", "a", "verified", 2), ("c", "3", "b", "unverified", 3)], "c"),
    # a correction of a region that was removed since
    ([("a", "1", "", "verified", 1), ("b", "2", "gone", "unverified", 2)], "a"),
    # two that claim to correct each other
    ([("a", "1", "b", "unverified", 1), ("b", "2", "a", "unverified", 2)], "b"),
])  # fmt: skip
def test_which_of_several_figures_is_in_use(entries, region):
    assert used(rows(*entries)) == [region]
    assert used(rows(*reversed(entries))) == [region]


def test_a_correction_leaves_cells_that_it_does_not_print():
    older = pd.concat(
        [rows(("a", "1", "", "unverified", v)).assign(year=y) for v, y in ((1, 2010), (2, 2011))]
    )
    newer = rows(("b", "2", "a", "unverified", 5)).assign(year=2011)
    found = with_use(pd.concat([older, newer], ignore_index=True))
    assert found["in_use"].tolist() == [True, False, True]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(
    st.sampled_from("abcd"), st.sampled_from(["", "a", "b", "c", "d"]), st.sampled_from(["verified", "unverified"]),
    st.sampled_from([1.0, NAN]), st.integers(2000, 2002)), min_size=1, max_size=12, unique_by=lambda e: (e[0], e[4])))  # fmt: skip
def test_of_every_cell_one_figure_is_in_use_whatever_the_order(entries):
    supersedes = {name: next(e[1] for e in entries if e[0] == name) for name, *_ in entries}
    table = pd.concat([
        rows((name, name, supersedes[name], status, value)).assign(year=year)
        for name, _, status, value, year in entries
    ], ignore_index=True)  # fmt: skip
    found = with_use(table)
    assert (found.groupby(KEYS)["in_use"].sum() == 1).all()
    again = with_use(table.iloc[::-1].reset_index(drop=True)).iloc[::-1]
    assert again["in_use"].tolist() == found["in_use"].tolist()


def test_differences_are_those_of_cells_that_both_have():
    before = (
        rows(("a", "1", "", "unverified", 10)).loc[[0] * 4].assign(year=[2010, 2011, 2012, 2013])
    )
    after = before.assign(value=[10.0, 11.0, NAN, 10.0], year=[2010, 2011, 2012, 2014])
    found = differences(before, after)
    assert found["year"].tolist() == [2011, 2012]
    assert found["before"].tolist() == [10.0, 10.0]
