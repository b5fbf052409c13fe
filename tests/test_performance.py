"""Comparisons with peers: both sides agree, failures are named, ratios are the peer's over ours."""

import json
import os
import subprocess
import sys

import pandas as pd
import pytest

from analysis import paths
from analysis.exhibits.formats import ALL
from analysis.exhibits.performance import scaling
from analysis.loading import load
from analysis.performance import data_files, exhibits, run
from analysis.performance.__main__ import main
from analysis.performance.comparison import About
from analysis.performance.exhibits import exhibits_of
from analysis.performance.measure import COMPARISONS, measure
from analysis.tabular import as_bytes

ABOUT = About(
    "work", "statsmodels", quick=(1000,), full=(1000, 5000), tolerance=1e-9, peer_most=4000
)
NUMBERS = {"cpu_seconds": 1.0, "process_seconds": 4.0, "peak_mib": 9.0, "numbers": [2.0, 4.0]}


@pytest.mark.slow
@pytest.mark.parametrize("name", run.names())
def test_both_sides_of_a_comparison_agree(name):
    module = load(f"{COMPARISONS}.{name}")
    row = run.table([name], quick=True, runs=1, say=lambda _: None).iloc[0]
    assert row["failure"] == ""
    has_peer = module.ABOUT.peer and not getattr(module, "unavailable", lambda: "")()
    assert row["agrees"] == "true" or not has_peer


def test_a_measurement_counts_seconds_memory_and_numbers():
    found = measure("least_squares", "ours", 3000)
    assert 0.0 < found["seconds"] < 60.0
    assert 0.0 < found["cpu_seconds"] < 60.0
    assert len(found["numbers"]) == 2


@pytest.fixture
def stub(monkeypatch):
    """One comparison whose processes take the seconds that the test says."""

    def use(seconds, about=ABOUT, **more):
        times = {side: iter(values) for side, values in seconds.items()}

        def measured(name, side, size, environment, *cold):
            value = next(times[side])
            return value if isinstance(value, dict) else {**NUMBERS, "seconds": value, **more}

        module = type("comparison", (), {"ABOUT": about})
        monkeypatch.setattr(run, "load", lambda name: module)
        monkeypatch.setattr(run, "measured", measured)
        return module

    return use


def test_the_ratio_is_the_peers_median_over_ours_a_cold_process_beside(stub):
    stub({"ours": [1.0, 3.0, 2.0, 2.0], "peer": [10.0, 30.0, 20.0, 2.0]})
    lines = []
    table = run.table(["work"], quick=True, runs=3, say=lines.append)
    assert table.loc[0, "ratio"] == 10.0
    assert table.loc[0, "cpu_ratio"] == table.loc[0, "process_ratio"] == 1.0
    assert table.loc[0, "agrees"] == "true"
    assert "ratio 10.0" in lines[0]


def test_a_share_of_the_peers_work_counts_for_the_whole_but_its_start_once(stub):
    about = About("work", "statsmodels", (1000,), (1000,), 1e-9, peer_share=0.1)
    stub({"ours": [1.0, 2.0], "peer": [3.0, 3.0]}, about)
    row = run.table(["work"], quick=True, runs=1, say=lambda _: None).iloc[0]
    assert row["ratio"] == pytest.approx(30.0)
    assert row["process_ratio"] == pytest.approx((4.0 - 3.0 + 30.0) / 4.0)


def test_a_failure_is_named_and_gives_no_ratio(stub):
    stub({"ours": [1.0, 1.0], "peer": [{"failure": "MemoryError"}] * 2})
    table = run.table(["work"], quick=True, runs=1, say=lambda _: None)
    assert list(table["failure"]) == ["", "MemoryError"]
    assert table["ratio"].isna().all()


def test_a_peer_that_is_absent_or_given_too_many_rows_is_skipped_with_a_reason(stub):
    module = stub({"ours": [1.0] * 9, "peer": [1.0] * 9})
    table = run.table(["work"], quick=False, runs=1, say=lambda _: None).set_index(["rows", "side"])
    assert "memory" in table.loc[(5000, "peer"), "skipped"]
    assert table.loc[(1000, "peer"), "skipped"] == ""
    module.unavailable = staticmethod(lambda: "Rscript is not installed")
    table = run.table(["work"], quick=True, runs=1, say=lambda _: None)
    assert list(table["skipped"]) == ["", "Rscript is not installed"]


def test_long_sizes_run_once_and_each_side_once_more_cold():
    about = About("work", "x", (1000,), (1000, 2 * run.TIMED_ONCE), 0.0)
    asked = [run.Asked("work", about, size, runs) for size, runs in ((1000, 3), (10**7, 1))]
    assert [one.processes for one in asked] == [8, 4]


def test_a_file_is_written_once_a_run_and_the_disk_is_looked_at(tmp_path, monkeypatch):
    monkeypatch.setenv(data_files.FOLDER, str(tmp_path))
    blocks = [pd.DataFrame({"x": [1.0, 2.0]}), pd.DataFrame({"x": [3.0]})]
    path = data_files.parquet_file("rows", 3, blocks)
    assert list(pd.read_parquet(path)["x"]) == [1.0, 2.0, 3.0]
    assert data_files.parquet_file("rows", 3, iter(())) == path
    with pytest.raises(OSError, match="GiB of disk needed"):
        data_files.parquet_file("rows", 10**15, blocks)


def test_stopped_nothing_is_written_and_no_file_is_left(tmp_path):
    program = (
        "import sys; from analysis.performance import run, __main__ as bench\n"
        "def stop(*_): raise KeyboardInterrupt\n"
        "run.measured = stop\n"
        "sys.argv = ['bench', '--quick']; raise SystemExit(bench.main())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True,
                          env={**os.environ, "TMPDIR": str(tmp_path)})  # fmt: skip
    assert done.returncode == 130
    assert "nothing written" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_table_and_the_plots_say_machine_versions_and_what_was_skipped(stub):
    stub({"ours": [1.0, 1.0, 5.0, 5.0], "peer": [2.0, 2.0, 9.0]})
    table = run.table(["work"], quick=False, runs=1, say=lambda _: None)
    files = {path.name: content for path, content in exhibits_of(table).items()}
    assert {"comparisons_en.md", "comparisons_zh.md", "scaling_en.png", "scaling_zh.svg"} <= set(
        files
    )
    printed = files["comparisons_en.md"].decode()
    assert "statsmodels" in printed
    assert "do not fit" in printed
    assert table.loc[0, "machine"] in printed
    assert "模拟数据" in files["comparisons_zh.md"].decode()
    assert set(ALL) >= {name.rpartition(".")[2] for name in files if name.startswith("comparisons")}


def test_a_selection_renews_its_own_rows_and_few_rows_of_it_none(stub, monkeypatch, tmp_path):
    record = tmp_path / "performance.csv"
    monkeypatch.setattr(paths, "RESULTS", tmp_path)
    monkeypatch.setattr(exhibits, "FOLDER", tmp_path / "performance")
    monkeypatch.setattr(run, "names", lambda: ["earlier", "work"])
    monkeypatch.setattr(sys, "argv", ["bench", "--runs", "1", "--only", "work"])
    stub({"ours": [1.0, 1.0, 3.0, 3.0], "peer": [2.0, 2.0]})
    before = run.table(["work"], quick=False, runs=1, say=lambda _: None)
    before = pd.concat([before.assign(comparison="earlier"), before], ignore_index=True)
    record.write_bytes(as_bytes(before))
    stub({"ours": [0.25, 0.25, 0.5, 0.5], "peer": [2.0, 2.0]})
    assert main() == 0
    renewed = pd.read_csv(record)
    assert list(renewed["comparison"]) == ["earlier"] * 4 + ["work"] * 4
    assert list(renewed["seconds_median"].dropna()) == [1.0, 2.0, 3.0, 0.25, 2.0, 0.5]
    content = record.read_bytes()
    stub({"ours": [9.0, 9.0], "peer": [9.0, 9.0]})
    sys.argv.append("--quick")
    assert main() == 0
    assert record.read_bytes() == content


@pytest.mark.parametrize(
    ("count", "english", "chinese"),
    [(5000, "5k", "5,000"), (50_000, "50k", "5万"), (1e6, "1M", "100万"), (1e8, "100M", "1亿")],
)
def test_counts_on_the_axes_are_short(count, english, chinese):
    assert (scaling.short_count(count, "en"), scaling.short_count(count, "zh")) == (
        english,
        chinese,
    )


def test_a_comparison_without_a_measured_peer_is_not_plotted(stub):
    stub({"ours": [1.0, 1.0, 5.0, 5.0], "peer": [2.0, 2.0]})
    table = run.table(["work"], quick=False, runs=1, say=lambda _: None)
    assert set(scaling.rows(table)["side"]) == {"ours", "peer"}
    alone = table.assign(
        cpu_seconds_median=table["cpu_seconds_median"].where(table["side"] == "ours")
    )
    assert scaling.rows(alone).empty


def test_measurements_come_back_as_one_line_of_json():
    done = subprocess.run(
        [sys.executable, "-m", "analysis.performance.measure", "least_squares", "ours", "500", "cold"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["process_seconds"] > 0.0
