"""Where work is done changes no number: here, in processes beside, on a Dask cluster that loses one."""

import os
import signal
import time

import numpy as np
import pytest

from analysis.effects.inference.resampling import replicate
from analysis.effects.workers import CLUSTER, WORKERS, spread
from analysis.messages import UserError


def draw(generator):
    return float(generator.normal())


def slow_square(number):
    time.sleep(0.2)
    return number**2, os.getpid()


@pytest.fixture
def cluster(monkeypatch):
    """Two worker processes on loopback."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1",
                      dashboard_address=None) as running:  # fmt: skip
        monkeypatch.setenv(CLUSTER, running.scheduler_address)
        yield running


@pytest.mark.slow
def test_draws_on_a_cluster_are_the_draws_made_here(cluster, monkeypatch):
    there = replicate(draw, 200, 5, "test")
    monkeypatch.delenv(CLUSTER)
    assert there == replicate(draw, 200, 5, "test")


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_changes_nothing(cluster):
    results, killed = [], False
    for square, process in spread(slow_square, range(30)):
        results.append(square)
        if len(results) == 5 and not killed:
            os.kill(process, signal.SIGKILL)
            killed = True
    assert results == [number**2 for number in range(30)]


def test_processes_beside_give_results_in_order(monkeypatch):
    monkeypatch.setenv(WORKERS, "2")
    assert list(spread(np.sqrt, [1.0, 4.0, 9.0])) == [1.0, 2.0, 3.0]


def test_a_cluster_that_does_not_answer_is_one_sentence(monkeypatch):
    monkeypatch.setattr("analysis.effects.workers.ANSWER_WITHIN", "1s")
    monkeypatch.setenv(CLUSTER, "tcp://127.0.0.1:1")
    with pytest.raises(UserError, match=r"--cluster tcp://127\.0\.0\.1:1 is not usable"):
        list(spread(np.sqrt, [1.0]))
