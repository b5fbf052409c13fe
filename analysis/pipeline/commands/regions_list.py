"""``regions list``: which regions are in, what they hold, whether the results are up to date."""

import argparse

from analysis.messages import Text, UserError
from analysis.pipeline.commands.regions_building import own_tasks
from analysis.pipeline.commands.regions_remove import region_called
from analysis.pipeline.engine import explain
from analysis.pipeline.plan import all_tasks, swept
from analysis.pipeline.region_store import Region, staged_regions

HELP = "which regions are in / 已加入的地区"
NONE = Text(
    "No region has been added. Add one: regions add FILE; a sheet to fill in: regions template.",
    "尚未加入任何地区。加入：regions add 文件；空白模板：regions template。",
)
LINE = Text(
    "{name} ({kind}): {first}-{last}; figures: {figures}; places: {places}; {variables}\n"
    "    {file}; {source}; licence: {licence}; status: {status}; warnings: {warnings}{corrects}",
    "{name}（{kind}）：{figures} 个数字，{places} 个地区，{first}-{last} 年；{variables}\n"
    "    {file}；{source}；许可：{licence}；状态：{status}；警告 {warnings} 条{corrects}",
)
PUBLIC, PRIVATE = Text("public", "公开"), Text("private", "内部")
CORRECTS = Text("; corrects {name}", "；更正 {name}")
CURRENT = Text("Results are up to date.", "结果均为最新。")
STALE = Text(
    "In, but not yet in the results: {n} of {count} tasks are out of date. make reproduce, or any "
    "regions add or remove, builds them.",
    "地区已加入，但结果尚未更新：{count} 项任务中 {n} 项过期。make reproduce 或 regions add/remove "
    "会重建。",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the name of one region, whose warnings are then printed."""
    parser.add_argument("name", nargs="?", help="print what the checks said of this one")


def run(options: argparse.Namespace) -> int:
    """Print every region, or one with its warnings; say whether the results are up to date."""
    for line in swept():
        print(line.in_language(options.lang))
    regions = [region_called(options.name)] if options.name else staged_regions()
    if not regions:
        print(NONE.in_language(options.lang))
        return 0
    for region in regions:
        print(_line(region, options.lang))
    if options.name:
        print("\n".join(f"  ! {text}" for text in _warnings(regions[0], options.lang)))
    print(_state(options.lang))
    return 0


def _line(region: Region, language: str) -> str:
    from analysis.pipeline.region_store.sidecar import described

    try:
        known = described(region.file)
    except UserError as error:
        return f"{region.name}: {error}"
    found = known.found
    corrects = CORRECTS.in_language(language).format(name=known.supersedes)
    return LINE.in_language(language).format(
        name=region.name, kind=(PRIVATE if region.private else PUBLIC).in_language(language),
        figures=found.get("figures", "?"), places=len(found.get("codes", [])),
        first=found.get("first_year", "?"), last=found.get("last_year", "?"),
        variables=", ".join(map(str, found.get("variables", []))), file=region.file.name,
        source=known.producer, licence=known.licence, status=known.status,
        warnings=len(known.warnings), corrects=corrects if known.supersedes else "",
    )  # fmt: skip


def _warnings(region: Region, language: str) -> list[str]:
    from analysis.pipeline.region_store.sidecar import described

    return [text.in_language(language) for text in described(region.file).warnings]


def _state(language: str) -> str:
    tasks = own_tasks(all_tasks())
    stale = explain(tasks)
    words = STALE if stale else CURRENT
    return words.in_language(language).format(n=len(stale), count=len(tasks))
