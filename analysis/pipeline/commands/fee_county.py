"""A county's own file to its tables and figures, in both languages, with one command."""

import argparse
import logging
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from analysis.exhibits.figures import fee_attainment, fee_identified_set, fee_waterfall
from analysis.exhibits.tables import fee_caps, fee_split
from analysis.files import write_all
from analysis.institutions.fee_chain.words import titled
from analysis.messages import Text
from analysis.paths import REPORTS, relative
from analysis.status import LABELS

if TYPE_CHECKING:
    import pandas as pd

    from analysis.institutions.fee_chain.county import County

MODULES: dict[str, ModuleType] = {
    "fee_split": fee_split,
    "fee_caps": fee_caps,
    "fee_waterfall": fee_waterfall,
    "fee_attainment": fee_attainment,
    "fee_identified_set": fee_identified_set,
}
SOURCE = Text(
    "Rule {id}: {source} ({status}). Figures: {file}.",
    "规则 {id}：{source}（{status}）。数据：{file}。",
)
WRITTEN = Text("Written: {files} files in {folder}", "已写入 {files} 个文件：{folder}")
LEFT_OUT = Text(
    "Left out, for want of figures in [county]: {names}", "因 [county] 缺少数据而未生成：{names}"
)


def run(options: argparse.Namespace) -> int:
    """Compute everything, then write everything; a mistake in the file writes nothing."""
    from analysis.institutions.fee_chain.county import read_county
    from analysis.institutions.fee_chain.tables import county_tables

    # a Chinese font without a bold cut is no news to somebody who asked for a county's figures
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    county = read_county(options.rules, options.exact)
    tables = county_tables(county)
    folder = options.out or REPORTS / "local" / "fees" / options.rules.stem
    contents: dict[Path, bytes] = {}
    for name, rows in tables.items():
        contents |= _files(name, rows, county, options.rules, folder.absolute())
    write_all(contents)
    left_out = [name for name in MODULES if name not in tables]
    if left_out:
        print(LEFT_OUT.in_language(options.lang).format(names=", ".join(left_out)))
    print(WRITTEN.in_language(options.lang).format(files=len(contents), folder=relative(folder)))
    return 0


def _files(
    name: str, rows: "pd.DataFrame", county: "County", file: Path, folder: Path
) -> dict[Path, bytes]:
    """Return an exhibit's files in both languages, and the rows that it shows."""
    from analysis.exhibits.drawing import draw_all, footer_of
    from analysis.exhibits.formats import print_all
    from analysis.tabular import as_bytes

    exhibit: Any = _own(MODULES[name], county, file)
    if hasattr(exhibit, "draw"):
        files, place = draw_all(exhibit, rows), "figures"
    else:
        footer = {language: footer_of(exhibit, rows, language) for language in ("en", "zh")}
        records = exhibit.rows(rows).to_dict("records")
        files, place = print_all(exhibit.ABOUT, exhibit.COLUMNS, records, footer), "tables"
    named = {
        folder / place / f"{name}_{key.replace('_', '.')}": content
        for key, content in files.items()
    }
    return {**named, folder / "results" / f"{name}.csv": as_bytes(rows)}


def _own(module: ModuleType, county: "County", file: Path) -> SimpleNamespace:
    """Return the exhibit with the county's name in its title and its rule in the note."""
    rule = county.rule
    source = Text(*(
        SOURCE.in_language(language).format(
            id=rule.id, source=rule.source, status=LABELS[rule.status].in_language(language),
            file=file.name,
        )
        for language in ("en", "zh")
    ))  # fmt: skip
    note = Text(f"{module.NOTE.en} {source.en}", f"{module.NOTE.zh}{source.zh}")
    about = replace(module.ABOUT, title=titled(county.name, module.SUBJECT), note=note)
    return SimpleNamespace(**{**vars(module), "ABOUT": about})
