"""verify: what was built comes out again; one digit changed anywhere is found and named."""

import pytest


def verify(project, other):
    return project.run("verify", "--rebuilt", str(other.folder))


def test_a_tree_as_built_is_reproduced(small, small_once):
    outcome = verify(small, small_once)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert "differs:" not in outcome.stdout
    record = small.path("reports/results/verification.csv").read_text("utf-8")
    assert record.startswith("exhibit,files,verdict")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("reports/results/growth.csv", "20.346065", "20.846065"),
        ("reports/tables/growth_averages_en.md", "20.346", "20.364"),
        ("reports/tables/growth_averages_zh.csv", "20.3", "20.8"),
        ("reports/figures/growth_en.svg", "<svg", "<svg "),
    ],
)
def test_an_edited_result_table_or_figure_is_named(small, small_once, name, old, new):
    small.replace(name, old, new)
    outcome = verify(small, small_once)
    assert outcome.returncode == 1
    edited = name.removeprefix("reports/")
    assert f"{edited}: edited since it was built" in outcome.stdout


def test_an_edit_covered_up_in_the_manifest_still_differs(small, small_once):
    small.replace("reports/results/growth.csv", "20.346065", "20.846065")
    from analysis.files import sha256

    place = small.path("reports/results/growth.csv")
    old = sha256(small_once.path("reports/results/growth.csv"))
    small.replace("reports/manifest.csv", old, sha256(place))
    outcome = verify(small, small_once)
    assert outcome.returncode == 1
    assert "differs: results growth" in outcome.stdout
    assert "20.846065 -> 20.346065" in outcome.stdout


def test_without_a_manifest_it_says_so(small, small_once):
    small.path("reports/manifest.csv").unlink()
    outcome = verify(small, small_once)
    assert outcome.returncode == 2
    assert "manifest.csv" in outcome.stderr


def test_reports_local_is_never_looked_at(small, small_once):
    small.path("reports/local/tables").mkdir(parents=True)
    small.path("reports/local/tables/mine.csv").write_text("x", encoding="utf-8")
    outcome = verify(small, small_once)
    assert outcome.returncode == 0, outcome.stdout
    assert "mine" not in outcome.stdout
    assert "mine" not in small.path("reports/results/verification.csv").read_text("utf-8")


def test_the_readme_repeats_what_verify_found(small, small_once):
    readme = small.path("README.md")
    readme.write_text("<!-- trust:begin -->\nold\n<!-- trust:end -->\n", encoding="utf-8")
    assert verify(small, small_once).returncode == 0
    exhibits = small.path("reports/results/verification.csv").read_text("utf-8").count("\n") - 1
    assert f"{exhibits} exhibits: {exhibits} reproduced." in readme.read_text("utf-8")


def test_what_verify_says_in_chinese_is_chinese(small, small_once):
    small.path("reports/results/growth.csv").unlink()
    outcome = small.run("verify", "--rebuilt", str(small_once.folder), lang="zh")
    assert outcome.returncode == 1
    assert "缺失: 结果 growth; results/growth.csv: 未随包提供" in outcome.stdout


@pytest.mark.slow
def test_the_rebuild_in_an_empty_tree_reproduces_everything(built):
    outcome = built.run("verify")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert list(built.folder.glob("jieli-verify-*")) == []
