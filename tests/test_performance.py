"""Comparisons with peers: both sides agree, failures are named, ratios are the peer's over ours."""

import pytest

from analysis.loading import load
from analysis.performance import run
from analysis.performance.measure import COMPARISONS, measure

SIDES = ("ours", "peer")


@pytest.mark.slow
@pytest.mark.parametrize("name", run.names())
def test_both_sides_of_a_comparison_agree(name):
    about = load(f"{COMPARISONS}.{name}").ABOUT
    row = run.table([name], quick=True, runs=1, say=lambda _: None).iloc[0]
    assert row["failure"] == ""
    assert row["agrees"] == "true" or not about.peer


def test_a_measurement_counts_seconds_memory_and_numbers():
    found = measure("least_squares", "ours", 3000)
    assert 0.0 < found["seconds"] < 60.0
    assert len(found["numbers"]) == 2


def test_the_ratio_is_the_peers_median_over_ours_and_a_failure_is_named(monkeypatch):
    times = {"ours": iter([1.0, 3.0, 2.0]), "peer": iter([10.0, 30.0, 20.0])}

    def measured(name, side, size):
        return {"seconds": next(times[side]), "peak_mib": 1.0, "numbers": [2.0, 4.0]}

    monkeypatch.setattr(run, "_measured", measured)
    lines = []
    table = run.table(["least_squares"], quick=True, runs=3, say=lines.append)
    assert table.loc[0, "ratio"] == 10.0
    assert table.loc[0, "agrees"] == "true"
    assert "ratio 10.0" in lines[0]
    monkeypatch.setattr(run, "_measured", lambda *_: {"failure": "MemoryError"})
    table = run.table(["least_squares"], quick=True, runs=1, say=lines.append)
    assert list(table["failure"]) == ["MemoryError", "MemoryError"]
    assert table["ratio"].isna().all()
