"""Judging: worlds as described, the same numbers wherever made, kept when interrupted."""

import os
import signal

import numpy as np
import pandas as pd
import pytest

from analysis.effects.workers import CLUSTER
from analysis.exhibits.drawing import draw_all
from analysis.exhibits.simulated import judging_bias, judging_verdicts
from analysis.exhibits.simulated.judging_verdicts import METHODS, verdict
from analysis.judging import __main__ as command
from analysis.judging import run, worlds
from analysis.judging.redo import COMPARED, redo_sample
from analysis.judging.replication import Block, judged, rows_of_block
from analysis.judging.worlds import EFFECT, Cell, cells, panel
from analysis.paths import REPORTS
from analysis.pipeline import committed
from analysis.pipeline.commands import status

PLAIN = Cell("none", "none")
CODE = "test"


def drawn(cell, seed=1):
    return panel(cell, np.random.default_rng(seed))


# --- worlds -------------------------------------------------------------------------------------


def test_every_selection_meets_every_state_of_the_instrument():
    assert len(cells()) == 16 and set(METHODS) == set(worlds.METHODS)
    assert not set(Cell("fixed", "none").methods) & set(Cell("fixed", "weak").methods)


def test_members_differ_in_what_they_are_selected_on_and_in_nothing_else():
    gaps = {
        name: drawn(Cell(name, "none"))
        .groupby("union_member")[["x1", "x2", "without"]]
        .mean()
        .diff()
        .iloc[-1]
        for name in worlds.SELECTIONS
    }
    assert gaps["none"].abs().max() < 0.1
    assert gaps["observables"]["x1"] > 0.3
    assert gaps["fixed"]["without"] > gaps["observables"]["without"] + 0.1
    assert gaps["time_varying"]["without"] > gaps["observables"]["without"] + 0.1


@pytest.mark.parametrize(("state", "moves", "belongs"), [
    ("valid", True, False), ("weak", False, False), ("invalid", True, True),
])  # fmt: skip
def test_the_instrument_is_what_it_is_called(state, moves, belongs):
    frame = drawn(Cell("observables", state))
    assert (frame["z"].corr(frame["union_member"]) > 0.2) == moves
    assert (abs(frame["z"].corr(frame["without"])) > 0.1) == belongs


def test_cells_share_their_shocks():
    pd.testing.assert_frame_equal(drawn(PLAIN)[["x1", "x2", "z"]],
                                  drawn(Cell("fixed", "weak"))[["x1", "x2", "z"]])  # fmt: skip


# --- methods ------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", [Cell("none", "none"), Cell("none", "valid")], ids=str)
def test_every_method_is_near_the_truth_without_selection(cell):
    frames = [drawn(cell, seed) for seed in range(3)]
    for name in cell.methods:
        found = [judged(name, frame)["estimate"] for frame in frames]
        assert np.mean(found) == pytest.approx(EFFECT, abs=0.12), name


def test_fixed_unobservables_mislead_least_squares_and_not_fixed_effects():
    frame = drawn(Cell("fixed", "none"))
    assert judged("ols_all_blocks", frame) == {"estimate": pytest.approx(0.43, abs=0.1),
                                               "covers": 0.0, "rejects": 1.0}  # fmt: skip
    assert judged("fixed_effects", frame)["covers"] == 1.0


def test_a_refused_panel_is_counted_as_a_failure():
    frame = drawn(PLAIN).assign(union_member=1.0)
    assert np.isnan(judged("ols_all_blocks", frame)["estimate"])


def test_anderson_rubin_covers_the_truth_that_two_stage_intervals_miss():
    frame = drawn(Cell("time_varying", "valid"))
    one, other = (judged(name, frame) for name in ("anderson_rubin", "two_stage_least_squares"))
    assert one["estimate"] == other["estimate"]
    moved = frame.assign(without=frame["without"] + 5.0 * frame["z"])
    assert judged("anderson_rubin", moved)["covers"] == 0.0


# --- runs ---------------------------------------------------------------------------------------


def test_a_replication_does_not_depend_on_its_block():
    whole = rows_of_block(Block(PLAIN, 0, 3, 9))
    assert rows_of_block(Block(PLAIN, 2, 3, 9)) == [row for row in whole if row["replication"] == 2]
    assert rows_of_block(Block(PLAIN, 0, 1, 10))[0] != whole[0]


def test_a_run_goes_on_where_it_was_interrupted(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "BLOCK", 1)
    whole = run.judge(3, 4, CODE, [PLAIN], tmp_path / "whole")
    made = []

    def interrupted(block):
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(block)
        return rows_of_block(block)

    monkeypatch.setattr(run, "rows_of_block", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run.judge(3, 4, CODE, [PLAIN], tmp_path / "kept")
    assert len(list((tmp_path / "kept").rglob("*.csv"))) == 2
    made.clear()
    pd.testing.assert_frame_equal(run.judge(3, 4, CODE, [PLAIN], tmp_path / "kept"), whole)
    assert [block.start for block in made] == [2]


def test_another_seed_or_code_takes_nothing_over(tmp_path):
    for seed, code in ((1, "a"), (2, "a"), (1, "b")):
        run.judge(1, seed, code, [PLAIN], tmp_path)
    assert len(list(tmp_path.rglob("*.csv"))) == 3


def test_a_summary_is_arithmetic_of_its_rows():
    rows = pd.DataFrame({
        "selection": "none", "instrument": "none", "method": "ipw", "replication": range(4),
        "estimate": [EFFECT, EFFECT + 0.2, EFFECT + 0.4, np.nan],
        "covers": [1.0, 1.0, 0.0, np.nan], "rejects": [1.0, 0.0, 0.0, np.nan],
    })  # fmt: skip
    row = run.summary(rows, 7, CODE, "2026-01-01").iloc[0]
    assert row["replications"] == 4 and row["failures"] == 1
    assert row["bias"] == pytest.approx(0.2) and row["median_bias"] == pytest.approx(0.2)
    assert row["rmse"] == pytest.approx(np.sqrt(0.2 / 3))
    assert row["coverage"] == pytest.approx(2 / 3) and row["power"] == pytest.approx(1 / 3)


def test_a_sample_redone_is_what_the_run_gave(tmp_path):
    rows = run.judge(2, 4, CODE, [PLAIN], tmp_path)
    table = run.summary(rows, 4, CODE, "2026-01-01")
    redone = redo_sample(table, 1, 2)
    assert redone["method"].nunique() == 2 and set(redone["column"]) == set(COMPARED)
    assert (redone["committed"] == redone["redone"]).all()
    assert redo_sample(table, 1, 2).equals(redone)
    edited = redo_sample(table.assign(rmse=table["rmse"] + 0.001), 1, 2)
    wrong = edited[edited["committed"] != edited["redone"]]
    assert set(wrong["column"]) == {"rmse"} and len(wrong) == 2


def test_status_names_a_result_made_by_other_code(tmp_path, monkeypatch, capsys):
    path = tmp_path / "judging.csv"
    monkeypatch.setattr(committed, "JUDGED", path)
    assert list(committed.behind()) == []
    row = "fingerprint,judged_on\n{},2026-01-02\n"
    path.write_text(row.format(committed.judging_fingerprint()), encoding="utf-8")
    assert list(committed.behind()) == []
    path.write_text(row.format("0" * 12), encoding="utf-8")
    (one,) = committed.behind()
    assert (one.made_on, one.verb) == ("2026-01-02", "judge")
    status.print_behind("en")
    assert "judging.csv: made on 2026-01-02 by other code" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["--replications", "0"], ["--workers", "0"], ["--seed", "x"]]
)
def test_bad_options_end_with_code_two(arguments):
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert ended.value.code == 2


@pytest.mark.parametrize(("coverage", "power", "word"), [
    (0.95, 0.8, "found"), (0.5, 1.0, "missed"), (0.97, 0.1, "no_answer"),
])  # fmt: skip
def test_verdicts(coverage, power, word):
    assert verdict(coverage, power) == word


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_committed_result_is_drawn_as_simulated(language):
    judged = pd.read_csv(REPORTS / "simulated" / "results" / "judging.csv", keep_default_na=False)
    files = draw_all(judging_bias, judging_bias.rows(judged))
    assert "模拟数据" in files[f"{language}_svg"].decode()
    assert len(judging_verdicts.rows(judged)) == len(judged.groupby(["instrument", "method"]))


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_gives_the_same_numbers(tmp_path, monkeypatch):
    from distributed import Client, LocalCluster

    monkeypatch.setattr(run, "BLOCK", 1)
    monkeypatch.delenv(CLUSTER, raising=False)
    here = run.judge(8, 4, CODE, [PLAIN], tmp_path / "here")
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1",
                      dashboard_address=None) as cluster:  # fmt: skip
        monkeypatch.setenv(CLUSTER, cluster.scheduler_address)
        with Client(cluster.scheduler_address) as client:
            victim = next(iter(client.run(os.getpid).values()))
        written, killed = run.write_all, []

        def write_and_kill(contents):
            written(contents)
            if not killed:
                os.kill(victim, signal.SIGKILL)
                killed.append(victim)

        monkeypatch.setattr(run, "write_all", write_and_kill)
        there = run.judge(8, 4, CODE, [PLAIN], tmp_path / "there")
    assert killed
    pd.testing.assert_frame_equal(there, here)
