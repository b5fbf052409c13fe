"""The data appendix: every variable's definition, unit, N, missing, status, distribution."""

from collections.abc import Mapping, Sequence
from html import escape

from analysis.exhibits.report import histogram
from analysis.exhibits.report.exhibits import Report
from analysis.exhibits.report.markup import folded, plain_table
from analysis.exhibits.report.prose import Rows
from analysis.exhibits.words import STATUS_SHORT
from analysis.loading import modules_in
from analysis.messages import Text

FOLDER = "data/processed"
CODEBOOK = f"{FOLDER}/codebook.csv"
NAMES = [name.rpartition(".")[2] for name in modules_in("analysis.sources.tables")]
INPUTS = (CODEBOOK, *(f"{FOLDER}/{name}.csv" for name in NAMES))
HEADINGS = (
    Text("Variable", "变量"), Text("Meaning", "含义"), Text("Unit", "单位"),
    Text("Years", "年份"), Text("N", "观测数"), Text("Missing", "缺失"),
    Text("Status", "状态"), Text("Distribution", "分布"),
)  # fmt: skip
SUMMARY = Text("{table}: {count} variables", "{table}：{count} 个变量")
UNITS = {
    "10,000 persons": Text("10,000 persons", "万人"),
    "10,000 unions": Text("10,000 unions", "万个"),
    "100 million yuan": Text("100 million yuan", "亿元"),
    "cases": Text("cases", "件"),
    "clusters": Text("clusters", "个聚类"),
    "index": Text("index", "指数"),
    "percent": Text("percent", "%"),
    "persons": Text("persons", "人"),
    "share": Text("share", "比重"),
    "units": Text("units", "个"),
    "year": Text("year", "年"),
    "yuan a year": Text("yuan a year", "元/年"),
}
# a nation's total would push every province into the first bar
PLACE, NATION = "gb2260_code", "000000"
NO_UNIT = Text("", "")
# a codebook calls a data set's text columns variables too: they have no distribution
KEYS = {"year", "section", "gb2260_code", "vintage", "effect_id"}


def html(report: Report, language: str) -> str:
    """Return a table a data set; the data sets open on request."""
    tables: dict[str, list[Mapping[str, str]]] = {}
    for row in report.results[CODEBOOK]:
        tables.setdefault(row["table"], []).append(row)
    return "\n".join(
        folded(
            SUMMARY.in_language(language).format(table=name, count=len(variables)),
            _table(name, variables, report.results.get(f"{FOLDER}/{name}.csv", []), language),
        )
        for name, variables in tables.items()
    )


def _table(name: str, variables: Rows, data: Rows, language: str) -> str:
    headings = [text.in_language(language) for text in HEADINGS]
    rows = [_row(variable, data, language) for variable in variables]
    return plain_table(headings, rows, name)


def _row(variable: Mapping[str, str], data: Rows, language: str) -> Sequence[str]:
    values = values_of(variable["variable"], data)
    return (
        f"<code>{escape(variable['variable'])}</code>",
        escape(variable[f"label_{language}"]) + _definition(variable, language),
        escape(UNITS.get(variable["unit"], NO_UNIT).in_language(language)),
        _years(variable["first_year"], variable["last_year"]),
        variable["n"],
        variable["missing"],
        _statuses(variable["statuses"], language),
        histogram.as_svg(values, language),
    )


def _definition(variable: Mapping[str, str], language: str) -> str:
    text = variable[f"definition_{language}"]
    return f"<br><small>{escape(text)}</small>" if text else ""


def _years(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"


def _statuses(text: str, language: str) -> str:
    """Return "verified 12; unverified 3" in the language's words."""
    found = (part.rpartition(" ") for part in text.split("; ") if part)
    words = (
        f"{STATUS_SHORT[name].in_language(language) if name in STATUS_SHORT else name} {count}"
        for name, _, count in found
    )
    return f"<small>{escape(', '.join(words))}</small>"


def values_of(name: str, data: Rows) -> list[float]:
    """Return a variable's numbers: of its column, or of its rows in a table long by variable."""
    if name in KEYS or not data:
        return []
    if name in data[0]:
        texts = [row[name] for row in data if row.get(PLACE) != NATION]
    elif "variable" in data[0]:
        texts = [row["value"] for row in data if row["variable"] == name]
    else:
        return []
    return _numbers([text for text in texts if text])


def _numbers(texts: Sequence[str]) -> list[float]:
    try:
        return [float(text) for text in texts]
    except ValueError:
        return []
