"""Regression tables of a study: rows as journals print them, notes made from the estimates."""

import tomllib

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.effects import read_study
from analysis.effects.data_status import status_of
from analysis.effects.estimates import COLUMNS
from analysis.exhibits.printing.style import styles
from analysis.exhibits.regression_table import Coefficient, Model, decimal, p_text, regression_table
from analysis.exhibits.regressions import Source, asked, read_asked, study_tables
from analysis.exhibits.regressions.names import FILE
from analysis.exhibits.regressions.notes import numbers
from analysis.messages import UserError

STUDY = """
[study]
id = "s"
title_en = "A study"
title_zh = "一项研究"
citation = "Somebody 2014"
data = "DATA"
cluster = "city"

[derive]
union_before = "lag(union)"

[[equation]]
id = "one"
outcome = "y"
treatment = "union"
contrast = "member_vs_uncovered"
controls = ["age", "C(year)"]
estimator = "ols"
vcov = "cluster"

[[equation]]
id = "two"
outcome = "y"
treatment = "union"
contrast = "member_vs_uncovered"
controls = ["age"]
absorb = ["person"]
estimator = "fixed_effects"
vcov = "classical"

[[equation.after]]
name = "oster"

[table]
TABLE

[table.labels]
union = { en = "union member", zh = "工会会员" }
y = { en = "log wage", zh = "工资对数" }
year = { en = "year", zh = "年份" }
city = { en = "city", zh = "城市" }
person = { en = "person", zh = "个人" }
"""
SHARED = {
    "study": "s",
    "outcome": "y",
    "quantity": "coefficient",
    "n_obs": 1200,
    "outcome_mean": 1.5,
}


def row(equation, term, estimate, **more):
    return SHARED | {
        "equation": equation, "term": term, "estimate": estimate, "std_error": 0.02,
        "p_value": 0.004, "statistic": estimate / 0.02, "vcov": "cluster", "component": "",
    } | more  # fmt: skip


ROWS = [
    row("one", "const", 3.0, n_clusters=40.0, r2=0.25),
    row("one", "union", 0.1, n_clusters=40.0, r2=0.25),
    row("one", "age", -0.01, n_clusters=40.0, r2=0.25),
    row("one", "C(year)=2012", 0.3, n_clusters=40.0, r2=0.25),
    row("two", "union", 0.05, vcov="classical", fixed_effects="person", p_value=0.04),
    row("two", "age", 0.02, vcov="classical", fixed_effects="person"),
    row("two", "union", 1.7, component="oster:delta", quantity="test"),
]


def study_file(folder, table="", data="somewhere.csv"):
    path = folder / "study.toml"
    path.write_text(STUDY.replace("TABLE", table).replace("DATA", data), encoding="utf-8")
    return path


def tables(folder, language="en", table="", rows=ROWS, data="somewhere.csv", bases=None, **given):
    path = study_file(folder, table, data)
    study = read_study(path)
    frame = pd.DataFrame(rows, columns=COLUMNS)
    source = Source(study, frame, status_of(study), bases or {})
    return study_tables(source, read_asked(path, given), language)


def lines_of(printed):
    return {line[0] or f"beneath {number}": line[1:] for number, line in enumerate(printed.lines)}


# --- one table from models ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stars", "cell"), [("off", "0.500"), ("econ", "0.500**"), ("soc", "0.500*")]
)
def test_a_regression_table_has_errors_beneath_and_stars_by_habit(stars, cell):
    model = Model(("y",), {"x": Coefficient(0.5, 0.2, 0.02)}, {"N": "10"})
    headings, rows = regression_table([model], {"x": "X"}, ["Outcome"], stars)
    assert headings == ["\nOutcome", "(1)\ny"]
    assert rows == [["X", cell], ["", "(0.200)"], ["N", "10"]]


@pytest.mark.parametrize(
    ("brackets", "beneath"), [("se", "(0.200)"), ("t", "(2.50)"), ("p", "(0.020)")]
)
def test_what_stands_in_brackets_is_what_was_asked_for(brackets, beneath):
    model = Model((), {"x": Coefficient(0.5, 0.2, 0.02)})
    _, rows = regression_table([model], {"x": "X"}, brackets=brackets)
    assert rows[1] == ["", beneath]


@given(st.floats(0.0, 1.0))
def test_no_p_value_is_printed_as_zero(p_value):
    text = p_text(p_value)
    assert text == "<0.001" if p_value < 0.0005 else abs(float(text) - p_value) <= 0.0005 + 1e-12


@given(st.floats(-1e4, 1e4), st.integers(0, 5))
def test_no_number_but_zero_is_printed_as_zero(value, decimals):
    assert (float(decimal(value, decimals)) == 0.0) == (value == 0.0)


# --- a study ------------------------------------------------------------------------------------


def test_rows_stand_as_journals_print_them(tmp_path):
    (printed,) = tables(tmp_path, "zh", style="jjyj")
    assert printed.headings == (
        ("", "(1)", "(2)"), ("因变量", "工资对数", "工资对数"), ("模型", "OLS", "固定效应"),
    )  # fmt: skip
    assert lines_of(printed) == {
        "工会会员（参照组：无工会者）": ("0.1000***", "0.0500**"),
        "beneath 1": ("(0.0200)", "(0.0200)"),
        "控制变量": ("是", "是"),
        "个人固定效应": ("否", "是"),
        "年份固定效应": ("是", "否"),
        "样本量": ("1,200", "1,200"),
        "R²": ("0.250", ""),
        "聚类数": ("40", ""),
        "因变量均值": ("1.500", "1.500"),
    }


def test_the_note_is_made_from_the_estimates(tmp_path):
    (printed,) = tables(tmp_path, "zh", style="jjyj")
    assert printed.foot == (
        "注：括号内为标准误：(1)列为聚类稳健标准误（按城市聚类），(2)列为普通标准误。未加权。"
        "对比：会员与无工会者（参照组）。*、**、***分别表示在10%、5%、1%的水平上显著。调查数据。"
        "数据与模型设定：Somebody 2014。研究文件：s；方程：one, two。"
    )


def test_sociologists_count_cases_and_have_their_own_stars(tmp_path):
    (printed,) = tables(tmp_path, "zh", style="shxyj")
    assert lines_of(printed)["工会会员（参照组：无工会者）"] == ("0.100**", "0.050*")
    assert lines_of(printed)["个案数"] == ("1,200", "1,200")
    assert "5%、1%、0.1%" in printed.foot


@pytest.mark.parametrize("journal", styles())
def test_stars_are_off_unless_the_style_is_chinese_or_they_are_asked_for(tmp_path, journal):
    chinese = journal in ("jjyj", "shxyj", "glsj")
    for wish, starred in (({}, chinese), ({"stars": "off"}, False), ({"stars": "econ"}, True)):
        (printed,) = tables(tmp_path, style=journal, **wish)
        cells = "".join(cell for line in printed.lines for cell in line)
        assert ("*" in cells) == ("*" in printed.foot) == starred


@pytest.mark.parametrize("status", ["twin:worker_panel"])
@pytest.mark.parametrize("brackets", ["se", "t", "p"])
def test_simulated_rows_get_neither_stars_nor_p_nor_a_cited_name(tmp_path, status, brackets):
    for language, title in (("en", "Simulated data: A study"), ("zh", "模拟数据：一项研究")):
        (printed,) = tables(tmp_path, language, data=status, style="jjyj", brackets=brackets)
        assert printed.title == title
        assert lines_of(printed)["beneath 1"] == ("(0.0200)", "(0.0200)")
        assert "*" not in printed.foot + "".join(cell for line in printed.lines for cell in line)
        assert "Somebody" not in printed.foot


def test_teaching_data_are_titled_by_their_place(tmp_path):
    (printed,) = tables(tmp_path, "en", data="wage_panel")
    assert printed.title == "A study (teaching data, United States)"
    assert "nothing of China follows" in printed.foot


def test_controls_are_printed_line_by_line_where_asked_for(tmp_path):
    asked_for = 'show = ["age", "C(year)"]'
    (printed,) = tables(tmp_path, "zh", asked_for, bases={"year": "2010"})
    lines = lines_of(printed)
    assert lines["age"] == ("-0.010", "0.020")
    assert lines["年份：2012（参照组：2010）"] == ("0.300", "")
    assert lines["控制变量"] == ("否", "否")
    assert "年份固定效应" not in lines


def test_a_derived_lag_and_a_lag_are_one_row(tmp_path):
    rows = [row("one", "union_before", 0.2), row("two", "lag(union)", 0.1, vcov="classical")]
    (printed,) = tables(tmp_path, "en", rows=rows)
    assert lines_of(printed)["Union member, lag 1"] == ("0.200", "0.100")


def test_quantiles_are_columns_and_too_many_columns_another_table(tmp_path):
    rows = [row("one", "union", j / 100, component=f"tau={j / 20}") for j in range(1, 20)]
    first, second = tables(tmp_path, "en", rows=rows)
    assert [printed.title for printed in (first, second)] == [
        "A study (1 of 2)",
        "A study (2 of 2)",
    ]
    assert first.headings[-1] == ("Quantile", *(f"{j / 20}" for j in range(1, 11)))
    assert len(second.headings[0]) == 10


def test_thousands_of_specifications_are_no_table(tmp_path):
    rows = [row("one", "union", 0.1, component=f"spec={j}") for j in range(3)]
    assert tables(tmp_path, "en", rows=rows) == []


def test_rows_just_fitted_and_rows_read_back_print_alike(tmp_path):
    frame = pd.DataFrame(ROWS, columns=COLUMNS)
    frame["extras"] = ""
    frame.to_csv(tmp_path / "rows.csv", index=False)
    read_back = pd.read_csv(tmp_path / "rows.csv")
    assert tables(tmp_path, rows=frame.to_dict("records")) == tables(
        tmp_path, rows=read_back.to_dict("records")
    )


def test_columns_are_counted_in_runs():
    assert numbers([1, 2, 3, 5, 7, 8], "en") == "(1)-(3), (5), (7)-(8)"
    assert numbers([1, 3], "zh") == "(1)、(3)"


# --- what is asked ------------------------------------------------------------------------------


def test_the_command_line_goes_before_the_file_and_the_file_before_the_style(tmp_path):
    path = study_file(tmp_path, 'style = "jjyj"\nbrackets = "t"\nlang = "zh"')
    said = read_asked(path, {"brackets": "p"})
    assert (said.journal.id, said.brackets, said.stars) == ("jjyj", "p", "econ")
    assert said.languages == ("zh",)
    assert asked({}).languages == ("en", "zh")


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ('brakets = "t"', "brackets"),
        ('stars = "socs"', "soc"),
        ("style = 4", "style"),
        ('show = "age"', "show"),
        ('show = ["agee"]', "age"),
    ],
)
def test_a_bad_section_is_refused_with_the_nearest_name(tmp_path, table, word):
    with pytest.raises(UserError, match=word):
        tables(tmp_path, "en", table)


def test_every_name_stands_in_both_languages():
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))
    sections = [*document.pop("variables").values(), *document.values()]
    for section in sections:
        for name, words in section.items():
            assert set(words) == {"en", "zh"}, name
            assert bool(words["en"]) == bool(words["zh"]), name
