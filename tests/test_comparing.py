"""Two versions of a table: what came, went and changed, whatever the order of rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.comparing import CellChange, compare

BEFORE = b"study,equation,term,estimate\na,e,union,0.10\na,e,age,0.01\n"


def test_equal_tables_differ_in_nothing():
    assert not compare("estimates.csv", BEFORE, BEFORE)


def test_a_changed_digit_is_named_with_its_row():
    after = BEFORE.replace(b"0.10", b"0.11")
    difference = compare("estimates.csv", BEFORE, after)
    assert difference.changed == (CellChange(("a", "e", "union"), "estimate", "0.10", "0.11"),)
    assert not difference.added and not difference.removed


def test_order_of_rows_does_not_count():
    head, union, age = BEFORE.splitlines(keepends=True)
    assert not compare("estimates.csv", BEFORE, head + age + union)


def test_rows_that_came_and_went_are_named():
    after = BEFORE.replace(b"a,e,age,0.01", b"a,e,schooling,0.02")
    difference = compare("estimates.csv", BEFORE, after)
    assert difference.added == (("a", "e", "schooling"),)
    assert difference.removed == (("a", "e", "age"),)


@pytest.mark.parametrize(
    ("before", "after", "side"), [(b"", BEFORE, "added"), (BEFORE, b"", "removed")]
)
def test_no_file_is_no_rows(before, after, side):
    assert len(getattr(compare("estimates.csv", before, after), side)) == 2


def test_rows_of_one_key_are_matched_in_their_order():
    before, after = b"year,value\n2004,1\n2004,2\n", b"year,value\n2004,1\n2004,3\n"
    assert compare("other.csv", before, after).changed == (
        CellChange(("2004",), "value", "2", "3"),
    )


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), min_size=1, max_size=8),
    st.data(),
)
def test_one_edited_number_is_one_change(rows, data):
    place = data.draw(st.integers(0, len(rows) - 1))
    edited = [(name, value + 10 * (i == place)) for i, (name, value) in enumerate(rows)]
    texts = ["name,value\n" + "".join(f"{n},{v}\n" for n, v in table) for table in (rows, edited)]
    difference = compare("any.csv", *(text.encode() for text in texts))
    assert len(difference.changed) == 1
    assert not difference.added and not difference.removed


def test_a_study_s_own_file_is_compared_by_the_keys_of_the_contract():
    """A digit in the notes or extras is a changed cell, not another row."""
    keys = "study,equation,sample,outcome,term,quantity,column,component"
    before = f'{keys},extras\ns,e,all,y,x,coefficient,,,"{{f: 1}}"\n'.encode()
    difference = compare("wages.csv", before, before.replace(b"f: 1", b"f: 2"))
    assert [change.column for change in difference.changed] == ["extras"]
    assert not difference.added
