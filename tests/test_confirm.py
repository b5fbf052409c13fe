"""Confirmations from outside: the list of what to read, and what one reading changes."""

import re

import pytest

from analysis.files import read_rows

WRITTEN = ("data", "reports")
CONFIRMATIONS = "data/raw/national_disputes.confirmations.csv"
EVIDENCE = {"--source": "China Labour Statistical Yearbook", "--by": "A tester"}
FIGURE = {"--year": "1997", "--variable": "cases_accepted", "--value": "71524", **EVIDENCE}
UNVERIFIED = {1997: 71524, 1998: 93649, 2002: 184116, 2003: 226391}
ENTRY = re.compile(r"(?m)^  (\d+)  (\d{4}) (\w+) = ([\d,.]+) \[(\w+)\]\n     (.+)$")


def confirm(project, options: dict[str, str], lang: str = "en"):
    words = [word for pair in options.items() for word in pair]
    return project.run("confirm", *words, lang=lang)


def refused(project, options: dict[str, str]) -> str:
    """Confirm what must be refused; return the one line on stderr."""
    before = project.snapshot(*WRITTEN)
    outcome = confirm(project, options)
    assert outcome.returncode == 2, (outcome.returncode, outcome.stdout, outcome.stderr)
    assert "Traceback" not in outcome.stderr
    assert project.snapshot(*WRITTEN) == before
    assert len(outcome.stderr.splitlines()) == 1, outcome.stderr
    return outcome.stderr


# --- the list ---------------------------------------------------------------------------------


def test_the_list_names_each_unverified_figure_and_the_yearbook_of_the_year_after(small):
    outcome = small.run("confirm", "--all")
    assert outcome.returncode == 0, outcome.stderr
    entries = ENTRY.findall(outcome.stdout)
    listed = {(year, variable): value for _, year, variable, value, _, _ in entries}
    expected = {
        (row["year"], row["variable"])
        for table in ("national_disputes", "national_denominators")
        for row in read_rows(small.path(f"data/processed/{table}.csv"))
        if row["in_use"] == "true" and row["status"] != "verified"
    }
    assert set(listed) == expected
    assert listed["1998", "cases_accepted"] == "93,649"
    for _, year, _, _, status, place in entries:
        assert f"Yearbook {int(year) + 1}" in place
        assert status != "verified"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_list_puts_the_figures_that_flip_most_verdicts_first(small_once, lang):
    outcome = small_once.run("confirm", lang=lang)
    assert outcome.returncode == 0, outcome.stderr
    counts = [int(entry[0]) for entry in ENTRY.findall(outcome.stdout)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 0
    assert {"en": "Yearbook 2008", "zh": "年鉴 2008"}[lang] in outcome.stdout


def test_the_flips_listed_are_those_of_the_results(small_once):
    flips = [
        row["input"]
        for row in read_rows(small_once.path("reports/results/flip_distances.csv"))
        if row["flip"]
    ]
    for count, year, variable, *_ in ENTRY.findall(small_once.run("confirm", "--all").stdout):
        assert int(count) == flips.count(f"{variable} {year}")


def test_the_short_list_says_how_many_more_there_are(small_once):
    short, whole = (small_once.run("confirm", *more).stdout for more in ([], ["--all"]))
    shown, every = len(ENTRY.findall(short)), len(ENTRY.findall(whole))
    assert 0 < shown < every
    assert str(every - shown) in short.splitlines()[-1]


# --- refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize("left_out", [["--value"], ["--source", "--by"], ["--year", "--variable"]])
def test_a_confirmation_without_its_evidence_is_refused_by_what_is_missing(small, left_out):
    options = {key: value for key, value in FIGURE.items() if key not in left_out}
    missing = refused(small, options).rpartition("missing")[2]
    assert re.findall(r"--\w+", missing) == [key for key in FIGURE if key in left_out]


def test_an_unknown_variable_is_refused_and_the_nearest_named(small):
    sentence = refused(small, {**FIGURE, "--variable": "cases_acepted"})
    assert "cases_acepted" in sentence
    assert "did you mean cases_accepted?" in sentence


def test_a_year_without_a_figure_is_refused_and_the_years_that_have_one_named(small):
    sentence = refused(small, {**FIGURE, "--year": "1992"})
    assert "1992" in sentence
    assert "1991, 1994" in sentence


def test_the_earlier_vintage_is_refused_with_the_years_or_the_variable_to_name(small):
    options = {"--year": "1996", "--variable": "cases_accepted_earlier_vintage"}
    sentence = refused(small, {**FIGURE, **options, "--value": "47951"})
    assert re.search(r"did you mean cases_accepted\?|expected one of 1996", sentence), sentence


@pytest.mark.parametrize("value", ["-5", "0", "71524.5", "1e12", "nan", "inf"])
def test_a_value_that_no_figure_can_have_is_refused(small, value):
    sentence = refused(small, {**FIGURE, "--value": value})
    assert "--value" in sentence


@pytest.mark.parametrize("option", ["--source", "--by"])
@pytest.mark.parametrize("nothing", ["", "  "])
def test_blank_evidence_is_refused_as_missing(small, option, nothing):
    assert option in refused(small, {**FIGURE, option: nothing})


def test_a_confirmation_is_refused_while_the_raw_file_is_not_the_one_described(small):
    small.replace(
        "data/raw/national_disputes.csv", "1991,cases_accepted,7633", "1991,cases_accepted,1"
    )
    assert "national_disputes.csv" in refused(small, FIGURE)


# --- one confirmation and its consequences ----------------------------------------------------


def growth(project) -> dict[str, str]:
    rows = read_rows(project.path("reports/results/claims.csv"))
    return next(row for row in rows if row["claim_id"] == "disp-avg-growth")


@pytest.mark.slow
def test_reading_the_four_unverified_figures_settles_the_growth_rate(small):
    raw = small.path("data/raw/national_disputes.csv").read_bytes()
    assert growth(small)["provisional"] == "true"
    printed = []
    for year, value in UNVERIFIED.items():
        assert growth(small)["provisional"] == "true"
        outcome = confirm(small, {**FIGURE, "--year": str(year), "--value": str(value)})
        assert outcome.returncode == 0, outcome.stderr
        assert CONFIRMATIONS in outcome.stdout
        printed.append(outcome.stdout)

    settled = growth(small)
    assert settled["provisional"] == "false"
    assert settled["verdict"] == "reproduced_under_definition"
    assert not any("disp-avg-growth:" in text for text in printed[:-1])
    assert re.search(r"disp-avg-growth: .*provisional.* -> (?!.*provisional)", printed[-1])
    assert small.path("data/raw/national_disputes.csv").read_bytes() == raw
    rows = read_rows(small.path(CONFIRMATIONS))
    assert {int(row["year"]): float(row["value"]) for row in rows} == UNVERIFIED
    assert {row["confirmed_by"] for row in rows} == {"A tester"}
    assert not {str(year) for year in UNVERIFIED} & {
        year
        for _, year, variable, *_ in ENTRY.findall(small.run("confirm", "--all").stdout)
        if variable == "cases_accepted"
    }


def test_reading_another_value_for_1996_changes_the_verdict_and_says_so_in_chinese(small):
    options = {**FIGURE, "--year": "1996", "--value": "47951", "--page": "412"}
    outcome = confirm(small, options, lang="zh")
    assert outcome.returncode == 0, outcome.stderr
    assert growth(small)["verdict"] == "not_reproduced"
    assert re.search(r"disp-avg-growth: .*相符.* -> 不符", outcome.stdout), outcome.stdout
    assert read_rows(small.path(CONFIRMATIONS))[0]["page"] == "412"


def test_evidence_in_any_script_and_with_commas_and_quotes_is_kept(small):
    evidence = {"--source": '《中国劳动统计年鉴 1998》, "table 9-1"', "--by": "王, 某"}
    outcome = confirm(small, {**FIGURE, **evidence})
    assert outcome.returncode == 0, outcome.stderr
    row = read_rows(small.path(CONFIRMATIONS))[0]
    assert (row["source"], row["confirmed_by"]) == tuple(evidence.values())
    figure = next(
        row
        for row in read_rows(small.path("data/processed/national_disputes.csv"))
        if (row["year"], row["variable"]) == ("1997", "cases_accepted")
    )
    assert figure["status"] == "verified"
    assert all(words in figure["source"] for words in evidence.values())
