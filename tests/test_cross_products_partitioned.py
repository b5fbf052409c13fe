"""Partitioned Parquet: the tensor of one frame; a killed run continues; a cluster gives the same."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.effects.cross_products import partitioned
from analysis.effects.cross_products.partitioned import from_partitions, identity
from analysis.effects.cross_products.plan import Plan, from_frame
from analysis.effects.workers import CLUSTER

PLAN = Plan(("y",), ("d",), ("x",), "city", effects=("year",), absorb="person")


@pytest.fixture
def parts(tmp_path):
    """Six files, and the frame that they hold."""
    rng = np.random.default_rng(1)
    person = np.repeat(np.arange(600), 4)
    frame = pd.DataFrame(rng.normal(size=(2400, 3)), columns=["y", "d", "x"])
    frame = frame.assign(person=person, city=person % 7, year=np.tile(np.arange(4), 600))
    for j, rows in enumerate(np.array_split(np.arange(2400), 6)):
        frame.iloc[rows].to_parquet(tmp_path / f"part{j}.parquet")
    return frame, tmp_path / "*.parquet", tmp_path / "state"


def same(one, other):
    scale = np.abs(other.gram).max()
    np.testing.assert_allclose(one.gram / scale, other.gram / scale, atol=1e-12)
    assert one.n_obs == other.n_obs


def test_shares_add_up_to_the_frame_and_leave_nothing_behind(parts):
    frame, files, state = parts
    same(from_partitions(PLAN, files, state=state), from_frame(PLAN, frame))
    assert list(state.glob("*")) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from analysis.effects.cross_products import partitioned
from tests.test_cross_products_partitioned import PLAN
save = partitioned._save
def save_and_die(place, sums):
    save(place, sums)
    if place.stem == "000002":
        os.kill(os.getpid(), signal.SIGKILL)
partitioned._save = save_and_die
partitioned.from_partitions(PLAN, sys.argv[1], state=Path(sys.argv[2]))
"""


def test_a_killed_run_continues_where_it_was(parts, monkeypatch):
    frame, files, state = parts
    killed = subprocess.run([sys.executable, "-c", KILLED, str(files), str(state)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(list(state.glob("*/*"))) == 3
    worked, sums_of_share = [], partitioned.partition_sums

    def counted(plan, look, share, rows):
        worked.append(share)
        return sums_of_share(plan, look, share, rows)

    monkeypatch.setattr(partitioned, "partition_sums", counted)
    same(from_partitions(PLAN, files, state=state), from_frame(PLAN, frame))
    assert [Path(share).name for share in worked] == [f"part{j}.parquet" for j in (3, 4, 5)]
    assert list(state.glob("*")) == []


def test_other_data_or_another_plan_is_another_run(parts):
    _, files, _ = parts
    shares = partitioned.partitions(files)
    one = identity(PLAN, shares, 100)
    assert identity(PLAN, shares, 100) == one
    assert identity(PLAN, shares, 200) != one
    os.utime(shares[0], (1, 1))
    assert identity(PLAN, shares, 100) != one


@pytest.mark.slow
def test_worker_processes_give_the_same_also_when_one_is_killed(parts, monkeypatch):
    from distributed import LocalCluster

    frame, files, state = parts
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1",
                      dashboard_address=None) as running:  # fmt: skip
        monkeypatch.setenv(CLUSTER, running.scheduler_address)
        save, victim = partitioned._save, next(iter(running.workers.values())).pid

        def save_and_kill(place, sums):
            save(place, sums)
            if place.stem == "000001":
                os.kill(victim, signal.SIGKILL)

        monkeypatch.setattr(partitioned, "_save", save_and_kill)
        same(from_partitions(PLAN, files, state=state), from_frame(PLAN, frame))
