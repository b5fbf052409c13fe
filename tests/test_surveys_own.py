"""A survey that the package does not know: its labels to a map, the map to a paper."""

import numpy as np
import pandas as pd
import pytest
from survey_raw import write

from analysis.cli import main
from analysis.effects.paper import making

STUDY = """
[study]
id = "own"
data = "DATA"
[derive]
ln_wage = "log(wage_month_yuan)"
[paper]
outcomes = ["ln_wage"]
treatment = "union_member"
contrast = "member_vs_uncovered"
where = "union_status != 'covered_non_member'"
blocks = [["age", "female"], ["C(education)"]]
"""
LABELS = {"IID2014": "个人编码", "I3_30": "您是否工会会员", "I1_1": "性别", "I1_2": "出生年份",
          "I2_1": "您的最高学历", "I3_32": "上月工资收入（元）"}  # fmt: skip
VALUES = {
    "I3_30": {1: "是", 2: "否，但单位有工会", 3: "否", 99: "不清楚"},
    "I1_1": {1: "男", 2: "女"},
    "I2_1": {1: "小学", 2: "初中", 3: "高中"},
    "I3_32": {99998: "拒绝回答"},
}
ANSWERED = {
    # what the labels do not decide, the user does
    '2 = "", 3 = 0, 99 = ""': '2 = 0, 3 = 0, 99 = ""',
    '1 = "", 2 = "", 3 = ""': '1 = "primary", 2 = "junior", 3 = "senior"',
    '# union_covered = { absent = "no label speaks of it" }': (
        'union_covered = { variable = "I3_30", as = "codes", label = ["工会"], '
        'codes = { 1 = 1, 2 = 1, 3 = 0, 99 = "" } }'
    ),
}
MEMBERS, COVERED, REFUSED = 150, 120, 30


@pytest.fixture
def survey(tmp_path):
    """A folder with a survey's file as distributed and the map made from its labels."""
    draw, n = np.random.default_rng(5), 600
    union = np.repeat([1, 2, 3], [MEMBERS, COVERED, n - MEMBERS - COVERED])
    wage = np.exp(7.5 + 0.1 * (union == 1) + draw.normal(0.0, 0.3, n)).round()
    wage[-REFUSED:] = 99998
    frame = pd.DataFrame(
        {"IID2014": 100000 + np.arange(n), "I3_30": union, "I1_1": draw.choice([1, 2], n),
         "I1_2": draw.integers(1950, 1998, n), "I2_1": draw.choice([1, 2, 3], n), "I3_32": wage}
    )  # fmt: skip
    path = write(frame, tmp_path / "clds" / "clds2014.dta", LABELS, VALUES, simulated=False)
    out = path.with_name("map.toml")
    assert main(["surveys", "map", str(path), "--out", str(out)]) == 0
    return tmp_path


def paper(folder, monkeypatch, data="clds"):
    monkeypatch.setattr(making, "step_names", lambda: ["table3_baseline"])
    (folder / "own.toml").write_text(STUDY.replace("DATA", data), encoding="utf-8")
    out = folder / "out"
    return main(["paper", str(folder / "own.toml"), "--out", str(out), "--lang", "en"]), out


def test_a_map_that_is_not_filled_in_makes_no_paper(survey, monkeypatch, capsys):
    code, out = paper(survey, monkeypatch)
    assert code == 2 and not out.exists()
    assert "education: i2_1: no code has a value yet" in capsys.readouterr().err


@pytest.mark.parametrize("data", ["clds", "./clds"])
def test_a_map_that_is_makes_one(survey, monkeypatch, data):
    path = survey / "clds" / "map.toml"
    text = path.read_text(encoding="utf-8")
    for proposed, answer in ANSWERED.items():
        assert proposed in text
        text = text.replace(proposed, answer)
    path.write_text(text, encoding="utf-8")
    code, out = paper(survey, monkeypatch, data)
    assert code == 0
    rows = pd.read_csv(out / "plotted" / "table3_baseline.csv").set_index(["column", "key"])
    effect = rows.loc[(3, "union_member")]
    assert abs(effect["estimate"] - 0.1) < 4 * effect["std_error"]
    # covered non-members and those who refused to name a wage are left out
    assert rows.loc[(3, "n_obs"), "estimate"] == 600 - COVERED - REFUSED
    assert "Survey data" in (out / "table3_baseline_en.md").read_text(encoding="utf-8")
