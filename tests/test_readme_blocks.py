"""What files decide is not typed a second time: README and CITATION say what the files say."""

import re
import tomllib
from pathlib import Path

import pytest

from analysis.exhibits.readme import BLOCKS, block_text, filled, renewed_citation
from analysis.exhibits.readme.blocks import data_sets, not_verified, randomness, run_time, software
from analysis.exhibits.readme.tables import pipe_table
from analysis.loading import modules_in

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
NAMES = [name.rpartition(".")[2] for name in modules_in(BLOCKS)]


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_says_what_the_files_say(name):
    found = re.search(f"<!-- {name}:begin -->\n(.*?)<!-- {name}:end -->", README, re.DOTALL)
    assert found, f"README.md has no block {name}"
    expected = block_text(f"{BLOCKS}.{name}", ROOT)
    assert found[1].strip("\n") == expected, "run python -m analysis report --readme"


def test_the_citation_says_what_the_project_file_says():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    with (ROOT / "pyproject.toml").open("rb") as stream:
        project = tomllib.load(stream)["project"]
    assert renewed_citation(citation, project) == citation
    other = {**project, "version": "9.9.9"}
    assert "version: 9.9.9" in renewed_citation(citation, other)
    assert "cff-version: 1.2.0" in renewed_citation(citation, other)


def test_only_what_stands_between_the_marks_is_renewed(tmp_path):
    before = "top\n<!-- run_time:begin -->\nold\n<!-- run_time:end -->\nbottom\n"
    after = filled(before, tmp_path)
    assert after.startswith("top\n")
    assert after.endswith("bottom\n")
    assert "Not measured yet" in after
    assert filled(after, tmp_path) == after


def test_a_mark_without_a_block_is_refused(tmp_path):
    with pytest.raises(KeyError, match="nobody"):
        filled("<!-- nobody:begin -->\n<!-- nobody:end -->", tmp_path)


def test_the_verb_renews_and_then_finds_nothing_to_do(fresh):
    for name in ("README.md", "CITATION.cff"):
        fresh.path(name).write_bytes((ROOT / name).read_bytes())
    fresh.replace("CITATION.cff", "license: MIT", "license: none")
    assert "CITATION.cff" in fresh.run("report", "--readme").stdout
    assert "up to date" in fresh.run("report", "--readme").stdout


# --- blocks on rows of their own --------------------------------------------------------------


def test_only_what_is_below_corroborated_is_called_not_verified():
    rows = [
        {
            "table": "t",
            "variable": "a",
            "n": "9",
            "statuses": "corroborated 3; unverified 4; adds_up 2",
        },
        {"table": "t", "variable": "b", "n": "3", "statuses": "verified 3"},
        {"table": "t", "variable": "c", "n": "3", "statuses": ""},
    ]
    text = not_verified.text(rows)
    assert "unverified 4; adds_up 2" in text
    assert "`b`" not in text
    assert "`c`" not in text


def test_versions_are_those_of_the_lock():
    project = {"project": {"requires-python": ">=3.11", "dependencies": ["pandera[pandas]>=0.35"],
                           "optional-dependencies": {"setup": ["flit_core>=3.12"]}}}  # fmt: skip
    text = software.text(
        project, "flit-core==4.2.0 \\\n    --hash=x\npandera==0.35.0 \\\nother==1\n"
    )
    assert "| `pandera` | 0.35.0 | every build |" in text
    assert "| `flit-core` | 4.2.0 | setup |" in text
    assert "1 packages" in text


def test_every_seed_is_listed_once_with_its_draws():
    estimates = [
        {
            "study": "s",
            "estimator": "ols",
            "vcov": "bootstrap",
            "extras": '{"seed": 7, "draws": 99}',
        },
        {
            "study": "s",
            "estimator": "ols",
            "vcov": "bootstrap",
            "extras": '{"seed": 7, "draws": 99}',
        },
        {"study": "s", "estimator": "ols", "vcov": "HC1", "extras": ""},
    ]
    simulated = {
        "a.csv": [{"seed": "1", "replications": "20"}, {"seed": "3", "replications": "20"}]
    }
    lines = randomness.text(estimates, simulated).split("\n")[2:]
    assert lines == [
        "| estimates, s | ols, bootstrap | 7 | 99 |",
        "| simulated, a | simulation | 1 to 3 | 20 |",
    ]


def test_time_is_rounded_and_its_absence_said():
    row = {"seconds": "119.2", "peak_mib": "1536", "machine": "m", "verified_on": "d"}
    assert "took 2 minutes, 1.5 GiB of memory (m; d)" in run_time.text([row])
    assert "took 1 minute (" in run_time.text([{**row, "seconds": "12", "peak_mib": ""}])
    assert "Not measured" in run_time.text([])


def test_a_sidecar_is_a_row_and_bars_do_not_break_the_table():
    sidecar = dict.fromkeys(("producer", "title", "licence", "accessed"), "x | y")
    assert "| `data/raw/a.csv` | x \\| y |" in data_sets.text({"a.csv.meta.toml": sidecar}, {})
    assert pipe_table(["h"], [["two\nlines"]]).endswith("| two lines |")
