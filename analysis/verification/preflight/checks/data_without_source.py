"""Data of which nobody can say where they come from, or whether they may be passed on."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from analysis.messages import Text, UserError
from analysis.sources.provenance import SUFFIX, check_file
from analysis.verification.preflight.finding import Finding, said
from analysis.verification.preflight.tree import Tree

ABOUT = Text("data without sidecar or licence", "缺少来源说明或许可的数据")
REFUSED = Text("{error}", "{error}")
OUTSIDE = Text("data outside data/raw", "data/raw 之外的数据文件")
DATA = (".csv", ".tsv", ".dta", ".sav", ".xlsx", ".xls", ".parquet", ".rds", ".zip", ".json")
# results, what tests read and the codebook are no data that somebody gave us
ELSEWHERE = ("reports", "tests", "data/processed")


def find(tree: Tree) -> Iterator[Finding]:
    """Yield raw files that are not as a sidecar says, and data in places that have none."""
    for name in tree.files:
        path = PurePosixPath(name)
        if path.is_relative_to("data/raw"):
            # a region's file may be of any format
            yield from () if name.endswith(SUFFIX) else _checked(tree, name)
        elif path.suffix in DATA and not any(path.is_relative_to(place) for place in ELSEWHERE):
            yield Finding(name, OUTSIDE)


def _checked(tree: Tree, name: str) -> Iterator[Finding]:
    try:
        check_file(tree.root / name)
    except UserError as error:
        yield Finding(name, said(REFUSED, error=error))
