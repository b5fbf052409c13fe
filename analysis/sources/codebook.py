"""The codebook of data/processed: what each variable is, and what there is of it."""

from collections.abc import Mapping

import pandas as pd

from analysis.sources.variables import Variable

COLUMNS = [
    "table",
    "variable",
    "label_en",
    "label_zh",
    "unit",
    "first_year",
    "last_year",
    "n",
    "missing",
    "statuses",
    "definition_en",
    "definition_zh",
]


def describe_yearly(
    table: str, frame: pd.DataFrame, variables: Mapping[str, Variable]
) -> pd.DataFrame:
    """Describe a long yearly table: years covered, years missing between them, statuses."""
    used = frame[frame["in_use"]]
    return pd.DataFrame(
        [
            {**_identity(table, variable), **_coverage(used[used["variable"] == name])}
            for name, variable in variables.items()
            if name in set(used["variable"])
        ],
        columns=COLUMNS,
    )


def describe_columns(
    table: str, frame: pd.DataFrame, variables: Mapping[str, Variable]
) -> pd.DataFrame:
    """Describe a table whose variables are columns: number of values and of empty cells."""
    rows = []
    for name, variable in variables.items():
        filled = int(frame[name].notna().sum())
        counts = {"n": filled, "missing": str(len(frame) - filled)}
        if name == "status":
            counts["statuses"] = _counts(frame["status"])
        rows.append({**_identity(table, variable), **counts})
    return pd.DataFrame(rows, columns=COLUMNS)


def _identity(table: str, variable: Variable) -> dict[str, object]:
    return {
        "table": table,
        "variable": variable.name,
        "label_en": variable.label.en,
        "label_zh": variable.label.zh,
        "unit": variable.unit,
        "definition_en": variable.definition.en,
        "definition_zh": variable.definition.zh,
    }


def _coverage(rows: pd.DataFrame) -> dict[str, object]:
    years = sorted(int(year) for year in rows["year"])
    gaps = sorted(set(range(years[0], years[-1] + 1)) - set(years))
    return {
        "first_year": years[0],
        "last_year": years[-1],
        "n": len(years),
        "missing": " ".join(map(str, gaps)),
        "statuses": _counts(rows["status"]),
    }


def _counts(statuses: pd.Series) -> str:
    return "; ".join(f"{name} {count}" for name, count in sorted(statuses.value_counts().items()))


def as_markdown(codebook: pd.DataFrame) -> str:
    """Return the codebook as one Markdown page, a section a table."""
    parts = ["# Codebook of data/processed / 数据字典\n"]
    for table, rows in codebook.groupby("table", sort=False):
        parts.append(f"\n## {table}\n\n| variable | unit | years | N | missing | status |")
        parts.append("|---|---|---|---|---|---|")
        parts += [_line(row) for row in rows.fillna("").to_dict("records")]
    return "\n".join(parts) + "\n"


def _line(row: Mapping[str, object]) -> str:
    years = f"{row['first_year']}-{row['last_year']}" if row["first_year"] != "" else ""
    definition = f" {row['definition_en']} {row['definition_zh']}".rstrip()
    label = f"`{row['variable']}`: {row['label_en']} / {row['label_zh']}.{definition}"
    cells = [label, row["unit"], years, row["n"], row["missing"], row["statuses"]]
    return "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |"
