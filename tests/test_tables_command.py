"""``tables`` with a style: a user's study and the package's, every format, nothing on a mistake."""

import numpy as np
import openpyxl
import pandas as pd
import pytest

from analysis.cli import main
from analysis.exhibits.formats import ALL
from analysis.pipeline.commands import journal_tables

STUDY = """
[study]
id = "../outside/MY"
title_en = "<script>alert(1)</script>"
title_zh = "=1+1"
data = "data.csv"
cluster = "city"

[[equation]]
id = "one"
outcome = "y"
treatment = "union"
contrast = "member_vs_covered"
controls = ["age", "C(region)"]
estimator = "ols"

[table]
style = "shxyj"
show = ["C(region)"]
"""


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A user's study whose tables go to a folder of the test's own."""
    random = np.random.default_rng(7)
    frame = pd.DataFrame(
        {
            "union": random.integers(0, 2, 200),
            "age": random.integers(18, 60, 200),
            "region": random.choice(["east", "west"], 200),
            "city": random.integers(0, 20, 200),
        }
    )
    frame["y"] = -0.4 * frame["union"] + random.normal(size=200)
    frame.to_csv(tmp_path / "data.csv", index=False)
    (tmp_path / "my.toml").write_text(STUDY, encoding="utf-8")
    monkeypatch.setattr(journal_tables, "TABLE_FOLDER", tmp_path / "tables")
    monkeypatch.setenv("JIELI_LANG", "en")
    return tmp_path


def names_in(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_users_study_is_fitted_and_printed_in_both_languages(study, capsys):
    assert main(["tables", str(study / "my.toml")]) == 0
    assert names_in(study / "tables" / "shxyj") == sorted(
        f"_outside_MY_{language}.{suffix}" for language in ("en", "zh") for suffix in ALL
    )
    assert "Written: 12 files" in capsys.readouterr().out


def test_one_language_where_it_is_asked_for(study):
    assert main(["tables", str(study / "my.toml"), "--style", "aer", "--lang", "zh"]) == 0
    assert names_in(study / "tables") == sorted(f"_outside_MY_zh.{suffix}" for suffix in ALL)


def test_labels_name_the_reference_and_nothing_runs(study):
    assert main(["tables", str(study / "my.toml")]) == 0
    folder = study / "tables" / "shxyj"
    page = (folder / "_outside_MY_en.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "union (reference: covered non-members)" in page
    assert "Region: west (reference: east)" in page
    sheet = openpyxl.load_workbook(folder / "_outside_MY_zh.xlsx").active
    assert (sheet.cell(1, 1).value, sheet.cell(1, 1).data_type) == ("=1+1", "s")
    assert isinstance(sheet.cell(5, 2).value, float)
    assert sheet.cell(5, 2).value < 0


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('style = "shxyj"', 'style = "shxj"', "shxyj"),
        ('show = ["C(region)"]', 'show = ["C(regio)"]', "C(region)"),
        ('estimator = "ols"', 'estimator = "olss"', "ols"),
        ("[table]", "[table]]", "line"),
        ("[table]", "[tables]", "table"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_written(study, capsys, old, new, word):
    (study / "my.toml").write_text(STUDY.replace(old, new), encoding="utf-8")
    assert main(["tables", str(study / "my.toml")]) == 2
    assert word in capsys.readouterr().err
    assert not (study / "tables").exists()


def test_a_study_that_is_not_there_is_named_with_the_nearest(study, capsys):
    assert main(["tables", "vela_verbek"]) == 2
    assert "vella_verbeek" in capsys.readouterr().err


def test_the_packages_tables_and_studies_come_in_a_journals_style(built):
    outcome = built.run("tables", "--style", "jjyj", "--lang", "zh")
    assert outcome.returncode == 0, outcome.stderr
    folder = built.path("reports/local/tables/jjyj")
    assert {path.suffix.removeprefix(".") for path in folder.iterdir()} == set(ALL)
    assert "0.0800***" in (folder / "vella_verbeek_zh.md").read_text(encoding="utf-8")
    assert (folder / "claims_ledger_zh.docx").exists()
    assert not list(folder.glob("*_en.*"))
    before = built.snapshot("reports/tables")
    assert built.run("tables").returncode == 0
    assert built.snapshot("reports/tables") == before
