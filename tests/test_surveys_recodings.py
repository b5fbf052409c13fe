"""Recodings, one by one: each turns a wave's raw columns into one harmonised column."""

import numpy as np
import pandas as pd
import pytest

from analysis.sources.surveys.recodings import RECODINGS, CodesError
from analysis.sources.surveys.rule import Rule

NAN = np.nan


def recoded(name, columns, wave=2018, **rule):
    frame = pd.DataFrame(columns)
    names = tuple(rule.pop("variables", tuple(frame.columns)[:1]))
    return RECODINGS[name](frame, Rule(name, names, **rule), wave)


def same(series, expected):
    left = [None if pd.isna(value) else value for value in series]
    assert left == [None if value is NAN else value for value in expected]


SLOTS = {"s1": [1.0, 78, NAN, 5, 79], "s2": [5.0, NAN, NAN, NAN, NAN]}
NUMBERS = [
    ("yes_no", {"x": [1.0, 0, 5, NAN]}, {}, [1, 0, 0, NAN]),
    ("any_yes", {"x": [0.0, 5, 1, NAN], "y": [1.0, 0, NAN, NAN]}, {"variables": "xy"}, [1, 0, 1, NAN]),
    ("codes", {"x": [1.0, 2, 3, NAN]}, {"codes": {1: 1, 2: 0, 3: ""}}, [1, 0, NAN, NAN]),
    ("slots_contain", SLOTS, {"variables": ("s1", "s2"), "wanted": (5,)}, [1, 0, NAN, 1, 0]),
    ("slots_contain", SLOTS, {"variables": ("s1", "s2"), "wanted": (1, 2)}, [1, 0, NAN, 0, 0]),
    ("number", {"x": [40.0, 99996, NAN]}, {"top": (99996,)}, [40, NAN, NAN]),
    ("annual_to_monthly", {"x": [36000.0, 9999996]}, {"top": (9999996,)}, [3000, NAN]),
    ("is_top_coded", {"x": [36000.0, 9999996, NAN]}, {"top": (9999996,)}, [0, 1, NAN]),
    ("sum_annual_to_monthly", {"x": [12.0, NAN, NAN], "y": [24.0, 6, NAN]}, {"variables": "xy"}, [3, 0.5, NAN]),
    ("start_year_to_tenure", {"x": [2010.0, NAN]}, {}, [8, NAN]),
    ("birth_year_to_age", {"x": [1980.0, NAN]}, {}, [38, NAN]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "columns", "rule", "expected"), NUMBERS)
def test_numbers(name, columns, rule, expected):
    same(recoded(name, columns, **rule), expected)


def test_hours_are_days_a_month_times_hours_a_day_summed_over_jobs():
    columns = {"d1": [30.0, 30, NAN], "d2": [10.0, NAN, 5], "h1": [8.0, 8, 8], "h2": [3.0, 2, NAN]}
    hours = recoded("days_times_hours", columns, variables=("d1", "d2"), second=("h1", "h2"))
    same(hours.round(10), [63.0, 56.0, NAN])


def test_ids_of_sixteen_digits_stay_exact():
    same(recoded("code_text", {"x": [1100000000000001.0, NAN]}), ["1100000000000001", NAN])
    same(recoded("code_text", {"x": [" 0017 ", ""]}), ["0017", NAN])


@pytest.mark.parametrize("bad", [2.0**53, 1.5])
def test_an_id_that_lost_digits_is_refused(bad):
    with pytest.raises(CodesError, match="x"):
        recoded("code_text", {"x": [1.0, bad]})


def test_provinces_by_code_and_by_name():
    same(recoded("gb_province", {"x": [11.0, 650000, NAN]}), ["110000", "650000", NAN])
    names = ["黑龙江省", "内蒙古自治区", "上海市", ""]
    same(recoded("province_name", {"x": names}), ["230000", "150000", "310000", NAN])
    with pytest.raises(CodesError, match="99"):
        recoded("gb_province", {"x": [99.0]})


def test_people_without_work_are_no_employees_whatever_their_job_class():
    columns = {"job": [4.0, 4, NAN, 2, NAN], "work": [1.0, 0, 3, 1, 1]}
    rule = {"second": ("work",), "codes": {4: 1, 2: 0}, "not_working": (0, 3), "working": (1,)}
    same(recoded("job_class_and_work", columns, **rule), [1, 0, 0, 0, NAN])
    with pytest.raises(CodesError, match="work"):
        recoded("job_class_and_work", {"job": [4.0], "work": [2.0]}, **rule)


def test_ownership_is_the_unit_s_kind_and_the_capital_s_in_firms():
    rule = {"second": ("unit",), "codes": {1: "state_enterprise", 3: "private"}}
    rule["second_codes"] = {1: "state_organ", 2: "by_capital"}
    made = recoded("unit_and_capital", {"capital": [1.0, 1, 3], "unit": [1.0, 2, NAN]}, **rule)
    same(made, ["state_organ", "state_enterprise", NAN])


def test_contract_kinds():
    columns = {"signed": [0.0, 1, 5, 1, 1], "term": [NAN, 1, NAN, 5, NAN]}
    made = recoded("contract_kind", columns, second=("term",))
    same(made, ["none", "fixed_term", "none", "open_ended", NAN])


def test_the_current_spell_is_the_one_still_going_on():
    columns = {
        "q01": [1.0, 3, 1],
        "q02": [3.0, 1, 1],
        "b01": [8888.0, 1999, 2000],
        "b02": [NAN, 8888, 2001],
    }
    rule = {"second": ("b01", "b02"), "marker": 8888, "codes": {1: 1, 3: 0}}
    same(recoded("current_spell", columns, variables=("q01", "q02"), **rule), [1, 1, NAN])


def test_a_value_that_the_map_does_not_know_is_refused_with_its_count():
    with pytest.raises(CodesError, match=r"x: values not in the map: 7 \(2x\)"):
        recoded("codes", {"x": [1.0, 7, 7]}, codes={1: 1})
    with pytest.raises(CodesError, match="no code has a value yet"):
        recoded("codes", {"x": [1.0]}, codes={1: ""})
