"""The README is true: what it names is there, and what is there it names."""

import csv
import re
from pathlib import Path

import pytest

from analysis.cli import VERBS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_exhibit_is_listed_with_its_program_and_rows():
    for kind in ("figures", "tables"):
        for path in (ROOT / "analysis" / "exhibits" / kind).glob("[a-z]*.py"):
            assert f"reports/{kind}/{path.stem}_*" in README
            assert f"analysis/exhibits/{kind}/{path.name}" in README
            assert f"reports/results/plotted/{path.stem}.csv" in README


def test_every_verb_is_listed():
    for verb in VERBS:
        assert re.search(rf"`{verb}[ `]", README), verb


def test_every_path_it_names_exists():
    built = ("data/processed/*", "reports/", "data/raw/surveys/", "data/raw/regions/")
    for name in re.findall(r"`((?:analysis|data|reports|tests)/[\w./*-]+)`", README):
        if not name.startswith(built) and "*" not in name:
            assert (ROOT / name).exists(), name


def test_its_numbers_of_figures_and_statements_are_those_of_the_files():
    def rows(name):
        with (ROOT / "data" / "raw" / name).open(encoding="utf-8", newline="") as stream:
            return len(list(csv.DictReader(stream)))

    figures = rows("national_disputes.csv") + rows("national_denominators.csv") - 1
    assert f"{figures} published figures" in README
    assert f"{rows('article_claims.csv')} statements" in README
    assert f"{rows('policy_dates.csv')} dated events" in README
    exhibits = ROOT / "analysis" / "exhibits"
    count = {kind: len(list((exhibits / kind).glob("[a-z]*.py"))) for kind in ("figures", "tables")}
    assert f"{count['figures']} figures and {count['tables']} tables" in README


def test_every_raw_file_is_described():
    for path in (ROOT / "data" / "raw").glob("*.csv"):
        assert f"data/raw/{path.name}" in README


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "CITATION.cff", "pyproject.toml"])
def test_the_version_is_the_same_everywhere(name):
    from analysis import __version__

    assert __version__ in (ROOT / name).read_text(encoding="utf-8")
