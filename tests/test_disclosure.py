"""What may be shown of restricted data: cells are counted in persons, ends are percentiles."""

import math

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.sources.surveys import (
    FEWEST_PERSONS,
    FIELDS,
    description_of,
    enough,
    inner_ends,
    may_be_shown,
)
from analysis.sources.surveys.fields import empty_column

ANSWERS = st.lists(st.tuples(st.integers(0, 15), st.sampled_from([0.0, 1.0, 2.0, np.nan])))


def cells(pairs):
    frame = pd.DataFrame(pairs, columns=["person", "value"], dtype=float)
    return frame["value"], frame["person"]


@given(ANSWERS)
def test_what_is_shown_has_ten_persons_and_ten_of_each_of_two_answers(pairs):
    values, persons = cells(pairs)
    known = persons[values.notna()]
    if may_be_shown(values, persons):
        assert known.nunique() >= FEWEST_PERSONS
        answers = values.dropna().unique()
        if len(answers) <= 2:
            assert all(persons[values == one].nunique() >= FEWEST_PERSONS for one in answers)
    else:
        assert known.nunique() < FEWEST_PERSONS or values.nunique() == 2


def test_many_interviews_of_one_person_are_one_person():
    assert not enough(pd.Series(["a"] * 50))
    assert not may_be_shown(pd.Series(np.arange(50.0)), pd.Series(["a"] * 50))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=3000))
def test_an_end_has_ten_persons_at_or_beyond_it(numbers):
    values = pd.Series(numbers)
    persons = pd.Series(range(len(values)))
    low, high = inner_ends(values, persons)
    assert math.isnan(low) or (values <= low).sum() >= FEWEST_PERSONS
    assert math.isnan(high) or (values >= high).sum() >= FEWEST_PERSONS


def test_ends_of_a_thousand_are_percentiles():
    values = pd.Series(np.arange(2001.0))
    assert inner_ends(values, values) == (20.0, 1980.0)


# --- a survey described -----------------------------------------------------------------------


def survey(*, simulated, rows=40, **columns):
    made = {"survey": "x", "wave": 2018, "simulated": simulated,
            "person_id": np.arange(rows).astype(str), **columns}  # fmt: skip
    return pd.DataFrame(
        {name: made[name] if name in made else empty_column(field, rows)
         for name, field in FIELDS.items()},
        index=range(rows),
    )  # fmt: skip


def shares(frame):
    rows = description_of(frame)
    return rows[rows["field"] == "education"].set_index("code")["share"]


def test_a_single_rare_code_takes_the_next_with_it():
    education = ["none"] * 3 + ["junior"] * 12 + ["senior"] * 25
    hidden = shares(survey(simulated=False, education=education))
    assert hidden.isna().to_dict() == {"junior": True, "none": True, "senior": False}
    assert shares(survey(simulated=True, education=education))["none"] == 3 / 40


def test_two_rare_codes_hide_each_other():
    education = ["none"] * 3 + ["primary"] * 4 + ["junior"] * 33
    hidden = shares(survey(simulated=False, education=education))
    assert hidden.isna().to_dict() == {"junior": False, "none": True, "primary": True}


def test_a_rare_answer_has_no_mean():
    frame = survey(simulated=False, female=np.arange(40) < 9.0, age=np.arange(40.0))
    rows = description_of(frame).set_index("field")
    assert math.isnan(rows.loc["female", "mean"]) and math.isnan(rows.loc["female", "n"])
    assert rows.loc["age", "mean"] == 19.5
