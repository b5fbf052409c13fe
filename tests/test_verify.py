"""verify: what was built comes out again; one digit changed anywhere is found and named."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.verification.files import compare_file
from analysis.verification.tolerance import distance, within
from analysis.verification.verdicts import Verdict


def verify(project, other):
    return project.run("verify", "--rebuilt", str(other.folder))


def test_a_tree_as_built_is_reproduced(built, built_once):
    outcome = verify(built, built_once)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert "differs:" not in outcome.stdout
    record = built.path("reports/results/verification.csv").read_text("utf-8")
    assert record.startswith("exhibit,files,verdict")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("reports/results/growth.csv", "20.346065", "20.846065"),
        ("reports/tables/growth_averages_en.md", "20.346", "20.364"),
        ("reports/figures/growth_en.svg", "<svg", "<svg "),
    ],
)
def test_an_edited_result_table_or_figure_is_named(built, built_once, name, old, new):
    built.replace(name, old, new)
    outcome = verify(built, built_once)
    assert outcome.returncode == 1
    edited = name.removeprefix("reports/")
    assert f"{edited}: edited since it was built" in outcome.stdout


def test_an_edit_covered_up_in_the_manifest_still_differs(built, built_once):
    built.replace("reports/results/growth.csv", "20.346065", "20.846065")
    from analysis.files import sha256

    place = built.path("reports/results/growth.csv")
    old = sha256(built_once.path("reports/results/growth.csv"))
    built.replace("reports/manifest.csv", old, sha256(place))
    outcome = verify(built, built_once)
    assert outcome.returncode == 1
    assert "differs: results growth" in outcome.stdout
    assert "20.846065 -> 20.346065" in outcome.stdout


def test_without_a_manifest_it_says_so(built, built_once):
    built.path("reports/manifest.csv").unlink()
    outcome = verify(built, built_once)
    assert outcome.returncode == 2
    assert "manifest.csv" in outcome.stderr


@pytest.mark.slow
def test_the_rebuild_in_an_empty_tree_reproduces_everything(built):
    outcome = built.run("verify")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert list(built.folder.glob("jieli-verify-*")) == []


# --- one file ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "before", "after", "verdict"),
    [
        ("results/a.csv", b"name,x\na,1.000000\n", b"name,x\na,1.000001\n", Verdict.MINOR),
        ("results/a.csv", b"name,x\na,1.000000\n", b"name,x\na,1.001000\n", Verdict.DIFFERS),
        ("results/a.csv", b"name,n_obs\na,10\n", b"name,n_obs\na,11\n", Verdict.DIFFERS),
        ("results/a.csv", b"name,x\na,1.0\n", b"name,x\n", Verdict.DIFFERS),
        ("tables/a_en.md", b"| 0.12 |", b"| 0.13 |", Verdict.MINOR),
        ("tables/a_en.md", b"| 0.12 |", b"| 0.14 |", Verdict.DIFFERS),
        ("tables/a_en.md", b"| 12 |", b"| 13 |", Verdict.DIFFERS),
        ("tables/a_en.md", b"| yes |", b"| no |", Verdict.DIFFERS),
        (
            "figures/a_en.png",
            b"x a.csv sha256 " + b"0" * 64,
            b"y a.csv sha256 " + b"0" * 64,
            Verdict.REPRODUCED,
        ),
        (
            "figures/a_en.png",
            b"x a.csv sha256 " + b"0" * 64,
            b"x a.csv sha256 " + b"1" * 64,
            Verdict.DIFFERS,
        ),
        ("results/a.csv", b"x\n1\n", None, Verdict.MISSING),
    ],
)
def test_a_verdict_is_decided_by_kind_of_file(name, before, after, verdict):
    assert compare_file(name, before, after).verdict is verdict


def test_another_rendering_of_the_same_numbers_is_said():
    source = b" a.csv sha256 " + b"0" * 64
    assert (
        "rendering differs" in compare_file("figures/a_en.png", b"x" + source, b"y" + source).note
    )


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e3))
def test_tolerance_is_symmetric_in_sign_and_never_passes_a_large_step(value, step):
    step = max(step, abs(value) * 1e-3)
    assert within("estimate", repr(value), repr(value))
    assert not within("estimate", repr(value), repr(value + step))
    assert not within("estimate", repr(-value), repr(-value - step))


def test_objects_are_as_far_apart_as_their_values():
    assert distance('{"f": 1.0, "g": 2.0}', '{"f": 1.0, "g": 2.5}') == 0.5
    assert distance('{"f": 1.0}', '{"g": 1.0}') == math.inf
