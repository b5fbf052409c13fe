"""The README's Trust section: what the trials' files say, and no word about trials not made."""

from pathlib import Path

from analysis.exhibits.readme import filled
from analysis.exhibits.readme.blocks.trust import INPUTS, text
from analysis.paths import ROOT

VERIFIED = (
    "exhibit,files,verdict,largest_difference,file,place,note,machine,versions,verified_on,seconds,"
    "peak_mib\n"
    "figure growth,4,reproduced,0,,,,Linux,python 3.12.1; numpy 2.4,2026-11-30,101.4,480\n"
    "table rates,8,differs,inf,,,,Linux,python 3.12.1; numpy 2.4,2026-11-30,101.4,480\n"
)
DETERMINED = (
    "condition,what_en,what_zh,exhibit,files,verdict,largest_change,note,run_on\n"
    "again,nothing,无,figure growth,4,reproduced,0,,2026-11-29\n"
    "threads,two threads,双线程,figure growth,4,reproduced,0,,2026-11-30\n"
    "threads,two threads,双线程,results rates,1,reproduced with minor differences,1e-06,,2026-11-30\n"
    "other,another Python,另一Python,,,skipped,,none was found,2026-11-30\n"
)
FAULTS = (
    "fault,what_en,what_zh,tries,survived,how_en,how_zh,seed,run_on\n"
    "killed,kill -9 | reproduce,强制终止,50,50,right results 50,结果正确 50,1,2026-11-30\n"
    "full,disk full,磁盘满,3,2,a message 2,提示 2,1,2026-11-30\n"
)
FUZZED = (
    "target,what_en,what_zh,tool,inputs,findings,left_open,seed,run_on\n"
    "expressions,expression parser,表达式,hypothesis,12000,2,0,1,2026-11-30\n"
)


def block(root: Path, **files: str) -> str:
    for name, content in files.items():
        path = root / INPUTS[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return filled("before\n<!-- trust:begin -->\nold\n<!-- trust:end -->\nafter\n", root)


def test_each_trial_is_counted_from_its_file(tmp_path):
    found = block(
        tmp_path, verification=VERIFIED, determinism=DETERMINED, faults=FAULTS, fuzzing=FUZZED
    )
    assert "2 exhibits: 1 differs, 1 reproduced. 2026-11-30, Linux, python 3.12.1; 101 s" in found
    assert "One thing changed at a time; 2026-11-29 to 2026-11-30." in found
    assert "| nothing | 1 | 1 | 0 | 0 | 0 |" in found
    assert "| two threads | 2 | 1 | 1 | 0 | 1e-06 (results rates) |" in found
    assert "| another Python | skipped |  |  |  | none was found |" in found
    assert "53 tries, 52 survived" in found
    assert "kill -9 \\| reproduce" in found, "a bar in a cell would begin another"
    assert "| expression parser | hypothesis | 12000 | 2 | 0 |" in found
    assert found.startswith("before\n") and found.endswith("after\n")
    assert "old" not in found


def test_a_trial_not_made_is_said_to_be_none(tmp_path):
    found = block(tmp_path)
    for command in ("make verify", "make determinism", "make faults", "make fuzz"):
        assert f"`{command}` has not been run" in found


def test_the_files_are_never_compared_by_verify():
    from analysis.pipeline.manifest import is_compared

    assert not any(is_compared(ROOT / place) for place in INPUTS.values())
    assert is_compared(ROOT / "reports" / "results" / "claims.csv")
    assert text([], [], [], [])
