"""This package beside its peers, a row a comparison and size, as ``make bench`` measured it."""

from analysis.exhibits.performance.words import SHORT
from analysis.exhibits.readme.tables import pipe_table

INPUTS = {"performance": "reports/results/performance.csv"}
OURS, PEER = "ours", "peer"
HEADINGS = ("what", "rows", "peer", "seconds, ours / peer", "processor seconds, ours / peer",
            "times faster, processor", "peak MiB, ours / peer")  # fmt: skip
Row = dict[str, str]


def text(performance: list[Row]) -> str:
    """Return machine, days and load, then the table; the ratio is of processor seconds."""
    if not performance:
        return "Not measured yet on this tree: `make bench` measures it."
    peers = {_key(row): row for row in performance if row["side"] == PEER}
    lines = [_line(row, peers.get(_key(row), {})) for row in performance if row["side"] == OURS]
    return f"{_circumstances(performance)}\n\n{pipe_table(HEADINGS, lines)}"


def _key(row: Row) -> tuple[str, str]:
    return row["comparison"], row["rows"]


def _circumstances(rows: list[Row]) -> str:
    loads = [float(row["load"]) for row in rows if row["load"]]
    first = rows[0]
    return (
        f"{first['machine']}, Python {first['python']}, {first['date']}; load of the machine, the "
        f"run itself included, {min(loads):.1f} to {max(loads):.1f}. Seconds are by the clock."
    )


def _line(ours: Row, peer: Row) -> tuple[str, ...]:
    size = f" ({ours['size_name']})" if ours["size_name"] else ""
    name = SHORT[ours["comparison"]].en
    library = f"{peer['library']} {peer['version']}".strip() if peer else "-"
    return (
        name,
        f"{int(ours['rows']):,}{size}",
        library + (f": {why}" if (why := peer.get("skipped") or peer.get("failure")) else ""),
        _pair(ours, peer, "seconds_median", 2),
        _pair(ours, peer, "cpu_seconds_median", 2),
        _rounded(ours["cpu_ratio"], 1),
        _pair(ours, peer, "peak_mib", 0),
    )


def _pair(ours: Row, peer: Row, column: str, decimals: int) -> str:
    return " / ".join(_rounded(row.get(column, ""), decimals) for row in (ours, peer))


def _rounded(text: str, decimals: int) -> str:
    return f"{float(text):,.{decimals}f}" if text else "-"
