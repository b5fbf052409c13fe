"""``regions remove NAME``: take a region out and rebuild what rested on it."""

import argparse

from analysis.messages import Text, UserError
from analysis.paths import relative
from analysis.pipeline.changes import build_telling_changes, snapshot
from analysis.pipeline.commands.regions_building import one_at_a_time, results_and_report, touched
from analysis.pipeline.commands.regions_report import PAGES, PRIVATE_PAGES
from analysis.pipeline.plan import all_tasks
from analysis.pipeline.region_store import Region, staged_regions, withdraw
from analysis.pipeline.region_store.naming import nearest_of
from analysis.pipeline.rehearsal import rehearse

HELP = "take a region out, rebuild what rested on it / 移除地区"
REMOVED = Text("{name} is out.", "已移除 {name}。")
PAGES_GONE = Text(
    "Deleted its pages: {names} (regions report CODE writes one anew).",
    "已删除其报告页：{names}（可用 regions report 代码 重新生成）。",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the region's name."""
    parser.add_argument("name", help="as regions list prints it")
    parser.add_argument("--dry-run", action="store_true", help="show all, write nothing")


def run(options: argparse.Namespace) -> int:
    """Take the region and its pages out; say what changed."""
    if options.dry_run:
        return rehearse(["regions", "remove", options.name, "--lang", options.lang], options.lang)
    with one_at_a_time(options.lang):
        region = region_called(options.name)
        before = snapshot(all_tasks())
        # pages first: what is left when this is cut short can be made again, and hides nothing
        if gone := _delete_pages(region):
            print(PAGES_GONE.in_language(options.lang).format(names=", ".join(gone)))
        withdraw(region)
        print(REMOVED.in_language(options.lang).format(name=region.name), flush=True)
        return build_telling_changes(before, touched, results_and_report, options.lang)


def region_called(name: str) -> Region:
    """Return the staged region of that name.

    Raises
    ------
    UserError
        If none is called so; the nearest name is told, never taken.
    """
    regions = {region.name: region for region in staged_regions()}
    if name not in regions:
        raise UserError("region_unknown", value=name, nearest=nearest_of(name, regions))
    return regions[name]


def _delete_pages(region: Region) -> list[str]:
    """Delete the pages of the region's places; return their names."""
    codes, folders = _codes_of(region), (PAGES, PRIVATE_PAGES)
    pages = [path for code in codes for folder in folders for path in folder.glob(f"{code}_*")]
    for path in pages:
        path.unlink()
    for folder in (*folders, PAGES.parent):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return sorted(relative(path) for path in pages)


def _codes_of(region: Region) -> list[str]:
    """Return the codes of a region's places as its sidecar lists them; none where it is damaged."""
    from analysis.pipeline.region_store.sidecar import described

    try:
        found = described(region.file).found
    except UserError:
        # what cannot be read can still be taken out
        return []
    # a sidecar can be edited: nothing but digits goes into a file's name
    return [str(code) for code in found.get("codes", []) if str(code).isdecimal()]
