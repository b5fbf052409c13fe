"""The closed set of recodings: raw columns of one wave to one harmonised column.

Each takes the rule's columns as a frame (missing codes already NaN), the rule and the wave, and
returns a column as long as the frame. A map names one of them; there is no other way to compute.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.messages import Text
from analysis.sources.surveys.rule import Rule

WEEKS_A_MONTH = 30 / 7
MONTHS = 12
YES, NO = (1.0,), (0.0, 5.0)
LARGEST_WHOLE = 2.0**53
BY_CAPITAL = "by_capital"
PROVINCES = {
    "北京": 11, "天津": 12, "河北": 13, "山西": 14, "内蒙": 15, "辽宁": 21, "吉林": 22, "黑龙": 23,
    "上海": 31, "江苏": 32, "浙江": 33, "安徽": 34, "福建": 35, "江西": 36, "山东": 37, "河南": 41,
    "湖北": 42, "湖南": 43, "广东": 44, "广西": 45, "海南": 46, "重庆": 50, "四川": 51, "贵州": 52,
    "云南": 53, "西藏": 54, "陕西": 61, "甘肃": 62, "青海": 63, "宁夏": 64, "新疆": 65,
}  # fmt: skip


class CodesError(Exception):
    """Values that the map does not foresee; ``words`` says which, in both languages."""

    def __init__(self, words: Text) -> None:
        self.words = words
        super().__init__(words.en)


def _refuse(column: pd.Series, bad: pd.Series) -> None:
    if not bad.any():
        return
    counts = column[bad].value_counts()
    shown = ", ".join(f"{_short(value)} ({count}x)" for value, count in counts.head(8).items())
    raise CodesError(
        Text(
            f"{column.name}: values not in the map: {shown}",
            f"{column.name}：映射中没有的取值：{shown}",
        )
    )


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else repr(value)


def numeric(column: pd.Series) -> pd.Series:
    """Return a column of numbers as float64.

    Raises
    ------
    CodesError
        If it holds text.
    """
    if column.dtype.kind in "iufb":
        return column.astype("float64")
    filled = column.dropna()
    filled = filled[filled.astype("str").str.strip() != ""]
    numbers = pd.to_numeric(filled, errors="coerce")
    if len(filled) and numbers.isna().any():
        example = str(filled[numbers.isna()].iloc[0])[:20]
        raise CodesError(
            Text(
                f"{column.name}: text where numbers are due, such as '{example}'",
                f"{column.name}：应为数字处是文字，如“{example}”",
            )
        )
    return numbers.astype("float64").reindex(column.index)


def _first(columns: pd.DataFrame, rule: Rule) -> pd.Series:
    return columns[rule.variables[0]]


def _coded(column: pd.Series, codes: Mapping[float, float | str]) -> pd.Series:
    """Return each code's value; "" is missing; a value without a code is refused."""
    _refuse(column, column.notna() & ~column.isin(list(codes)))
    known = {code: value for code, value in codes.items() if value != ""}
    if not known and column.notna().any():
        words = Text(f"{column.name}: no code has a value yet", f"{column.name}：编码尚未赋值")
        raise CodesError(words)
    if any(isinstance(value, str) for value in codes.values() if value != ""):
        return column.map(known).astype("str")
    return column.map(known).astype("float64")


def codes(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """Each code's value by the map's list."""
    return _coded(_first(columns, rule), rule.codes)


def yes_no(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """1 = yes; 0 and 5 = no (questionnaires print 5, released data hold 0)."""
    return _yes_no(_first(columns, rule))


def _yes_no(column: pd.Series) -> pd.Series:
    return _coded(column, {**dict.fromkeys(YES, 1.0), **dict.fromkeys(NO, 0.0)})


def any_yes(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """1 where any of several yes/no items says yes, 0 where one says no and none yes."""
    return pd.DataFrame({name: _yes_no(columns[name]) for name in rule.variables}).max(axis=1)


def slots_contain(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """1 where any answer slot holds a wanted code, 0 where the question was answered otherwise.

    Slots hold the answers in the order given; 77 (other), 78 (none) and 79 are answers too.
    """
    slots = columns[list(rule.variables)]
    answered = (slots > 0).any(axis=1)
    return slots.isin(rule.wanted).any(axis=1).astype("float64").where(answered)


def number(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """The number; a top code is not one."""
    column = _first(columns, rule)
    return column.mask(column.isin(rule.top))


def annual_to_monthly(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """A year's amount over twelve; a top code is missing."""
    return number(columns, rule, wave) / MONTHS


def sum_annual_to_monthly(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """The year's amounts of all jobs over twelve; missing where no job gives one."""
    return columns[list(rule.variables)].sum(axis=1, min_count=1) / MONTHS


def is_top_coded(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """1 where the value is the top code, 0 where it is another."""
    column = _first(columns, rule)
    return column.isin(rule.top).astype("float64").where(column.notna())


def days_times_hours(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """Days a month x hours a day / (30/7), summed over jobs; missing where no job gives both."""
    pairs = zip(rule.variables, rule.second, strict=True)
    hours = pd.DataFrame({days: columns[days] * columns[a_day] for days, a_day in pairs})
    return hours.sum(axis=1, min_count=1) / WEEKS_A_MONTH


def start_year_to_tenure(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """Years from the year the job began to the wave."""
    return wave - _first(columns, rule)


def birth_year_to_age(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """Years from the year of birth to the wave."""
    return wave - _first(columns, rule)


def code_text(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """A whole number, or text, as text: 110101001 is "110101001", never 1.1e8.

    Raises
    ------
    CodesError
        For numbers that are not whole, or too large to be exact.
    """
    column = _first(columns, rule)
    if column.dtype.kind not in "iuf":
        text = column.astype("str").str.strip()
        return text.where(text.notna() & (text != ""))
    too_large = column.abs() >= LARGEST_WHOLE if column.dtype.kind == "f" else column.isna()
    if too_large.any():
        raise CodesError(
            Text(
                f"{column.name}: stored as double and beyond 2^53, so its last digits are lost; "
                "take a release that stores it as text",
                f"{column.name}：以双精度存储且超过 2^53，末位已失真；请用以文本存储的版本",
            )
        )
    _refuse(column, column.notna() & (column % 1 != 0))
    return column.astype("Int64").astype("str")


def gb_province(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """GB/T 2260 codes of two digits, or of six, as six digits."""
    column = _first(columns, rule)
    short = column.where(column < 100, column // 10000)
    _refuse(column, column.notna() & ~short.isin(list(PROVINCES.values())))
    return (short * 10000).astype("Int64").astype("str")


def province_name(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """A province's Chinese name, by its first two characters."""
    column = _first(columns, rule)
    text = column.astype("str").str.strip()
    column = text.where(text.notna() & (text != "")).rename(column.name)
    _refuse(column, column.notna() & ~column.str[:2].isin(list(PROVINCES)))
    return (
        column.str[:2].map({name: f"{code}0000" for name, code in PROVINCES.items()}).astype("str")
    )


def job_class_and_work(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """The job class's value; 0 for people who do not work, whatever their class."""
    by_class, working = _coded(_first(columns, rule), rule.codes), columns[rule.second[0]]
    _refuse(working, working.notna() & ~working.isin((*rule.not_working, *rule.working)))
    return by_class.mask(working.isin(rule.not_working), 0.0)


def unit_and_capital(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """The kind of unit (state organ, institution), and the capital where the unit is a firm."""
    by_unit = _coded(columns[rule.second[0]], rule.second_codes)
    return by_unit.mask(by_unit == BY_CAPITAL, _coded(_first(columns, rule), rule.codes))


def contract_kind(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """From "signed" and "is a term agreed": none, fixed_term, open_ended (no term agreed)."""
    signed, term = _yes_no(_first(columns, rule)), _yes_no(columns[rule.second[0]])
    kinds: Sequence[tuple[pd.Series, str]] = (
        (signed == 0, "none"),
        ((signed == 1) & (term == 1), "fixed_term"),
        ((signed == 1) & (term == 0), "open_ended"),
    )
    result = pd.Series(np.nan, index=columns.index, dtype="str")
    for condition, kind in kinds:
        result = result.mask(condition, kind)
    return result


def current_spell(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """The answer for the spell whose end is the marker of a spell still going on."""
    result = pd.Series(np.nan, index=columns.index)
    for answer, end in zip(rule.variables, rule.second, strict=True):
        current = (columns[end] == rule.marker) & result.isna()
        result = result.mask(current, columns[answer])
    return _coded(result.rename(rule.variables[0]), rule.codes)


def constant(columns: pd.DataFrame, rule: Rule, wave: int) -> pd.Series:
    """The same words for every row of the wave: how the wave asked."""
    return pd.Series(rule.value, index=columns.index, dtype="str")


RECODINGS: Mapping[str, Callable[[pd.DataFrame, Rule, int], pd.Series]] = {
    function.__name__: function
    for function in (
        codes, yes_no, any_yes, slots_contain, number, annual_to_monthly, sum_annual_to_monthly,
        is_top_coded, days_times_hours, start_year_to_tenure, birth_year_to_age, code_text,
        gb_province, province_name, job_class_and_work, unit_and_capital, contract_kind,
        current_spell, constant,
    )
}  # fmt: skip
NEED_SECOND = (
    "job_class_and_work", "unit_and_capital", "contract_kind", "days_times_hours",
    "current_spell",
)  # fmt: skip
# a second column for each first one
PAIRED = ("days_times_hours", "current_spell")
# these keep text as it is; all others need numbers
TAKE_TEXT = ("code_text", "province_name")
# columns that come in pairs, or of which only the first is certain to be in a file
SERIES = (
    "slots_contain", "sum_annual_to_monthly", "days_times_hours", "current_spell", "any_yes",
)  # fmt: skip
