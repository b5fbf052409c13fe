"""The same figures in every layout: what is written is what is read, cell by cell."""

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from region_files import PROVINCES

from analysis.messages import UserError
from analysis.sources.regions import Answers, understand

NAMES = {row["gb2260_code"]: row["name_zh_short"] for row in PROVINCES}
# label and unit as printed, by variable
PRINTED = {
    "disputes_accepted": ("受理案件数", "件"),
    "union_members": ("工会会员人数", "万人"),
    "gdp": ("地区生产总值", "亿元"),
}
KINDS = {"…": "below_unit", "-": "none", "": "unknown"}
NOTE = "注：“…”表示数据不足本表最小单位数；“-”表示无该项数据；空格表示数据不详。"


def headed(variable):
    label, unit = PRINTED[variable]
    return f"{label}（{unit}）"


def long(places, years, variables, cell):
    rows = [["地区", "年份", "指标", "单位", "数值"]]
    return rows + [
        [NAMES[p], y, *PRINTED[v], cell(p, y, v)] for p in places for y in years for v in variables
    ]


def variables_across(places, years, variables, cell):
    rows = [["地区", "年份", *map(headed, variables)]]
    return rows + [
        [NAMES[p], y, *(cell(p, y, v) for v in variables)] for p in places for y in years
    ]


def years_across(places, years, variables, cell):
    rows = [["地区", "指标", *(f"{y}年" for y in years)]]
    return rows + [
        [NAMES[p], headed(v), *(cell(p, y, v) for y in years)] for p in places for v in variables
    ]


def two_header_rows(places, years, variables, cell):
    pairs = [(v, y) for v in variables for y in years]
    top = ["地区", *(headed(v) if y == years[0] else None for v, y in pairs)]
    rows = [top, [None, *(y for _, y in pairs)]]
    return rows + [[NAMES[p], *(cell(p, y, v) for v, y in pairs)] for p in places]


def places_across(places, years, variables, cell):
    rows = [["年份", "指标", *(NAMES[p] for p in places)]]
    return rows + [
        [y, headed(v), *(cell(p, y, v) for p in places)] for y in years for v in variables
    ]


LAYOUTS = [long, variables_across, years_across, two_header_rows, places_across]
places = st.lists(st.sampled_from(sorted(NAMES)), min_size=2, max_size=6, unique=True)
years = st.lists(st.integers(1990, 2020), min_size=2, max_size=4, unique=True)
variables = st.lists(st.sampled_from(sorted(PRINTED)), min_size=2, max_size=3, unique=True)
numbers = st.one_of(st.integers(0, 10**7), st.decimals(0, 10**5, places=2).map(float))
cells = st.one_of(numbers, numbers, st.sampled_from(sorted(KINDS)))


@given(st.sampled_from(LAYOUTS), places, years, variables, st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_layout_gives_back_what_was_written(tmp_path, layout, places, years, variables, data):
    keys = [(p, y, v) for p in places for y in years for v in variables]
    written = {key: data.draw(cells) for key in keys}
    # a line of symbols alone is no line of figures
    written |= {(places[0], y, v): 1 for y in years for v in variables}
    written |= {(p, years[0], variables[0]): 2 for p in places}
    rows = layout(places, years, variables, lambda *key: written[key])
    path = tmp_path / "a.csv"
    path.write_text(as_csv([*rows, [NOTE]]), encoding="utf-8")
    found = understand(path, Answers())
    value = {(f.code, f.year, f.variable): f.missing_kind or f.value for f in found.figures}
    assert value == {key: KINDS.get(cell, cell) for key, cell in written.items()}
    assert found.units == {v: PRINTED[v][1] for v in variables}
    assert understand(path, found.learnt).figures == found.figures


def as_csv(rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


CELL = st.sampled_from([
    "地区", "北京", "天津市", "北  京 Beijing", "合计", "全国", "东部地区", "2010年", 2011, "20008", "受理案件数（件）",
    "工会会员（万人）", "单位：件", "续表", NOTE, "数据来源：某处", "…", "-", None, 5, "1,234", "5%", "#REF!", "代码", 110000,
    "年份", "指标", "数值", "单位", "大连", "铁路", "甲", "2010年各地区劳动争议受理案件数", "广东省历年", "指标：受理案件数(件)",
])  # fmt: skip


@given(st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=7), st.booleans())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_sheet_is_understood_or_refused_in_a_sentence(tmp_path, rows, answered):
    path = tmp_path / "a.csv"
    path.write_text(as_csv(rows), encoding="utf-8")
    answers = Answers(data_year=2010, unit="件", variable="disputes_accepted", place="广东")
    try:
        found = understand(path, answers if answered else Answers())
    except UserError as error:
        assert error.key.startswith(("region", "empty"))
        return
    assert found.figures or found.totals or found.set_aside
    assert understand(path, found.learnt).figures == found.figures
