"""``regions add FILE``: say what it holds, check it, put it in, rebuild what rests on it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.messages import Text, UserError
from analysis.paths import relative
from analysis.pipeline.changes import build_telling_changes, snapshot
from analysis.pipeline.commands.regions_building import (
    build_tables,
    one_at_a_time,
    results,
    touched,
)
from analysis.pipeline.commands.regions_checked import Known, checked, known_before
from analysis.pipeline.commands.regions_entering import Newcomer, enter, left_by, staged_as
from analysis.pipeline.commands.regions_said import Said, add_options, said_of, typed_again
from analysis.pipeline.commands.regions_understood import finding_lines, understood_lines
from analysis.pipeline.plan import all_tasks
from analysis.pipeline.region_store import Region, staged_regions
from analysis.pipeline.rehearsal import rehearse

if TYPE_CHECKING:
    import pandas as pd

    from analysis.sources.regions import Understanding

HELP = "put a file of your region in, rebuild what rests on it / 加入地区数据"
READING = Text("Reading {file} ...", "正在读取 {file}……")
SAME = Text(
    "{file} is in already, as {name}: nothing was added. To read it with other answers, remove "
    "{name} first.",
    "{file} 已加入，名称为 {name}：未重复加入。如需换一种读法，请先移除 {name}。",
)
IN = Text("{name} is in: {folder} ({kind}).", "{name} 已加入：{folder}（{kind}）。")
PUBLIC = Text("public: yours to commit", "公开：可提交到仓库")
PRIVATE = Text(
    "private: ignored by git, in no package; a --licence makes a file public",
    "内部：git 忽略，不进任何数据包；给出 --licence 即为公开",
)
CORRECTS = Text(
    "It corrects {older}: both are kept and this one is in use; figures of {older} that it does "
    "not print stay in use: {left}.",
    "它更正 {older}：两者并存，采用本文件；{older} 中本文件未列出的 {left} 个数字继续采用。",
)
STALE = Text(
    "{name} is in, but not all results are rebuilt: see above, then make reproduce.",
    "{name} 已加入，但结果未全部重建：请先处理上述问题，再运行 make reproduce。",
)
NEXT = Text(
    "Its page: regions report {code}. Out again: regions remove {name}.",
    "报告页：regions report {code}。移除：regions remove {name}。",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the file, what is known of it, and answers to what it does not say."""
    parser.add_argument("file", type=Path, help=".csv .xlsx .xls .htm .parquet")
    parser.add_argument("--dry-run", action="store_true", help="show all, write nothing")
    add_options(parser)


def run(options: argparse.Namespace) -> int:
    """Add the file, or show in a throwaway copy what adding it would do."""
    file = options.file.absolute()
    if options.dry_run:
        words = ["regions", "add", str(file), *typed_again(options), "--lang", options.lang]
        return rehearse(words, options.lang)
    with one_at_a_time(options.lang):
        build_tables()
        before = snapshot(all_tasks())
        if same := staged_as(file):
            print(SAME.in_language(options.lang).format(file=file.name, name=same.name))
            return build_telling_changes(before, touched, results, options.lang)
        new = _newcomer(file, said_of(options, file), options.lang)
        region = _entered(new, options.lang)
        code = build_telling_changes(before, touched, results, options.lang)
    last = STALE if code else NEXT
    print(last.in_language(options.lang).format(name=region.name, code=new.frame["code"].iloc[0]))
    return code


def _newcomer(file: Path, said: Said, language: str) -> Newcomer:
    """Read and check the file, everything told.

    Raises
    ------
    UserError
        If it cannot be read, or a check finds an error.
    """
    from analysis.sources.regions import understand

    known = known_before(private=said.private)
    print(READING.in_language(language).format(file=relative(file)), flush=True)
    found = understand(file, said.reading)
    frame = found.frame()
    _show(found, frame, known, language)
    findings = checked(frame, found.totals, known)
    print("\n".join(finding_lines(findings, language)), flush=True)
    if wrong := [finding for finding in findings if finding.error]:
        raise UserError("region_errors", file=relative(file), count=len(wrong))
    warnings = [*found.warnings, *(finding.words for finding in findings)]
    return Newcomer(file, file.read_bytes(), said, found, frame, known.names(frame), warnings)


def _show(found: "Understanding", frame: "pd.DataFrame", known: Known, language: str) -> None:
    from analysis.sources.regions import VARIABLES

    labels = {name: variable.label for name, variable in VARIABLES.items()}
    print("\n".join(understood_lines(found, known.names(frame), labels, language)))


def _entered(new: Newcomer, language: str) -> Region:
    """Put the file in; say where it is and what it corrects."""
    older = {region.name: region for region in staged_regions()}
    region, description = enter(new)
    kind = (PRIVATE if region.private else PUBLIC).in_language(language)
    print(IN.in_language(language).format(
        name=region.name, folder=relative(region.folder), kind=kind))  # fmt: skip
    if description.supersedes:
        _, left = left_by(new.frame, older[description.supersedes])
        print(CORRECTS.in_language(language).format(older=description.supersedes, left=left))
    return region
