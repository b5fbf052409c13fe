"""This package beside its peers: seconds, ratios, memory, agreement, by comparison and size."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About, Column
from analysis.exhibits.formats import TRUE_FALSE
from analysis.exhibits.performance.words import SHORT
from analysis.messages import LANGUAGES, Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text(
        "This package beside its peers, on simulated data", "本软件包与同类软件的比较（模拟数据）"
    ),
    note=Text(
        "Measured by make bench: {machine}, Python {python}, {date}; load of the machine, the run "
        "itself included, {low} to {high}. Seconds are medians of alternating runs by the "
        "clock; ratios are the peer's time for the whole work over ours, by the clock and in "
        "processor seconds, which other work does not change. Memory is the whole process, its "
        "data included.",
        "由 make bench 测得：{machine}，Python {python}，{date}；"
        "机器负载（含测量本身）为 {low} 至 {high}。"
        "秒数为交替运行的中位数（挂钟时间）；倍数为同类软件完成全部工作的用时除以本软件包用时，"
        "分别按挂钟时间与处理器用时（不受其他负载影响）计。内存为整个进程，含数据。",
    ),
    inputs={"performance": "performance.csv"},
    data_kind="simulated",
)
COLUMNS = (
    Column("what_en", Text("comparison", "比较内容"), key_zh="what_zh", width=0.26),
    Column("rows", Text("rows", "行数")),
    Column("peer", Text("peer", "同类软件")),
    Column("ours_seconds", Text("ours, s", "本软件包（秒）"), decimals=2),
    Column("peer_seconds", Text("peer, s", "同类软件（秒）"), decimals=2),
    Column("ratio", Text("ratio", "倍数"), decimals=1),
    Column("cpu_ratio", Text("ratio, processor", "倍数（处理器）"), decimals=1),
    Column("ours_mib", Text("ours, MiB", "本软件包（MiB）"), decimals=0),
    Column("peer_mib", Text("peer, MiB", "同类软件（MiB）"), decimals=0),
    Column("agrees", Text("agree", "结果一致"), words=TRUE_FALSE),
    Column("remark", Text("remark", "备注")),
)


def rows(performance: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row a comparison and size, both sides beside each other."""
    ours = performance[performance["side"] == "ours"]
    peer = performance[performance["side"] == "peer"].set_index(["comparison", "rows"])
    both = ours.join(peer, on=["comparison", "rows"], suffixes=("", "_peer"))
    named = {
        f"what_{language}": [_name(one, language) for one in both["comparison"]]
        for language in LANGUAGES
    }
    return both.assign(
        **named,
        rows=[f"{n:,}" for n in both["rows"]],
        peer=[
            _peer(*pair) for pair in zip(both["library_peer"], both["version_peer"], strict=True)
        ],
        ours_seconds=both["seconds_median"],
        peer_seconds=both["seconds_median_peer"],
        ours_mib=both["peak_mib"],
        peer_mib=both["peak_mib_peer"],
        remark=_text(both["failure_peer"]) + _text(both["skipped_peer"]) + _text(both["failure"]),
    )


def footer(performance: "pd.DataFrame") -> dict[str, str]:
    """Return the note in each language, with machine, versions, day and load of the run."""
    first, load = performance.iloc[0], performance["load"].astype(float)
    facts = {name: first[name] for name in ("machine", "python", "date")}
    return {
        language: ABOUT.note.in_language(language).format(low=load.min(), high=load.max(), **facts)
        for language in LANGUAGES
    }


def _name(comparison: str, language: str) -> str:
    return SHORT[comparison].in_language(language) if comparison in SHORT else comparison


def _peer(library: object, version: object) -> str:
    return " ".join(str(part) for part in (library, version) if part == part and part)


def _text(column: "pd.Series") -> "pd.Series":
    # read from a file, a column in which nothing stands is one of numbers
    return column.astype(object).fillna("").astype(str)
