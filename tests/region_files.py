"""Files in the shapes that offices and yearbooks give them. Every figure in them is made up."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd

from analysis.files import read_rows
from analysis.paths import RAW

SIMULATED = "模拟数据，非真实数据 Simulated, no real figures"
PROVINCES = read_rows(RAW / "provinces.csv")
FIRST, YEARS, SEED = 1990, 34, 20170101
MISSPELT = ("内蒙古", "内蒙右")
LATE, LATE_FROM = ("重庆", "西藏"), 1997
SIX = {
    "劳动争议受理案件数（件）": (8.0, 0.9),
    "工会会员人数（万人）": (6.0, 0.5),
    "就业人员（万人）": (7.0, 0.4),
    "平均工资（元）": (9.5, 0.3),
    "地区生产总值（亿元）": (8.5, 0.8),
    "常住人口（万人）": (8.2, 0.5),
}


def figure(*key: object) -> int:
    """A made-up figure that is always the same for the same place, year and variable."""
    return (
        100 + sum(ord(letter) * (n + 1) for n, letter in enumerate("".join(map(str, key)))) % 9000
    )


def tidy_panel(
    *, misspelt: bool = False, late: bool = True, seed: int = SEED, first: int = FIRST,
    years: int = YEARS, places: int = 31,
) -> pd.DataFrame:  # fmt: skip
    """A simulated panel, a row for each province and year, six variables with their units.

    ``late`` leaves two provinces without their early years; ``misspelt`` writes one name wrong.
    """
    rng = np.random.default_rng(seed)
    names = [row["name_zh_short"] for row in PROVINCES][:places]
    table = pd.DataFrame(
        {
            "地区": np.repeat(names, years),
            "年份": np.tile(np.arange(first, first + years), len(names)),
        }
    )
    for label, (level, spread) in SIX.items():
        place = np.repeat(rng.normal(0.0, spread, len(names)), years)
        trend = np.tile(np.linspace(0.0, 1.0, years), len(names))
        table[label] = np.exp(level + place + trend + rng.normal(0.0, 0.05, len(table))).round(2)
    if late:
        table = table[~(table["地区"].isin(LATE) & (table["年份"] < LATE_FROM))]
    if misspelt:
        table["地区"] = table["地区"].replace(*MISSPELT)
    return table.reset_index(drop=True)


# --- (a) the statistical office's portal -------------------------------------------------------------


def portal_export(path: Path, years: tuple[int, ...] = (2019, 2018, 2017)) -> Path:
    """Lines 数据库, 指标, 时间 above; years descending; 注 and 数据来源 below."""
    lines = ["数据库：分省年度数据", "指标：劳动争议当期案件受理数(件)", "时间：最近3年"]
    lines.append(",".join(["地区", *(f"{year}年" for year in years)]))
    for row in PROVINCES:
        lines.append(",".join([row["name_zh"], *(str(figure(row["name_zh"], y)) for y in years)]))
    lines += [f"注：{SIMULATED}。", "数据来源：国家统计局"]
    path.write_text("\n".join(lines) + "\n", encoding="gb18030")
    return path


# --- (b), (c) a yearbook's sheet for one year --------------------------------------------------------

GROUPS = {"北京": "东部地区", "山西": "中部地区", "内蒙古": "西部地区"}
BOOK_HEADER = [
    [
        "地  区\nRegion",
        "当期案件受理数\nCases Accepted",
        None,
        "劳动者当事人数\nWorkers Involved",
        "结案数\nCases Settled",
    ],
    [None, "合计", "#集体争议", None, None],
    [None, "Total", "Collective", None, None],
]
BOOK_MERGED = ("A4:A6", "B4:C4", "D4:D6", "E4:E6")
BOOK_NOTES = [
    "注：①本表为模拟数据，非真实数据。",
    "  “…”表示数据不足本表最小单位数；“-”表示无该项数据；空格表示数据不详。",
    "资料来源：《中国劳动统计年鉴2019》",
]


def spaced(name: str) -> str:
    """A name as yearbooks print it: two characters with spaces between."""
    return "  ".join(name) if len(name) == 2 else name


def book_rows() -> list[list[object]]:
    """The body: the nation, totals, groups of provinces, blank rows, 兵团, notes, symbols."""
    rows: list[list[object]] = []
    for row in PROVINCES:
        short = row["name_zh_short"]
        if short in GROUPS:
            rows += [[None] * 5, [GROUPS[short], 1, 1, 1, 1]]
        label = f"{spaced(short)} {row['name_en']}" + ("①" if short == "广东" else "")
        rows.append([label, *(figure(short, n) for n in range(4))])
    values = np.array([row[1:] for row in rows if row[0] and row[0] not in GROUPS.values()])
    rows[1][1:] = [int(n) for n in values[:9].sum(axis=0)]
    for label in ("总  计 Total", "合  计", "全  国 National Total"):
        rows.insert(0, [label, *(int(n) for n in values.sum(axis=0))])
    marked = {"西  藏 Tibet": (2, "…"), "青  海 Qinghai": (2, "-"), "宁  夏 Ningxia": (3, None)}
    for line in rows:
        if line[0] in marked:
            column, symbol = marked[line[0]]
            line[column] = symbol
    return [*rows, ["新疆生产建设兵团", 70, 3, 90, 60]]


def book_sheet(path: Path, title: str = "8-1 各地区劳动争议案件受理情况（2018年）") -> Path:
    """A yearbook's sheet in Excel: bilingual title, corner unit, three merged header rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([title])
    sheet.append(["Labour Disputes Accepted by Region"])
    sheet.append([None, None, None, "单位：件、人 (case, person)"])
    for line in [*BOOK_HEADER, *book_rows(), [None], *([note] for note in BOOK_NOTES)]:
        sheet.append(line)
    for area in ("A1:E1", "A2:E2", *BOOK_MERGED):
        sheet.merge_cells(area)
    book.save(path)
    return path


def book_page(path: Path, title: str = "8-1 各地区劳动争议案件受理情况（2018年）") -> Path:
    """The same as a GB2312 page; what is called .xls is often one."""
    spans = {(0, 0): ' rowspan="3"', (0, 1): ' colspan="2"', (0, 3): ' rowspan="3"', (0, 4): ' rowspan="3"'}  # fmt: skip
    covered = {(0, 2), (1, 0), (1, 3), (1, 4), (2, 0), (2, 3), (2, 4)}
    lines = []
    for r, line in enumerate([*BOOK_HEADER, *book_rows()]):
        cells = [
            f"<td{spans.get((r, c), '')}>{'&nbsp;' if cell is None else cell}</td>"
            for c, cell in enumerate(line)
            if (r, c) not in covered
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>".replace("\n", "<br>"))
    page = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        f"<title>{title}</title></head><body><p>{title}</p><p>单位：件、人</p><table>"
        f"{''.join(lines)}</table>{''.join(f'<p>{note}</p>' for note in BOOK_NOTES)}</body></html>"
    )
    path.write_bytes(page.encode("gb18030"))
    return path


# --- (d) a union federation's sheet ----------------------------------------------------------------


def federation_sheet(path: Path) -> Path:
    """Members of a federation, some of them no province."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["2016年各级工会组织和会员情况（模拟数据）"])
    sheet.append(["单  位", "基层工会组织数（个）", "工会会员人数（万人）"])
    sheet.append(["总  计", 0, 0])
    for row in PROVINCES:
        sheet.append(
            [f"{row['name_zh']}总工会", figure(row["name_zh"]), figure(row["name_en"]) / 10]
        )
    for name in ("铁路总工会", "民航工会", "中央国家机关", "大连市总工会", "深圳市总工会"):
        sheet.append([name, 12, 3.5])
    sheet["B3"], sheet["C3"] = 999_999, 99_999.0
    sheet.append(["说明：大连、深圳单列，不含在所在省内。"])
    book.save(path)
    return path


# --- (e) one sheet a year ----------------------------------------------------------------------------


def sheet_a_year(path: Path, years: tuple[int, ...] = (2015, 2016, 2017)) -> Path:
    """A workbook with a sheet for each year, the unit in the corner, and a sheet of notes."""
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append([f"本工作簿为{SIMULATED}。"])
    for year in years:
        sheet = book.create_sheet(f"{year}年")
        sheet.append(["各地区城镇单位就业人员平均工资"])
        sheet.append([None, "单位：元"])
        sheet.append(["地区", "平均工资"])
        for row in PROVINCES:
            sheet.append([row["name_zh_short"], figure(row["name_zh"], year) + 20_000])
    book.save(path)
    return path


FIXTURES: dict[str, Callable[[Path], Path]] = {
    "portal.csv": portal_export,
    "book.xlsx": book_sheet,
    "book.htm": book_page,
    "book.xls": book_page,
    "federation.xlsx": federation_sheet,
    "years.xlsx": sheet_a_year,
}
