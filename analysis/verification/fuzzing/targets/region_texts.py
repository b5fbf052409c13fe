"""A region's sheet as separated text or a page (also renamed .xls)."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.fuzzing.target import About

ABOUT = About(
    Text("region sheets (CSV, HTML)", "地区数据表（CSV、HTML）"),
    ".csv",
    (
        b"<table>", b"</table>", b"<tr>", b"<td rowspan=99999999 colspan=99999999>", b"</td>",
        b"<?xml ?>", b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]>", b"&a;", b"charset=utf-7",
        b"charset=rot13", b"\t", b";", b"|",
    ),
)  # fmt: skip
TEXT = (
    "表1 劳动争议案件受理数\n单位：件\n地区,2018年,2019年\n北京,1 234,…\n上海市,2345,-\n"
    "合计,3579,\n注：“…”表示数据不足本表最小单位数；“-”表示无。\n"
)
PAGE = (
    "<html><head><meta charset=gb2312><title>表1</title></head><body><table><tr><th rowspan=2>地区"
    "<th colspan=2>劳动争议案件受理数(件)</tr><tr><td>2018<td>2019</tr>"
    "<tr><td>北京<td>1<td>2</tr></table></body>"
)


def seeds() -> list[bytes]:
    """Return the same small table as text in three encodings and as a page."""
    return [TEXT.encode(), TEXT.encode("gb18030"), TEXT.encode("utf-16"), PAGE.encode("gb18030")]


def read(path: Path) -> None:
    """Understand a sheet whatever it is."""
    from analysis.sources.regions import Answers, understand

    understand(path, Answers())
