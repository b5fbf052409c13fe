"""``literature check``: what is missing of each study; ``literature add FILE``: add effects."""

import argparse
import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from analysis.files import read_rows, write_all
from analysis.messages import Text, UserError
from analysis.paths import RAW, relative

TABLE = RAW / "literature" / "effects.csv"
KEY = ("study_id", "effect_id")
WANTED = ("sign", "estimate", "std_error", "n_obs", "estimator", "contrast", "doi", "checked_by")
A_FILE = Text("a CSV file with the columns of {file}", "与 {file} 列名相同的 CSV 文件")
SUMMARY = Text(
    "{file}: {effects} effects of {studies} studies; {tables} read in a table, {checked} checked.",
    "{file}：{studies} 项研究的 {effects} 个效应；读过结果表 {tables} 个，已核对 {checked} 个。",
)
MISSING = Text("  {study} ({effects}): without {names}", "  {study}（{effects}）：缺 {names}")
COMPLETE = Text("  {study} ({effects}): complete", "  {study}（{effects}）：完整")
ADDED = Text("Added {count} effects to {file}.", "已向 {file} 添加 {count} 个效应。")
Row = Mapping[str, str]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to do, and the file to add."""
    parser.add_argument("action", choices=("check", "add"))
    parser.add_argument("file", type=Path, nargs="?", help="for add: a CSV of the same columns")


def run(options: argparse.Namespace) -> int:
    """Check the table, or add a file's rows to it."""
    if options.action == "check":
        print("\n".join(report(checked_rows(TABLE), options.lang)))
        return 0
    if options.file is None:
        expected = Text(*(words.format(file=relative(TABLE)) for words in A_FILE))
        raise UserError("option", option="literature add", value="''", expected=expected)
    count = add_effects(options.file, TABLE)
    print(ADDED.in_language(options.lang).format(count=count, file=relative(TABLE)))
    return 0


# --- check ------------------------------------------------------------------------------------


def checked_rows(path: Path) -> list[dict[str, str]]:
    """Return the table's rows as text after holding them against sidecar and schema.

    Raises
    ------
    UserError
        If the file is not the one its sidecar describes, or for its first wrong cell.
    """
    from analysis.sources.provenance import check_file

    check_file(path)
    return valid_rows(path)


def valid_rows(path: Path) -> list[dict[str, str]]:
    """Return a file's rows as text, digits as printed, after holding them against the schema.

    Raises
    ------
    UserError
        For the first wrong cell.
    """
    from analysis.sources.reading import read_table
    from analysis.sources.tables.literature_effects import SCHEMA

    read_table(path, SCHEMA)
    return [{name.strip(): cell.strip() for name, cell in row.items()} for row in read_rows(path)]


def report(rows: Sequence[Row], language: str) -> list[str]:
    """Return one line on the whole, then one a study: how many effects, what they lack."""
    whole = SUMMARY.in_language(language).format(
        file=relative(TABLE),
        effects=len(rows),
        studies=len({row["study_id"] for row in rows}),
        tables=sum(row["status"] == "table_read" for row in rows),
        checked=sum(row["checked_by"] != "" for row in rows),
    )
    studies = dict.fromkeys(row["study_id"] for row in rows)
    return [whole, *(_line(study, rows, language) for study in studies)]


def _line(study: str, rows: Sequence[Row], language: str) -> str:
    mine = [row for row in rows if row["study_id"] == study]
    lacking = Counter(name for row in mine for name in WANTED if not row[name])
    parts = [
        name if lacking[name] == len(mine) else f"{name} ({lacking[name]}/{len(mine)})"
        for name in WANTED
        if lacking[name]
    ]
    words = MISSING if parts else COMPLETE
    return words.in_language(language).format(
        study=study, effects=len(mine), names=", ".join(parts)
    )


# --- add --------------------------------------------------------------------------------------


def add_effects(new: Path, table: Path) -> int:
    """Append the rows of ``new`` to ``table``, renew its sidecar with it, return how many.

    Raises
    ------
    UserError
        If the table was edited without a seal, for the first wrong cell of ``new``, or for an
        effect that the table has already. Nothing is written then.
    """
    from analysis.sources.provenance import renewed_sidecar, sidecar_path

    known, rows = checked_rows(table), valid_rows(new)
    _refuse_known(new, rows, {_key(row) for row in known})
    content = _as_csv([*known, *rows])
    why = f"{len(rows)} effects added"
    write_all({table: content, sidecar_path(table): renewed_sidecar(table, content, why)})
    return len(rows)


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in KEY)


def _refuse_known(path: Path, rows: Iterable[Row], known: set[tuple[str, ...]]) -> None:
    for number, row in enumerate(rows, start=2):
        if _key(row) in known:
            value, column = ", ".join(_key(row)), ", ".join(KEY)
            raise UserError(
                "duplicate_row", file=relative(path), row=number, column=column, value=value
            )


def _as_csv(rows: Sequence[Row]) -> bytes:
    """Return the rows as CSV in the order of columns of the first."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8")
