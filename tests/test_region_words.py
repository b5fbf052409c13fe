"""Years, units, symbols, notes, labels: what single cells and lines say."""

from datetime import date, datetime

import pytest

from analysis.sources.regions.numbers import read_cell
from analysis.sources.regions.tables.lines import (
    explained_symbols,
    notes_in,
    source_of,
    title_of,
    units_in,
)
from analysis.sources.regions.units import fits, read_unit
from analysis.sources.regions.variables import (
    VARIABLES,
    nearest_variables,
    variable_called,
    variables_within,
)
from analysis.sources.regions.words import clean
from analysis.sources.regions.years import book_year, data_year, split_year, year_of

# --- years -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lines", "year"), [
    (["2018年各地区劳动争议处理情况"], 2018),
    (["8-1 各地区劳动争议案件受理情况（2018年）", "Labour Disputes (2018)", "单位：件"], 2018),
    (["《中国劳动统计年鉴2019》", "2018年各地区劳动争议"], 2018),
    (["2018年各地区劳动争议", "摘自《2019年中国劳动统计年鉴》"], 2018),
    (["中国劳动统计年鉴-2019", "各地区劳动争议"], None),
    (["China Labour Statistical Yearbook 2019"], None),
    (["2019 China Labour Statistical Yearbook"], None),
    (["1990-2019年各地区劳动争议"], None),
    (["2019年1-6月各地区劳动争议"], None),
    (["截至2019年12月31日"], None),
    (["9-20008 表"], None),
    (["各地区 2091年"], None),
    (["2010年旧表", "2011年新表"], 2011),
])  # fmt: skip
def test_the_year_of_a_title_is_the_datas_and_never_the_books(lines, year):
    assert data_year(lines) == year


@pytest.mark.parametrize("line", ["《中国劳动统计年鉴2019》", "2019年中国劳动统计年鉴", "中国统计年鉴—2019", "Yearbook, 2019", "2019 China Statistical Yearbook"])  # fmt: skip
def test_the_books_year_is_found_to_be_named(line):
    assert book_year([line]) == 2019


@pytest.mark.parametrize(("cell", "year"), [
    (2019, 2019), (2019.0, 2019), ("2019年", 2019), ("２０１９", 2019), ("2019.0", 2019), ("（2019年）", 2019), ("2019年末", 2019),
    (date(2019, 12, 31), 2019), (datetime(2019, 1, 1), 2019), ("2019-12-31", 2019), ("2019年12月31日", 2019),
    (date(2019, 6, 30), None), ("2019-06-30", None), (20008, None), (19, None), ("2019年1-6月", None), ("2018-2019", None),
    (2019.5, None), (True, None), (None, None), (1905, None), ("2099", None),
])  # fmt: skip
def test_a_cell_is_a_year_or_is_none(cell, year):
    assert year_of(cell) == year


def test_a_headers_year_is_told_from_the_rest_of_it():
    assert split_year("2019年受理数") == (2019, "受理数")
    assert split_year("2018-2019年") == (None, "2018-2019年")
    assert split_year("受理数") == (None, "受理数")


# --- units -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("unit", "base", "factor"), [
    ("件", "cases", 1), ("万件", "cases", 1e4), ("万人", "persons", 1e4), ("10 000 persons", "persons", 1e4),
    ("10,000 persons", "persons", 1e4), ("亿元", "yuan", 1e8), ("100 million yuan", "yuan", 1e8), ("元/年", "yuan", 1),
    ("％", "percent", 1), ("户", "units", 1), ("千人", "persons", 1e3), ("年", "year", 1),
])  # fmt: skip
def test_units_have_a_base_and_a_factor(unit, base, factor):
    assert read_unit(unit) == (base, factor)


def test_what_is_no_unit_has_none_and_each_variable_has_its_own():
    assert read_unit("吨") is None and read_unit("") is None and read_unit("万") is None
    assert fits("gdp", "亿元") and not fits("gdp", "万人") and fits("declared_by_a_user", "吨")


@pytest.mark.parametrize(("lines", "units"), [
    (["单位：件"], ("件",)), (["单位：件、人"], ("件", "人")), (["计量单位:万人"], ("万人",)), (["(Unit: 10 000 persons)"], ("10 000 persons",)),
    (["单位：万人 (10 000 persons)"], ("万人",)), (["标题 单位：件 Unit: case"], ("件", "case")), (["法人单位"], ()),
    (["单位：元", "单位：件"], ("件",)),
])  # fmt: skip
def test_the_unit_nearest_to_the_table_is_the_tables(lines, units):
    assert units_in(lines) == units


# --- numbers and symbols -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell", ["1,23", "12,34,567", "1.2.3", "5件6", "约5", "(5)", "1 23", "0x10", "一百", True]
)
def test_what_is_no_number_is_not_made_one(cell):
    assert read_cell(cell).value is None and read_cell(cell).wrong


@pytest.mark.parametrize(("cell", "symbol"), [
    ("…", "…"), ("……", "…"), ("...", "…"), ("—", "-"), ("－", "-"), ("--", "-"), ("一", "一"), ("#", "#"), ("×", "×"),
    ("N/A", "n/a"), ("无", "无"), ("", "blank"), (" \u3000", "blank"), (None, "blank"), (float("nan"), "blank"),
])  # fmt: skip
def test_symbols_of_one_meaning_have_one_form(cell, symbol):
    assert read_cell(cell).symbol == symbol and read_cell(cell).value is None


@pytest.mark.parametrize(("note", "kinds"), [
    ("统计表中“…”表示数据不足本表最小单位数；“空格”表示该项统计指标数据不详或无该项数据；“#”表示其中的主要项。",
     {"…": "below_unit", "blank": "unknown"}),
    ("“-”表示无该项数据", {"-": "none"}),
    ("“—”表示不适用；空格表示缺失", {"-": "not_applicable", "blank": "unknown"}),
    ("“一”表示没有", {"一": "none"}),
    ('Note: "..." indicates that the figure is not large enough to be measured with the smallest unit; '
     "(blank) indicates that the data are unknown or are not available", {"…": "below_unit", "blank": "unknown"}),
    ("2008-2010年为调整后数据", {}),
    ("合计-其中:集体争议", {}),
    ("1998-1999年数据=估计", {}),
])  # fmt: skip
def test_a_files_own_note_explains_its_symbols(note, kinds):
    assert explained_symbols([note]) == kinds


# --- lines -------------------------------------------------------------------------------------------

LINES = [
    "数据库：分省年度数据",
    "表1 各地区劳动争议 单位：件",
    "Labour disputes by region",
    "注：①不含兵团",
    "① 含直属",
    "资料来源：《年鉴》",
    "续表",
]


def test_title_source_and_notes_are_told_apart():
    assert title_of(LINES) == "表1 各地区劳动争议"
    assert source_of(LINES) == "《年鉴》"
    assert notes_in(LINES) == ["注：①不含兵团", "① 含直属", "资料来源：《年鉴》"]
    assert title_of(["Data source: somewhere"]) == "" and source_of(["x"]) == ""


def test_texts_are_made_comparable_without_losing_words():
    assert clean("北 　京\nBeijing①²") == "北京 Beijing"


# --- variables -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("label", "name"), [
    ("劳动争议当期案件受理数", "disputes_accepted"), ("当期案件受理数", "disputes_accepted"), ("受理案件数", "disputes_accepted"),
    ("cases accepted", "disputes_accepted"), ("集体争议", "collective_disputes"), ("当期案件受理数集体争议案件数", "collective_disputes"),
    ("劳动者当事人数", "workers_involved"), ("工会会员人数", "union_members"), ("基层工会组织数", "grassroots_unions"),
    ("年末就业人员数", "employment"), ("城镇单位就业人员平均工资", "average_wage"), ("月最低工资标准", "minimum_wage"), ("GDP", "gdp"),
    ("地区生产总值", "gdp"), ("年末常住人口", "population"), ("工会经费收入", "union_fee_income"), ("gdp", "gdp"),
    ("结案数", None), ("女会员人数", None), ("未受理案件数", None), ("国有单位平均工资", None), ("案件受理数国有企业", None), ("人均生产总值", None),
    ("上期未结案件数", None), ("户籍人口", None), ("城镇登记失业人员", None), ("案外调解案件数", None),
])  # fmt: skip
def test_a_label_names_a_variable_as_a_whole_or_none(label, name):
    assert variable_called([label]) == name


def test_every_variable_is_named_by_its_own_words_and_by_no_others():
    for name, variable in VARIABLES.items():
        assert {variable_called([words]) for words in (name, *variable.label)} == {name}
        assert variable.low < variable.high and read_unit(variable.usual)[0] == variable.unit


def test_a_title_names_its_variables_and_the_longest_of_overlapping_ones():
    assert variables_within("2018年各地区劳动争议案件受理数") == ["disputes_accepted"]
    assert variables_within("各地区集体争议案件数和工会会员人数") == [
        "collective_disputes",
        "union_members",
    ]
    assert variables_within("各地区女会员人数") == [] and variables_within("不予受理案件数") == []
    assert nearest_variables("union_member") == ["union_members"]
