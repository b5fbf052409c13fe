"""The verbs from outside: help, misspelt words, the ledger and its derivations, seals, consoles."""

import os
import re
import subprocess
import sys

import pytest
from conftest import ROOT, Project

from analysis.cli import VERBS
from analysis.files import read_rows

DISPUTES = "data/raw/national_disputes.csv"
GROWTH = "disp-avg-growth"
SUMMARY = {"en": r"^Ledger: \d+ statements", "zh": r"核对.*\d+ 条"}


def one_line(outcome) -> str:
    """Return the one line on stderr of a run that ended as a user's mistake."""
    assert outcome.returncode == 2, (outcome.returncode, outcome.stdout, outcome.stderr)
    assert len(outcome.stderr.splitlines()) == 1, outcome.stderr
    return outcome.stderr


def claim(project, claim_id: str) -> dict[str, str]:
    rows = read_rows(project.path("reports/results/claims.csv"))
    return next(row for row in rows if row["claim_id"] == claim_id)


# --- help and misspelt verbs ------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["help"], []])
def test_help_lists_every_verb(small_once, arguments):
    outcome = small_once.run(*arguments)
    assert outcome.returncode == 0
    listed = re.findall(r"(?m)^  (\w+)  ", outcome.stdout)
    assert listed == list(VERBS)
    assert outcome.stderr == ""


def test_help_is_in_the_users_language(small_once):
    english, chinese = (small_once.run("--help", lang=lang).stdout for lang in ("en", "zh"))
    assert not re.search("[\u4e00-\u9fff]", english)
    assert len(re.findall("(?m)^  \\w+  .*[\u4e00-\u9fff]", chinese)) == len(VERBS)


def test_help_loads_no_heavy_library(small_once):
    outcome = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "analysis", "--help"],
        cwd=small_once.folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    loaded = set(re.findall(r"(?m)\|\s+([\w.]+)$", outcome.stderr))
    assert "analysis.cli" in loaded
    heavy = ("numpy", "pandas", "pandera", "matplotlib", "scipy", "statsmodels", "pytask")
    assert not loaded.intersection(heavy)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_its_options(verb):
    # all of the package, where it lies: nothing is written
    outcome = Project(ROOT).run(verb, "--help")
    assert outcome.returncode == 0, outcome.stderr
    assert f"analysis {verb}" in outcome.stdout
    assert "--lang" in outcome.stdout


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("reprduce", "reproduce"), ("claim", "claims"), ("figure", "figures"), ("sael", "seal")],
)
def test_a_misspelt_verb_is_refused_and_the_nearest_named(small_once, typed, meant):
    sentence = one_line(small_once.run(typed))
    assert typed in sentence
    assert f"did you mean {meant}?" in sentence
    assert meant in one_line(small_once.run(typed, lang="zh"))


# --- claims -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", SUMMARY)
def test_claims_prints_every_claim_and_ends_with_the_summary(small, lang):
    outcome = small.run("claims", "--lang", lang)
    assert outcome.returncode == 0, outcome.stderr
    for row in read_rows(small.path("reports/results/claims.csv")):
        assert f"  {row['claim_id']}: " in outcome.stdout
        assert row[f"statement_{lang}"] in outcome.stdout
    last = outcome.stdout.rstrip().splitlines()[-1]
    assert re.search(SUMMARY[lang], last), last


def test_claims_lists_only_those_with_the_verdict_asked_for(small):
    printed = small.run("claims", "--verdict", "not_checkable").stdout
    for row in read_rows(small.path("reports/results/claims.csv")):
        assert (f"  {row['claim_id']}: " in printed) == (row["verdict"] == "not_checkable")


def test_an_unknown_verdict_is_refused_rather_than_listing_nothing(small):
    outcome = small.run("claims", "--verdict", "nonsense")
    assert outcome.returncode == 2
    assert "nonsense" in outcome.stderr
    assert "not_reproduced" in outcome.stderr


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["Statement:", "Input:", "Recomputed:", "Verdict:", "Other vintage:", "Data:"]),
        ("zh", ["陈述:", "投入:", "复算:", "结论:", "其他版本:", "数据状态:"]),
    ],
)
def test_show_prints_the_steps_from_statement_to_verdict(small, lang, words):
    outcome = small.run("claims", "--show", GROWTH, "--lang", lang)
    assert outcome.returncode == 0, outcome.stderr
    title, *steps = outcome.stdout.splitlines()
    assert title == GROWTH
    numbers = [int(re.match(r"\s*(\d+)\. ", step)[1]) for step in steps]
    assert numbers == list(range(1, len(steps) + 1))
    for word in words:
        assert any(word in step for step in steps), word
    inputs = "\n".join(step for step in steps if words[1] in step)
    for year, value in ((1996, 48121), (1998, 93649), (2007, 350182)):
        assert re.search(rf"{year}.* = {value}\b", inputs)
    assert "[unverified]" in inputs


def test_show_of_an_unknown_claim_names_the_nearest(small):
    sentence = one_line(small.run("claims", "--show", "disp-avg-groth"))
    assert "disp-avg-groth" in sentence
    assert f"did you mean {GROWTH}?" in sentence


def test_the_earlier_value_for_1996_in_the_main_series_makes_the_growth_not_reproduced(small):
    assert claim(small, GROWTH)["verdict"] == "reproduced_under_definition"
    small.replace(DISPUTES, "1996,cases_accepted,48121,", "1996,cases_accepted,47951,")
    assert small.run("seal", DISPUTES).returncode == 0
    outcome = small.run("claims", "--show", GROWTH)
    assert outcome.returncode == 0, outcome.stderr
    assert claim(small, GROWTH)["verdict"] == "not_reproduced"
    assert "Verdict: not reproduced" in outcome.stdout


# --- seal -------------------------------------------------------------------------------------


def test_seal_says_what_it_did_and_a_second_time_that_there_is_nothing_to_do(small):
    small.replace(DISPUTES, "1997,cases_accepted,71524,", "1997,cases_accepted,71525,")
    assert one_line(small.run("status")).startswith(DISPUTES)
    first = small.run("seal", DISPUTES, "--why", "a misprint")
    assert (first.returncode, first.stderr) == (0, "")
    assert f"Sealed {DISPUTES}" in first.stdout
    assert "a misprint" in small.path(f"{DISPUTES}.meta.toml").read_text(encoding="utf-8")
    before = small.snapshot("data/raw")
    # a bare name means the file in data/raw
    second = small.run("seal", "national_disputes.csv")
    assert second.returncode == 0
    assert "Sealed" not in second.stdout
    assert DISPUTES in second.stdout
    assert small.snapshot("data/raw") == before


@pytest.mark.parametrize(
    "file", ["pyproject.toml", "data/processed/provinces.csv", "data/raw/../../start.py"]
)
def test_a_file_outside_data_raw_has_nothing_to_seal(small, file):
    before = small.snapshot("data")
    assert file in one_line(small.run("seal", file))
    assert small.snapshot("data") == before


@pytest.mark.parametrize("file", ["data/raw", "data/raw/nothing.csv", "nothing.csv"])
def test_what_is_no_file_cannot_be_sealed(small_once, file):
    assert file in one_line(small_once.run("seal", file))


# --- consoles ---------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["ascii", "cp936"])
@pytest.mark.parametrize(
    "arguments", [["--help"], ["status"], ["claims"], ["claims", "--show", GROWTH], ["confirm"]]
)
def test_a_console_in_another_encoding_shows_what_it_can(small_once, encoding, arguments):
    outcome = on_console(small_once, encoding, *arguments)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stderr == b""
    shown = outcome.stdout.decode(encoding)
    assert bool(re.search("[\u4e00-\u9fff]", shown)) == (encoding == "cp936")


@pytest.mark.parametrize("encoding", ["ascii", "cp936"])
def test_a_refusal_reaches_a_console_in_another_encoding(small_once, encoding):
    outcome = on_console(small_once, encoding, "reprduce")
    assert outcome.returncode == 2
    assert "reproduce" in outcome.stderr.decode(encoding)
    assert b"Traceback" not in outcome.stderr


def on_console(project, encoding: str, *arguments: str):
    return subprocess.run(
        [sys.executable, "-m", "analysis", *arguments],
        cwd=project.folder,
        capture_output=True,
        env={
            **os.environ,
            "JIELI_LANG": "zh",
            "PYTHONUTF8": "0",
            "PYTHONIOENCODING": encoding,
        },
    )
