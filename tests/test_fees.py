"""``fees`` as a user types it: the calculator, a county's own file, bunching, refusals."""

import json
import re
from types import SimpleNamespace

import pytest
from conftest import ROOT, copy_project

from analysis.cli import main
from analysis.institutions.fee_chain.county import read_county
from analysis.institutions.fee_chain.tables import county_tables
from analysis.pipeline.commands.fee_answer import _outward

X = ("fees", "--staff", "2600", "--wage", "60000")
COUNTY = """
[county]
name_en = "Our county"
name_zh = "本县"
year = 2024
until = 2024-09-30
staff = 3100
wage_yuan = 84000
base = "minimum_wage"
minimum_wage_yuan_month = 1900
exempt_share = 0.15
quota = 0.9
target_10k = 520
tax_10k = 410
budget_10k = 95
total_10k = 530
handling_fee_10k = 36
retained_if_all_paid_10k = { value = 1200, low = 900, high = 1600 }
status = "verified_secondary"

[[rule]]
id = "ours-2022"
place_en = "Our county"
place_zh = "本县"
valid_from = 2022-01-01
source = "provincial notice"
status = "verified"
levy_percent = 2.0
collection = "proportional"

[rule.shares_percent]
grassroots = 60.0
county = 20.0
prefecture = 5.0
province = 10.0
national = 5.0

[rule.handling_fee_cap_percent]
full = 5.0
proportional = 8.0
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy in which nothing was built: this verb needs no build."""
    return copy_project(ROOT, tmp_path_factory.mktemp("fees") / "项目 copy")


@pytest.fixture
def county(tmp_path):
    path = tmp_path / "my_county.toml"
    path.write_text(COUNTY, encoding="utf-8")
    return path


@pytest.fixture
def here(monkeypatch, capsys):
    """Run the verb in this process: (exit code, stdout, stderr); nothing is written by default."""

    def run(*arguments, lang="en"):
        monkeypatch.setenv("JIELI_LANG", lang)
        code = main([*arguments])
        return SimpleNamespace(returncode=code, **capsys.readouterr()._asdict())

    return run


def one_line(outcome) -> str:
    assert outcome.returncode == 2, (outcome.returncode, outcome.out, outcome.err)
    assert len(outcome.err.splitlines()) == 1, outcome.err
    assert outcome.out == ""
    return outcome.err


def line_of(text: str, label: str) -> str:
    return next(line for line in text.splitlines() if line.strip().startswith(label))


# --- the calculator -----------------------------------------------------------------------------


def test_the_articles_organs_are_reproduced_with_their_rounding(project):
    outcome = project.run(*X)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    for label, ten_thousands in (
        ("Due (2 %)", "312.0"), ("grassroots", "187.2"), ("Due upward", "124.8"),
        ("county", "78.0"), ("provincial", "31.2"), ("national", "15.6"),
    ):  # fmt: skip
        assert re.search(rf" {ten_thousands}\b", line_of(outcome.stdout, label)), label
    assert line_of(outcome.stdout, "Due upward").endswith("124.8   112 to 138")
    assert "1,248,000" in line_of(outcome.stdout, "Due upward")
    assert "x-county-2015" in outcome.stdout
    assert "status: the article's own input" in outcome.stdout
    assert "source: Wu Jianping 2017" in outcome.stdout


def test_exact_gives_no_ranges(here):
    text = here(*X, "--exact").out
    assert line_of(text, "Due upward").endswith("124.8")
    assert not re.search(r"\d to \d", text)


def test_the_answer_is_in_chinese_too(here):
    text = here(*X, "--lang", "zh").out
    assert line_of(text, "应上解").endswith("124.8   112 至 138")
    assert "规则：X县（x-county-2015）" in text
    assert "文章自身的数字" in text


def test_json_holds_the_same_numbers(here):
    found = json.loads(here(*X, "--json").out)
    assert found["rule"]["id"] == "x-county-2015"
    assert found["inputs"]["staff"] == {"value": 2600.0, "low": 2550.0, "high": 2650.0}
    assert found["amounts_yuan"]["remitted"] == {
        "value": 1248000.0, "low": 1122000.0, "high": 1378000.0,
    }  # fmt: skip
    assert found["cap_percent_of_payroll"] == pytest.approx(0.08)
    assert found["attainment"] is None


def test_base_exemption_and_quota_lower_what_is_collected(here):
    options = (
        "--base",
        "minimum-wage",
        "--minimum-wage",
        "1500",
        "--exempt",
        "0.1",
        "--quota",
        "0.9",
    )
    found = json.loads(here(*X, *options, "--json", "--exact").out)["amounts_yuan"]
    assert found["due"]["value"] == 3120000.0
    assert found["collected"]["value"] == pytest.approx(1248000 * 0.3 * 0.9 * 0.9, abs=0.01)
    assert found["fee_cap"]["value"] == pytest.approx(0.1 * found["collected"]["value"], abs=0.01)


def test_full_collection_returns_the_grassroots_part(here):
    found = json.loads(here(*X, "--collection", "full", "--json", "--exact").out)
    assert found["amounts_yuan"]["collected"]["value"] == 3120000.0
    assert found["amounts_yuan"]["got:grassroots"]["value"] == 1872000.0
    assert found["cap_percent_of_payroll"] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("scope", "percent"), [("tax", 91.9), ("tax-and-budget", 108.1), ("all", 113.5)]
)
def test_the_scope_decides_the_attainment(here, scope, percent):
    payroll = str(3400000 / 0.008)
    options = ("--target", "370万", "--budget", "60万", "--other", "20万", "--scope", scope)
    outcome = here("fees", "--payroll", payroll, "--exact", *options, "--json")
    assert round(json.loads(outcome.out)["attainment"]["percent"], 1) == percent


def test_year_and_place_choose_the_rule(here):
    assert "general-2005" in here(*X, "--year", "2010").out
    assert "x-county-2015" in here(*X, "--place", "X县").out
    listed = here("fees", "--list").out
    assert "general-2005" in listed
    assert "x-county-2015" in listed


def test_a_users_own_rule_is_used_and_named(here, county):
    text = here(*X, "--rules", str(county), "--exact").out
    assert "Our county (ours-2022), valid 2022-01-01" in text
    assert line_of(text, "prefecture union (5 %)").endswith("15.6")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "expected --staff and --wage"),
        (["--staff", "-5", "--wage", "60000"], "--staff '-5' is not usable; expected a number above 0"),
        (["--staff", "many", "--wage", "60000"], "--staff 'many'"),
        (["--staff", "nan", "--wage", "60000"], "--staff 'nan'"),
        (["--staff", "10"], "--wage"),
        (["--payroll", "-1"], "--payroll '-1'"),
        (["--payroll", "100", "--staff", "3"], "either it, or --staff and --wage"),
        (["--payroll", "100", "--base", "minimum-wage"], "--staff and --wage"),
        ([*X[1:], "--exempt", "1.5"], "expected a share from 0 to 1"),
        ([*X[1:], "--quota", "-0.1"], "expected a share from 0 to 1"),
        ([*X[1:], "--base", "minimum-wage"], "the minimum wage in yuan a month"),
        ([*X[1:], "--minimum-wage", "6000"], "at most the mean wage of a month, 5,000 yuan"),
        ([*X[1:], "--target", "0"], "--target '0'"),
        ([*X[1:], "--target", "1", "--budget", "-2"], "not negative"),
        ([*X[1:], "--year", "20x"], "a year from 1949 to 2100"),
        ([*X[1:], "--year", "1990"], "no rule holds in 1990"),
        ([*X[1:], "--rule", "x-county-2051"], "did you mean x-county-2015?"),
        ([*X[1:], "--place", "Xcounty"], "did you mean X county?"),
        (["--rules", "nothing.toml"], "nothing.toml does not exist"),
        (["--bunching", "nothing.csv"], "nothing.csv does not exist"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_what_was_expected(here, options, told):
    assert told in one_line(here("fees", *options))


@pytest.mark.parametrize(
    ("value", "side", "shown"),
    [(112.2, -1, "112"), (137.8, 1, "138"), (280.5, -1, "280"), (344.5, 1, "345"), (70.125, -1, "70.1"),
     (86.125, 1, "86.2"), (14.0, -1, "14.0"), (0.0, -1, "0"), (14025.0, -1, "14,025"), (0.0123, 1, "0.0123")],
)  # fmt: skip
def test_ranges_are_rounded_outward(value, side, shown):
    assert _outward(value, side) == shown


# --- a county's own file ------------------------------------------------------------------------


def test_one_command_makes_tables_and_figures_in_both_languages(project, county, tmp_path):
    out = tmp_path / "out 结果"
    before = project.snapshot("reports")
    outcome = project.run("fees", "--rules", str(county), "--out", str(out))
    assert (outcome.returncode, outcome.stderr) == (0, "")
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    expected = {f"tables/fee_{n}_{lang}.{s}" for n in ("split", "caps") for lang in ("en", "zh")
                for s in ("csv", "md", "tex", "html")}  # fmt: skip
    expected |= {f"figures/fee_{n}_{lang}.{s}" for n in ("waterfall", "attainment", "identified_set")
                 for lang in ("en", "zh") for s in ("png", "svg")}  # fmt: skip
    expected |= {f"results/fee_{n}.csv" for n in ("split", "caps", "waterfall", "attainment",
                                                  "identified_set")}  # fmt: skip
    assert names == expected
    assert project.snapshot("reports") == before
    split = (out / "tables/fee_split_zh.md").read_text(encoding="utf-8")
    assert "本县" in split
    assert "ours-2022" in split
    assert "X县" not in split
    assert "| 地市级工会 | 5.0 | 260,400 |" in split
    caps = (out / "results/fee_caps.csv").read_text(encoding="utf-8")
    assert "proportional,true,8,0.800000,0.064000" in caps
    # the weaker status of rule and figures
    assert "verified_secondary" in caps


def test_without_a_folder_a_countys_files_stay_out_of_the_package(project, tmp_path):
    path = poor_county(tmp_path)
    outcome = project.run("fees", "--rules", str(path), lang="zh")
    assert outcome.returncode == 0, outcome.stderr
    assert "已写入" in outcome.stdout
    assert project.path("reports/local/fees/poor/tables/fee_split_en.md").is_file()


def poor_county(tmp_path):
    """A county that gives its rule and payroll only."""
    path = tmp_path / "poor.toml"
    poor = re.sub(r"(?m)^(target|tax|budget|total|retained\w*)_10k.*\n", "", COUNTY)
    assert poor.count("_10k") == 1
    path.write_text(poor, encoding="utf-8")
    return path


def test_what_the_figures_do_not_allow_is_named(here, tmp_path):
    path = poor_county(tmp_path)
    outcome = here("fees", "--rules", str(path), "--out", str(tmp_path / "out"))
    assert outcome.returncode == 0, outcome.err
    assert "Left out" in outcome.out
    assert "fee_waterfall" in outcome.out
    assert not (tmp_path / "out" / "figures").exists()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("staff = 3100", "staff = -1", "county.staff: found -1; expected a number above 0"),
        ("staff = 3100", "", "county.staff: found nothing"),
        ("staff = 3100", "staff = true", "county.staff"),
        ("wage_yuan = 84000", "wage_yuan = nan", "county.wage_yuan"),
        ("wage_yuan = 84000", "wages = 84000", "did you mean wage_yuan?"),
        ("exempt_share = 0.15", "exempt_share = 1.2", "a share from 0 to 1"),
        ("_month = 1900", "_month = 9000", "at most the mean wage of a month, 7,000 yuan"),
        ("minimum_wage_yuan_month = 1900", "", "the minimum wage in yuan a month"),
        ("total_10k = 530", "total_10k = 300", "at least tax_10k and budget_10k together"),
        ("total_10k = 530", "total_10k = 530\nother_10k = 25", "no other_10k beside it"),
        ("until = 2024-09-30", "until = 2023-09-30", "a day of the year"),
        ("year = 2024", "year = 2020", "no rule holds in 2020"),
        ("year = 2024", "year = 2024.5", "a year from 1949 to 2100"),
        ("value = 1200, low = 900", "value = 1200, low = 1300", "ascending order"),
        ("value = 1200, low = 900", "value = 1, low = 1", "at least the county's part"),
        ("county = 20.0", "county = 30.0", "shares that sum to 100"),
        ("county = 20.0", "county = -20.0", "a percentage from 0 to 100"),
        ("county = 20.0", "countey = 20.0", "did you mean county?"),
        ("levy_percent = 2.0", "levy_percent = 200", "a percentage from 0 to 100"),
        ("levy_percent = 2.0", "levy_percent = 0", "a number above 0"),
        ("valid_from = 2022-01-01", 'valid_from = "2022"', "a date such as 2015-01-01"),
        ("valid_from = 2022-01-01", "valid_from = 2022-01-01\nvalid_to = 2021-01-01", "not before"),
        ('status = "verified"', 'status = "sure"', "one of article, verified"),
        ('source = "provincial notice"', 'source = " "', "a text that is not empty"),
        ('collection = "proportional"', 'collection = "half"', "one of full, proportional"),
        ("full = 5.0", "full = 500", "a percentage from 0 to 100"),
        ("[[rule]]", "[rule]", "[[rule]]"),
        ("[county]", "[place]", "did you mean"),
        ("[county]", "[county", "not valid TOML"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_and_nothing_written(here, tmp_path, old, new, told):
    assert old in COUNTY
    path, out = tmp_path / "bad.toml", tmp_path / "out"
    path.write_text(COUNTY.replace(old, new, 1), encoding="utf-8")
    sentence = one_line(here("fees", "--rules", str(path), "--out", str(out)))
    assert told in sentence
    assert "bad.toml" in sentence or "no rule holds" in sentence
    assert not out.exists()


# --- bunching -----------------------------------------------------------------------------------


def file_of_counties(tmp_path, bunched=60):
    lines = ["county,year,collected,target"]
    for number in range(600):
        ratio = 0.5 + (number % 100 + 0.5) / 100.0
        if number % 10 == 0 and number < 10 * bunched:
            ratio = 1.01
        lines.append(f"c{number // 3},{2010 + number % 3},{ratio * 100:.4f},100")
    path = tmp_path / "counties.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_bunching_is_estimated_from_a_users_file(here, tmp_path):
    path, out = file_of_counties(tmp_path), tmp_path / "bins.csv"
    arguments = ("fees", "--bunching", str(path), "--out", str(out))
    outcome = here(*arguments, "--json")
    assert (outcome.returncode, outcome.err) == (0, "")
    found = json.loads(outcome.out)
    assert (found["obs"], found["counties"], found["draws"]) == (600, 200, 499)
    assert found["count"] == pytest.approx(60, abs=8)
    assert found["low"] > 0
    assert json.loads(here(*arguments, "--json").out) == found
    assert len(out.read_text().splitlines()) == 51
    text = here(*arguments, lang="zh").out
    assert "任务处的超额" in text
    assert "仅凭超额无法区分二者" in text


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--degree", "0"], "a degree from 1 to 8"),
        (["--bin-width", "0.03"], "divides 0.5"),
        (["--bin-width", "-1"], "divides 0.5"),
        (["--draws", "3"], "from 50 to 99,999"),
        (["--seed", "-1"], "not negative"),
    ],
)
def test_bad_options_of_bunching_are_refused(here, tmp_path, options, told):
    path = file_of_counties(tmp_path)
    assert told in one_line(here("fees", "--bunching", str(path), *options))


def test_a_bad_file_of_counties_is_refused_and_nothing_written(here, tmp_path):
    path, out = file_of_counties(tmp_path), tmp_path / "bins.csv"
    path.write_text(path.read_text().replace(",100\n", ",0\n", 1))
    sentence = one_line(here("fees", "--bunching", str(path), "--out", str(out)))
    assert "row 2, column target" in sentence
    assert not out.exists()


def test_the_template_is_a_file_that_works(here, tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text(here("fees", "--template").out, encoding="utf-8")
    assert read_county(path).rule.id == "our-rule"
    tables = county_tables(read_county(path))
    assert len(tables) == 5
    assert set(tables["fee_split"]["inputs_status"]) == {"unverified"}
    # every commented key is one that the reader knows
    opened = re.sub(r"(?m)^# (\w+ = )", r"\1", path.read_text(encoding="utf-8"))
    path.write_text(opened, encoding="utf-8")
    case = read_county(path).case
    assert (case.base, case.exempt, case.quota) == ("minimum_wage", 0.1, 0.9)
