"""The verb `surveys`, a map of the user's own, and surveys as the data of a study."""

import pandas as pd
import pytest
from survey_raw import GB, cfps2018, write, write_cfps2018, write_cgss

from analysis.cli import main
from analysis.messages import UserError
from analysis.sources import data_sets
from analysis.sources.surveys import read_survey, reading
from analysis.sources.surveys.proposal import KEYWORDS
from analysis.sources.surveys.survey_map import DERIVED, FIELDS


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_list_says_what_is_ready_and_what_is_not(tmp_path, capsys, language):
    write_cgss(tmp_path, 2015)
    write_cgss(tmp_path, 2013).write_bytes(b"<stata_dta>")
    assert main(["surveys", "list", "--folder", str(tmp_path), "--why", "--lang", language]) == 0
    printed = capsys.readouterr().out
    assert "2015" in printed and "cgss2013_14.dta" in printed
    assert {"en": "not among the core items", "zh": "核心题目未含"}[language] in printed
    assert "cfps" in printed


def test_the_list_needs_no_files(capsys, tmp_path):
    assert main(["surveys", "list", "--folder", str(tmp_path)]) == 0
    assert "cgss" in capsys.readouterr().out


def test_the_codebook_is_written_whole(tmp_path, capsys):
    write_cfps2018(tmp_path)
    out = tmp_path / "codebook.csv"
    assert main(["surveys", "codebook", "cfps", "--folder", str(tmp_path), "--out", str(out)]) == 0
    table = pd.read_csv(out)
    assert len(table) == len(FIELDS) - len(DERIVED)
    assert main(["surveys", "codebook", "nosuch", "--folder", str(tmp_path)]) == 2
    assert "nosuch" in capsys.readouterr().err


OWN = {
    "IID2014": "个人编码", "s1": "省份", "I2": "您是不是工会会员", "sex": "性别", "wage": "全年工资收入",
    "byear": "出生年份", "h1": "每周工作小时数", "edu": "最高学历", "w": "权重",
    "p1": "是否参加养老保险", "p2": "子女的公积金", "p3": "配偶的公积金",
}  # fmt: skip
OWN_VALUES = {
    "s1": {1: "广东省", 2: "北京市"},
    "I2": {1: "是", 2: "否", 9: "不知道", -1: "不适用"},
    "sex": {1: "男", 2: "女"},
    "p1": {1: "参加", 2: "没有参加"},
    "edu": {1: "小学", 2: "大学"},
}


def own_survey(folder, encoding="utf-8"):
    frame = pd.DataFrame(1.0, range(3), list(OWN)).assign(
        I2=[1.0, 2.0, 9.0],
        **{name: [1.0, 2.0, 1.0] for name in ("s1", "sex", "edu")},
        IID2014=["4400000000000001", "4400000000000002", "1100000000000003"],
        wage=[24000.0, 36000.0, 12000.0],
        byear=[1980.0, 1990.0, 1970.0],
    )
    return write(frame, folder / "clds" / "CLDS2014(new).dta", OWN, OWN_VALUES, encoding)


@pytest.mark.parametrize("encoding", ["utf-8", GB])
def test_a_proposed_map_reads_its_survey(tmp_path, capsys, encoding):
    path = own_survey(tmp_path, encoding)
    out = path.with_name("map.toml")
    assert main(["surveys", "map", str(path), "--out", str(out)]) == 0
    proposal = out.read_text("utf-8")
    # two columns speak of the fund: neither is taken
    assert '# housing_fund = { variable = "p2"' in proposal
    assert 'education = { variable = "edu", as = "codes", codes = { 1 = "", 2 = "" }' in proposal
    (problem,) = read_survey("clds", tmp_path).problems
    assert "edu" in str(problem) and "9 (" not in str(problem)
    out.write_text(proposal.replace('1 = "", 2 = ""', '1 = "primary", 2 = "bachelor"'), "utf-8")
    read = read_survey("clds", tmp_path)
    assert read.problems == ()
    frame = read.frame
    assert frame["person_id"].tolist()[0] == "2014-4400000000000001"
    assert frame["province"].tolist() == ["440000", "110000", "440000"]
    assert frame["union_member"].fillna(-1).tolist() == [1, 0, -1]
    assert frame["female"].tolist() == [0, 1, 0]
    assert frame["wage_month_yuan"].tolist() == [2000, 3000, 1000]
    assert frame["age"].tolist() == [34, 24, 44]
    assert main(["surveys", "map", str(path), "--out", str(out), "--lang", "en"]) == 2
    assert "there already" in capsys.readouterr().err


def test_a_map_is_checked_against_the_file_s_own_labels(tmp_path):
    path = own_survey(tmp_path)
    main(["surveys", "map", str(path), "--out", str(path.with_name("map.toml"))])
    text = path.with_name("map.toml").read_text("utf-8")
    path.with_name("map.toml").write_text(text.replace('"I2"', '"p1"'), "utf-8")
    (problem,) = read_survey("clds", tmp_path).problems
    assert "是否参加养老保险" in str(problem)


@pytest.mark.parametrize("file", ["nosuch.dta", "words.txt", "noyear.dta"])
def test_a_proposal_needs_a_survey_file_and_a_year(tmp_path, file, capsys):
    if file != "nosuch.dta":
        write(cfps2018(), tmp_path / "noyear.dta").rename(tmp_path / file)
    assert main(["surveys", "map", str(tmp_path / file)]) == 2
    assert file in capsys.readouterr().err


def test_every_keyword_is_for_a_field():
    assert set(KEYWORDS) <= set(FIELDS) - set(DERIVED)


def test_a_study_reads_a_survey_by_name(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("JIELI_LANG", "en")
    monkeypatch.setattr(reading, "SURVEYS", tmp_path)
    monkeypatch.setattr(reading.read_survey, "__defaults__", (tmp_path,))
    with pytest.raises(UserError, match="survey not found"):
        data_sets.read_data("cfps", tmp_path)
    path = write_cfps2018(tmp_path)
    assert len(data_sets.read_data("cfps", tmp_path)) == 12
    path.write_bytes(b"broken")
    with pytest.raises(UserError, match="cut short"):
        data_sets.read_data("cfps", tmp_path)
