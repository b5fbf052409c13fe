"""verify redoes a sample of the long simulations: what it says of the numbers that come out."""

import pandas as pd
import pytest

from analysis.judging import redo
from analysis.verification.comparison import Verdict
from analysis.verification.sampled import JUDGED, redone

COLUMNS = ["cell", "method", "column", "committed", "redone"]


@pytest.fixture
def sample(tmp_path, monkeypatch):
    """Return a function: one committed study, whose redone sample holds these two cells."""
    path = tmp_path / JUDGED
    path.parent.mkdir(parents=True)
    path.write_text("selection,method\nnone,ols\nnone,iv\nstrong,ols\n", encoding="utf-8")

    def found(column: str, committed: str, again: str, seed: int = 7):
        def sampled(table: pd.DataFrame, given: int) -> pd.DataFrame:
            assert len(table) == 3 and given == seed
            rows = [("none, strong", "ols", column, committed, again)]
            return pd.DataFrame([*rows, ("none, strong", "ols", "bias", "0.1", "0.1")],
                                columns=COLUMNS)  # fmt: skip

        monkeypatch.setattr(redo, "redo_sample", sampled)
        (finding,) = redone(tmp_path, seed)
        return finding

    return found


@pytest.mark.parametrize(
    ("column", "committed", "again", "verdict"),
    [
        ("bias", "0.012345", "0.012345", Verdict.REPRODUCED),
        ("bias", "0.012345", "0.012346", Verdict.MINOR),
        ("bias", "0.012345", "0.012355", Verdict.DIFFERS),
        ("failures", "3", "4", Verdict.DIFFERS),
        ("rmse", "0.5", "", Verdict.DIFFERS),
    ],
)
def test_a_sampled_row_is_judged_by_the_tolerances_of_results(
    sample, column, committed, again, verdict
):
    finding = sample(column, committed, again)
    assert finding.verdict is verdict
    assert finding.file == JUDGED
    if verdict is not Verdict.REPRODUCED:
        assert finding.place.en == f"none, strong, ols · {column}: {committed} -> {again}"


def test_what_was_sampled_is_said_in_both_languages(sample):
    note = sample("bias", "0.1", "0.1", seed=20170101).note
    assert note.en == "1 of 3 rows redone with all their replications (sample seed 20170101)"
    assert "3 行中的 1 行" in note.zh and "20170101" in note.zh


def test_without_the_study_nothing_is_said(tmp_path):
    assert redone(tmp_path) == []
