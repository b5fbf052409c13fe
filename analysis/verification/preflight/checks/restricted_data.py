"""Restricted microdata, or anything that stands for single persons or firms, in what ships."""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from analysis.comparing import ESTIMATES
from analysis.messages import Text
from analysis.verification.preflight.finding import Finding, said
from analysis.verification.preflight.tables import tables
from analysis.verification.preflight.tree import Tree

ABOUT = Text("restricted data and rows of persons", "受限数据与个体层面的行")
NAMED = Text("is named like a file of {survey}", "文件名与 {survey} 的数据文件相同")
COPY = Text("is a copy of a file in data/raw/surveys", "是 data/raw/surveys 中文件的副本")
PERSONS = Text(
    "column {column} tells single persons, households or firms apart",
    "{column} 列可区分单个个人、家庭或企业",
)
COMPUTED = Text(
    "holds results of {study}, which is computed from {survey}",
    "含有 {study} 的结果，而该研究使用 {survey}",
)
MAPS, SURVEYS = "analysis/sources/surveys/maps", "data/raw/surveys"
IDS = ("person_id", "household_id", "firm_id")


def find(tree: Tree) -> Iterator[Finding]:
    """Yield survey files and their copies, tables of single persons, and survey results."""
    maps = [_toml(tree, name) for name in tree.below(MAPS, ".toml")]
    yield from _survey_files(tree, maps)
    yield from _copies(tree)
    ids, studies = _identifiers(maps), _studies(tree, maps)
    for table in tables(tree):
        for column in sorted({name.lower() for name in table.header} & ids):
            yield Finding(table.name, said(PERSONS, column=column))
        # other tables name studies too: those of the literature
        studied = table.column("study") if set(ESTIMATES) <= set(table.header) else []
        for study in sorted(set(studied) & studies.keys()):
            yield Finding(table.name, said(COMPUTED, study=study, survey=studies[study]))


def _survey_files(tree: Tree, maps: list[dict]) -> Iterator[Finding]:
    for about in (one["survey"] for one in maps if one):
        pattern = re.compile(about["files"], re.IGNORECASE)
        for name in tree.files:
            if pattern.match(PurePosixPath(name).name):
                yield Finding(name, said(NAMED, survey=about["name"]))


def _copies(tree: Tree) -> Iterator[Finding]:
    """Compare with the user's survey files, where there are any, first by size."""
    paths = [path for path in (tree.root / SURVEYS).rglob("*") if path.is_file()]
    sizes = {path.stat().st_size for path in paths}
    suspects = [name for name in tree.files if len(tree.content(name)) in sizes - {0}]
    if suspects:
        theirs = {_sha256(path) for path in paths}
        for name in suspects:
            if hashlib.sha256(tree.content(name)).digest() in theirs:
                yield Finding(name, COPY)


def _sha256(path: Path) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(partial(stream.read, 1 << 20), b""):
            digest.update(block)
    return digest.digest()


def _toml(tree: Tree, name: str) -> dict:
    """Return a TOML file's content; one that cannot be read is the build's to refuse."""
    try:
        return tomllib.loads(tree.text(name))
    except tomllib.TOMLDecodeError:
        return {}


def _identifiers(maps: list[dict]) -> set[str]:
    """Return the columns that tell persons, households and firms apart, in maps and raw files.

    A bare ``id`` numbers the rows of any table.
    """
    fields = [
        wave.get(name, {}) for one in maps for wave in one.get("wave", {}).values() for name in IDS
    ]
    return {*IDS, *(f["variable"].lower() for f in fields if "variable" in f)} - {"id"}


def _studies(tree: Tree, maps: list[dict]) -> dict[str, str]:
    """Return the survey of each study file that names one as its data."""
    surveys = {one["survey"]["name"].lower() for one in maps if one}
    found = {}
    for name in tree.below("analysis", ".toml"):
        study = _toml(tree, name).get("study", {})
        if isinstance(study, dict) and str(study.get("data", "")).lower() in surveys:
            found[study["id"]] = study["data"]
    return found
