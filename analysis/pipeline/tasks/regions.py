"""Staged regions to data/processed: each file read again with its sidecar's answers, then joined.

region_NAME.csv is one file's figures as printed; regions.csv holds those of the public files and
regions_private.csv those of all, each with the figure in use where files print one twice.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from analysis.messages import Text
from analysis.paths import PROCESSED, RAW, ROOT, relative
from analysis.pipeline.region_store import Region, alone, clear_leftovers, staged_regions
from analysis.pipeline.task import Arguments, Contents, Inputs, Task

if TYPE_CHECKING:
    import pandas as pd

PUBLIC, ALL = PROCESSED / "regions.csv", PROCESSED / "regions_private.csv"
COLUMNS = ["code", "year", "variable", "value", "unit", "missing_kind", "status", "source",
           "private", "name", "region", "added", "supersedes", "cell"]  # fmt: skip
LONGEST_SOURCE = 300
TEXTS = [name for name in COLUMNS if name not in ("year", "value", "private")]
# what the reading of a file rests on beside its code
READING = ROOT / "analysis" / "sources" / "regions"
VARIABLES = READING / "variables.toml"
KNOWN = (RAW / "provinces.csv", *sorted(READING.glob("*.toml")))


def tasks() -> list[Task]:
    """Return a task a staged region and one that joins them; none without a region."""
    regions = staged_regions()
    each = [_region_task(region) for region in regions]
    joining = []
    if any(not region.private for region in regions):
        joining.append(_joining("regions", PUBLIC, [r for r in regions if not r.private]))
    if any(region.private for region in regions):
        joining.append(_joining("private regions", ALL, regions))
    return each + joining


def table_of(region: Region) -> Path:
    """Return where one region's figures are written."""
    return PROCESSED / f"region_{region.name}.csv"


def _region_task(region: Region) -> Task:
    return Task(
        name=f"region {region.name}",
        group="data",
        run=read_staged,
        code=(__name__,),
        inputs={relative(path): path for path in (*region.files, *KNOWN)},
        products={"figures": table_of(region)},
        arguments={
            "name": region.name,
            "private": region.private,
            "files": [path.name for path in region.files],
        },
    )


def _joining(name: str, product: Path, regions: list[Region]) -> Task:
    return Task(
        name=name,
        group="data",
        run=joined,
        code=(__name__,),
        inputs={region.name: table_of(region) for region in regions},
        products={"regions": product},
        # an input that is gone is no change to the engine; a shorter list is
        arguments={"regions": [region.name for region in regions]},
    )


def sweep() -> list[Text]:
    """Clear what killed commands left of regions, and the tables of regions no longer staged."""
    with alone() as free:
        if not free:
            # a region is being added or removed this moment
            return []
        said = clear_leftovers()
        kept = {path for task in tasks() for path in task.products.values()}
        for path in (*PROCESSED.glob("region_*.csv"), PUBLIC, ALL):
            if path not in kept and path.exists():
                path.unlink()
        return said


# --- work -------------------------------------------------------------------------------------


def read_staged(inputs: Inputs, arguments: Arguments) -> Contents:
    """Read one staged file again; return its figures (columns ``COLUMNS``)."""
    from analysis.pipeline.region_store.sidecar import described
    from analysis.sources.regions import Answers, understand

    region = Region(str(arguments["name"]), bool(arguments["private"]))
    file = region.file
    description = described(file)
    understood = understand(file, Answers.from_table(dict(description.reading)))
    rows = figures_of(understood.frame(), description.status, description.producer)
    origin = {"region": region.name, "private": region.private, "added": description.added,
              "supersedes": description.supersedes}  # fmt: skip
    return {"figures": written(_as_text(rows.assign(**origin)[COLUMNS]))}


def _as_text(rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return rows whose names and sources, a user's words, are text in any spreadsheet too."""
    from analysis.disputes.regional import plain

    sources = {text: plain(text, LONGEST_SOURCE) for text in rows["source"].unique()}
    return rows.assign(name=rows["name"].map(plain), source=rows["source"].map(sources))


def figures_of(frame: "pd.DataFrame", status: str, source: str) -> "pd.DataFrame":
    """Return an understood file's figures, one a cell, each with a status and a source.

    ``frame``: ``Understanding.frame()``; its status and source are empty where the file has none. A
    figure printed twice alike is one figure.
    """
    stated = {"status": status, "source": source}
    frame = frame.assign(**{name: frame[name].replace("", word) for name, word in stated.items()})
    return frame.drop_duplicates(["code", "year", "variable"], ignore_index=True)


def joined(inputs: Inputs, arguments: Arguments) -> Contents:
    """Join regions' figures; say which is in use where there are several of one cell."""
    import pandas as pd

    from analysis.disputes.regional import with_use

    parts = [read_region(path) for path in inputs.values()]
    rows = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    order = ["variable", "code", "year", "added"]
    return {"regions": written(with_use(rows).sort_values(order, kind="stable"))}


def written(rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return rows whose values are texts that read back to the same numbers, whatever their size.

    A table's usual six decimals would make 0.01 person of a figure in 10,000 persons.
    """
    exact = [repr(value).removesuffix(".0") if value == value else "" for value in rows["value"]]
    return rows.assign(value=exact)


def read_region(path: Path) -> "pd.DataFrame":
    """Return one region's figures; codes and texts stay what they are."""
    import pandas as pd

    types = {**dict.fromkeys(TEXTS, "str"), "value": "float64"}
    frame = pd.read_csv(path, keep_default_na=False, na_values=[""], dtype=types)
    return frame.assign(**{name: frame[name].fillna("") for name in TEXTS})
