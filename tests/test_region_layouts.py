"""Layouts as they come: continued tables, groups of columns, one place, two languages."""

import csv
import io

import openpyxl
import pytest

from analysis.messages import UserError
from analysis.sources.regions import Answers, understand


def read(path, content, **answers):
    path.write_text(content, encoding="utf-8")
    return understand(path, Answers(**answers))


def values(found):
    return {(f.code, f.year, f.variable): f.value for f in found.figures}


def test_a_table_continued_below_keeps_its_title_and_unit(tmp_path):
    content = ("2018年各地区劳动争议受理案件数\n单位：件\n地区,合计\n北京,95\n天津,80\n"
               "续表\n地区,合计\n河北,70\n山西,60\n")  # fmt: skip
    found = read(tmp_path / "a.csv", content)
    assert list(values(found).values()) == [95, 80, 70, 60]
    assert {f.unit for f in found.figures} == {"件"} and found.years == (2018,)


def test_a_group_of_columns_lends_its_name_to_each_of_them(tmp_path):
    content = (
        "2018年\n单位：件\n地区,案件受理数,,结案数,\n,合计,集体争议,合计,集体争议\n北京,95,3,90,2\n"
    )
    found = read(tmp_path / "a.csv", content)
    assert values(found) == {
        ("110000", 2018, "disputes_accepted"): 95, ("110000", 2018, "collective_disputes"): 3,
    }  # fmt: skip
    assert [a.cell for a in found.set_aside] == ["D4", "E4"]


def test_one_place_with_its_years_is_named_by_title_line_sheet_or_answer(tmp_path):
    body = "年份,受理案件数（件）\n2010,95\n2011,96\n"
    wanted = {("440000", 2010, "disputes_accepted"): 95, ("440000", 2011, "disputes_accepted"): 96}
    assert values(read(tmp_path / "a.csv", "广东省历年劳动争议\n" + body)) == wanted
    assert values(read(tmp_path / "a.csv", "地区：广东省\n" + body)) == wanted
    assert values(read(tmp_path / "a.csv", body, place="广东")) == wanted
    book = openpyxl.Workbook()
    book.active.title = "广东"
    for row in csv.reader(io.StringIO(body)):
        book.active.append([int(cell) if cell.isdecimal() else cell for cell in row])
    book.save(tmp_path / "a.xlsx")
    assert values(understand(tmp_path / "a.xlsx", Answers())) == wanted


def test_a_portals_export_of_one_place_has_its_variables_in_rows(tmp_path):
    content = ("数据库：分省年度数据\n地区：广东省\n时间：最近2年\n指标,2019年,2018年\n"
               "劳动争议案件受理数(件),95,80\n工会会员(万人),9,8\n数据来源：国家统计局\n")  # fmt: skip
    found = read(tmp_path / "a.csv", content)
    assert values(found)["440000", 2018, "union_members"] == 8
    assert len(found.figures) == 4 and found.source == "国家统计局"


def test_prefectures_are_known_by_name_and_their_total_is_their_provinces(tmp_path):
    content = "2010年江苏省各市工会会员人数\n单位：万人\n地区,会员数\n全省,60\n南京,10\n苏州 Suzhou,20\n昆山市,30\n"
    found = read(tmp_path / "a.csv", content)
    assert [(f.code, f.value) for f in found.figures] == [
        ("320100", 10),
        ("320500", 20),
        ("320583", 30),
    ]
    assert [(f.code, f.value) for f in found.totals] == [("320000", 60)]


def test_a_row_of_column_numbers_is_neither_header_nor_figures(tmp_path):
    found = read(
        tmp_path / "a.csv", "2018年\n地区,受理案件数(件),会员数(万人)\n甲,1,2\n北京,95,3\n"
    )
    assert list(values(found).values()) == [95, 3]


def test_a_unit_typed_for_one_variable_is_not_anothers(tmp_path):
    content = "地区,年份,地区生产总值,工会会员人数\n北京,2010,5,6\n"
    with pytest.raises(UserError):
        read(tmp_path / "a.csv", content, unit="gdp=亿元")
    found = read(tmp_path / "a.csv", content, unit="gdp=亿元，union_members=万人")
    assert found.units == {"gdp": "亿元", "union_members": "万人"}


def test_a_corner_with_two_units_gives_each_variable_its_own(tmp_path):
    content = "2010年\n单位：件、人\n地区,受理案件数,劳动者当事人数\n北京,5,6\n"
    assert read(tmp_path / "a.csv", content).units == {
        "disputes_accepted": "件",
        "workers_involved": "人",
    }


def test_a_declared_label_is_read_and_kept_for_rereading(tmp_path):
    content = "地区,年份,结案数（件）\n北京,2010,5\n"
    declared = Answers.declared_of("结案数=cases_settled,件")
    found = read(tmp_path / "a.csv", content, variables=declared)
    assert values(found) == {("110000", 2010, "cases_settled"): 5}
    again = Answers.from_table(found.learnt.as_table())
    assert again == found.learnt and understand(tmp_path / "a.csv", again).figures == found.figures


def test_a_tidy_file_keeps_its_own_kinds_statuses_and_sources(tmp_path):
    content = ("code,year,variable,value,unit,missing_kind,status,source\n"
               "110000,2001,gdp,12.5,亿元,,verified,yearbook\n120000,2001,gdp,,亿元,unknown,nonsense,\n")  # fmt: skip
    found = read(tmp_path / "a.csv", content)
    assert [(f.missing_kind, f.status, f.source) for f in found.figures] == [
        ("", "verified", "yearbook"), ("unknown", "", ""),
    ]  # fmt: skip


def test_a_page_s_footer_is_below_its_table_and_gives_no_year(tmp_path):
    page = ("<html><body><h1>2010年各地区劳动争议受理案件数</h1><p>单位：件</p><table><tr><td>地区</td><td>合计</td></tr>"
            "<tr><td>北京</td><td>5</td></tr></table><p>来源：某网</p><p>版权所有 2019</p></body></html>")  # fmt: skip
    found = read(tmp_path / "a.htm", page)
    assert values(found) == {("110000", 2010, "disputes_accepted"): 5} and found.source == "某网"


def test_province_and_city_in_two_columns_are_the_city(tmp_path):
    content = "省份,城市,年份,受理案件数（件）\n江苏,苏州,2010,5\n江苏,鼓楼区,2010,6\n"
    with pytest.raises(UserError):
        read(tmp_path / "a.csv", content)
    found = read(
        tmp_path / "a.csv", "省份,城市,年份,受理案件数（件）\n江苏,苏州,2010,5\n江苏,合计,2010,6\n"
    )
    assert [(f.code, f.name) for f in found.figures] == [("320500", "苏州"), ("320000", "江苏")]
    content = "城市,区县,年份,受理案件数（件）\n徐州市,鼓楼区,2010,5\n南京市,鼓楼区,2010,6\n"
    assert [f.code for f in read(tmp_path / "a.csv", content).figures] == ["320302", "320106"]


def test_numbers_like_years_under_a_label_of_their_own_are_no_years(tmp_path):
    content = "2010年各地区\n地区,结案数,受理案件数（件）\n北京,2001,5\n天津,2002,6\n"
    found = read(tmp_path / "a.csv", content)
    assert found.years == (2010,) and [a.name for a in found.set_aside] == ["结案数"]


def test_the_whole_of_one_prefectures_counties_is_the_prefecture(tmp_path):
    content = "2010年\n地区,受理案件数（件）\n合计,9\n昆山市,4\n常熟市,5\n"
    assert [f.code for f in read(tmp_path / "a.csv", content).totals] == ["320500"]


@pytest.mark.parametrize("section", [
    {"data_year": "2010"}, {"unknown": 1}, {"symbols": {"…": "zero"}}, {"variables": {"x": {"name": "y"}}},
])  # fmt: skip
def test_a_sidecars_reading_that_is_wrong_is_refused(section):
    with pytest.raises(UserError):
        Answers.from_table(section)


def test_a_sidecars_symbols_are_taken_in_any_form():
    assert Answers.from_table({"symbols": {"空格": "unknown", "——": "none"}}).symbols == {
        "blank": "unknown", "-": "none",
    }  # fmt: skip


def test_a_total_in_the_header_is_no_place(tmp_path):
    content = "2010年工会会员人数\n单位：人\n地区,合计,男\n苏州,5,2\n无锡,6,3\n"
    assert list(values(read(tmp_path / "a.csv", content)).values()) == [5, 6]


def test_bilingual_headers_are_read_in_either_order(tmp_path):
    content = "Region 地区,Year 年份,Union members 工会会员人数 (万人 10 000 persons)\nBeijing 北京,2010,5\n"
    found = read(tmp_path / "a.csv", content)
    assert values(found) == {("110000", 2010, "union_members"): 5} and found.units == {
        "union_members": "万人"
    }


def test_a_code_below_the_province_stands_before_a_name_that_had_another(tmp_path):
    content = "代码,地区,年份,受理案件数（件）\n540300,昌都,2018,5\n540200,日喀则市,2018,6\n"
    assert [f.code for f in read(tmp_path / "a.csv", content).figures] == ["540300", "540200"]


def test_months_are_no_years(tmp_path):
    with pytest.raises(UserError) as caught:
        read(
            tmp_path / "a.csv",
            "件\n地区,2010年1月,2010年2月\n北京,5,6\n",
            variable="disputes_accepted",
        )
    assert caught.value.key == "region_no_figure" and "year" in caught.value.fields["reason"].en


def test_a_label_declared_to_be_a_known_variable_still_needs_the_files_unit(tmp_path):
    declared = Answers.declared_of("产出=gdp")
    with pytest.raises(UserError) as caught:
        read(tmp_path / "a.csv", "地区,年份,产出\n北京,2010,5\n", variables=declared)
    assert caught.value.key == "region_unit_unknown"
    found = read(tmp_path / "a.csv", "地区,年份,产出（亿元）\n北京,2010,5\n", variables=declared)
    assert found.units == {"gdp": "亿元"}
    assert Answers.from_table(found.learnt.as_table()) == found.learnt


@pytest.mark.parametrize(
    "flag", ["结案数", "结案数=cases_settled", "=gdp", "结案数=结案,件", "结案数=,件"]
)
def test_a_flag_that_gives_no_label_name_or_unit_is_refused(flag):
    with pytest.raises(UserError) as caught:
        Answers.declared_of(flag)
    assert caught.value.key == "region_variable_flag"


def test_places_above_variables_in_merged_headers_are_read(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        [None, "北京", None, "天津", None],
        ["年份", *["受理案件数（件）", "工会会员（万人）"] * 2],
        [2010, 5, 1, 6, 2],
    ):
        book.active.append(row)
    for area in ("B1:C1", "D1:E1"):
        book.active.merge_cells(area)
    book.save(tmp_path / "a.xlsx")
    assert values(understand(tmp_path / "a.xlsx", Answers())) == {
        ("110000", 2010, "disputes_accepted"): 5, ("110000", 2010, "union_members"): 1,
        ("120000", 2010, "disputes_accepted"): 6, ("120000", 2010, "union_members"): 2,
    }  # fmt: skip


def test_a_declared_label_in_a_portals_line_says_what_the_years_count(tmp_path):
    content = "指标：结案数(件)\n时间：最近2年\n地区,2011年,2010年\n北京,5,6\n"
    found = read(
        tmp_path / "a.csv", content, variables=Answers.declared_of("结案数=cases_settled,件")
    )
    assert values(found) == {
        ("110000", 2011, "cases_settled"): 5,
        ("110000", 2010, "cases_settled"): 6,
    }
