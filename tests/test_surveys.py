"""Reading surveys by name: waves, codings that reverse, weights, sampling units, the codebook."""

import re
import tomllib

import pandas as pd
import pytest
from survey_raw import CFPS2018_LABELS, GB, cfps2018, cgss, write, write_cfps2018, write_cgss

from analysis.sources.surveys import FIELDS, read_survey, violations
from analysis.sources.surveys.fields import DTYPES
from analysis.sources.surveys.recodings import RECODINGS
from analysis.sources.surveys.survey_map import DERIVED, MAPS, Absent, read_map

NAN = float("nan")


def one(frame, person, field):
    return frame.set_index("person_id").loc[person, field]


def test_a_cfps_wave_is_harmonised(tmp_path):
    write_cfps2018(tmp_path)
    read = read_survey("cfps", tmp_path)
    assert read.problems == ()
    assert violations(read.frame) == []
    assert read.frame["union_member"].tolist()[1:4] == [1, 0, 0]
    # refused is missing, and a member is a member though coverage was not asked
    assert pd.isna(read.frame["union_member"][0])
    assert read.frame["union_status"].dropna().unique().tolist() == ["member"]
    assert read.frame["medical_insurance"][0] == read.frame["pension"][0] == 1
    assert read.frame["unemployment_insurance"][0] == 0
    kinds = ["pension", "medical_insurance", "unemployment_insurance", "injury_insurance"]
    assert read.frame.loc[1, kinds].tolist() == [0, 1, 0, 1]
    expected = {
        "province": "310000", "employee": 1, "contract_type": "fixed_term", "female": 1,
        "education": "bachelor", "rural_hukou": 0, "tenure_years": 8, "ownership": "private",
        "industry": "3", "psu": "9", "union_question": "direct", "insurance_scope": "employer",
    }  # fmt: skip
    assert {name: read.frame[name][2] for name in expected} == expected
    assert read.frame["simulated"].all()


def test_weights_have_mean_one_within_each_wave(tmp_path):
    write_cgss(tmp_path, 2013, frame=cgss(2013, weight=[1, 2, 3, 4, 5, 9.0]))
    write_cgss(tmp_path, 2015, frame=cgss(2015, weight=700.0))
    means = read_survey("cgss", tmp_path).frame.groupby("wave")["weight"].mean()
    assert means.tolist() == pytest.approx([1, 1])


@pytest.mark.parametrize("encoding", ["utf-8", GB])
def test_reversed_codings_mean_the_same_in_every_wave(tmp_path, encoding):
    for wave in (2013, 2015, 2018):
        write_cgss(tmp_path, wave, encoding=encoding)
    read = read_survey("cgss", tmp_path)
    assert read.problems == ()
    same = ["province", "party_member", "contract_type", "employee", "hours_week", "union_member",
            "union_former", "wage_month_yuan", "ownership", "pension"]  # fmt: skip
    waves = [rows[same].reset_index(drop=True) for _, rows in read.frame.groupby("wave")]
    for other in waves[1:]:
        pd.testing.assert_frame_equal(other, waves[0])
    assert waves[0].loc[0].tolist() == [
        "310000", 1, "none", 1, 40, 1, 0, 3000, "state_enterprise", 0
    ]  # fmt: skip
    assert ("GB18030" in " ".join(note.en for note in read.notes)) == (encoding == GB)


def test_former_members_are_no_members(tmp_path):
    write_cgss(tmp_path, 2015)
    frame = read_survey("cgss", tmp_path).frame
    assert (one(frame, "2015-2", "union_member"), one(frame, "2015-2", "union_former")) == (0, 1)


def test_one_number_in_two_waves_of_a_cross_section_is_two_persons(tmp_path):
    write_cgss(tmp_path, 2013)
    write_cgss(tmp_path, 2015)
    frame = read_survey("cgss", tmp_path).frame
    assert frame["person_id"].is_unique
    assert frame["psu"].nunique() == 2


@pytest.mark.parametrize("code", [9999997, 9999998, 9999999])
def test_a_missing_code_never_becomes_a_wage(tmp_path, code):
    write_cgss(tmp_path, 2015, frame=cgss(2015, a8b=[code, 9999996, -8, 0, 12, 24.0]))
    frame = read_survey("cgss", tmp_path).frame
    assert frame["wage_month_yuan"].isna().tolist() == [True, True, True, False, False, False]
    assert frame["wage_top_coded"].tolist()[1:2] == [1]


def test_names_are_matched_whatever_their_case(tmp_path):
    frame = cgss(2018).rename(columns=str.upper)
    labels = {"A45": "您是不是工会会员"}
    write(frame, tmp_path / "cgss" / "CGSS2018.dta", labels)
    assert read_survey("cgss", tmp_path).frame["union_member"].tolist()[:3] == [1, 0, 0]


def test_sampling_units_are_merged_by_person_where_a_wave_has_none(tmp_path):
    write_cfps2018(tmp_path)
    old = cfps2018().drop(columns="psu")
    moved = {name: re.sub("18", "16", name) for name in ("fid18", "provcd18", "urban18")}
    moved |= {"age": "cfps_age", "gender_update": "cfps_gender", "qa301": "pa301"}
    moved |= {"cfps2018edu": "cfps2016edu", "cfps2018eduy": "cfps2016eduy"}
    moved |= {"rswt_natcs18n": "rswt_natcs16"}
    path = tmp_path / "cfps" / "cfps2016adult_201906.dta"
    write(old.rename(columns=moved).iloc[:5], path, CFPS2018_LABELS)
    read = read_survey("cfps", tmp_path)
    assert read.problems == ()
    assert (read.frame.query("wave == 2016")["psu"] == "9").all()
    (tmp_path / "cfps" / "cfps2018person_202012.dta").unlink()
    assert read_survey("cfps", tmp_path).frame["psu"].isna().all()
    links = cfps2018()[["pid", "psu"]].assign(psu=4)
    write(links, tmp_path / "cfps" / "cfps2018crossyearid_202104.dta")
    assert (read_survey("cfps", tmp_path).frame["psu"] == "4").all()


def test_insurance_flags_serve_where_slots_are_not_in_the_file(tmp_path):
    frame = cfps2018().drop(columns=[f"qg9_s_{k}" for k in range(1, 6)])
    frame = frame.assign(**{f"qg9_a_{k}": float(k == 1) for k in range(1, 6)})
    frame.loc[0, "jobclass"] = 2
    write_cfps2018(tmp_path, frame)
    made = read_survey("cfps", tmp_path).frame
    # the self-employed pay for themselves: not insurance by an employer
    assert pd.isna(made["pension"][0])
    assert (made["pension"][1:] == 1).all()
    assert (made["injury_insurance"][1:] == 0).all()


def test_the_codebook_says_what_each_field_is_and_why_it_is_missing(tmp_path):
    write_cgss(tmp_path, 2015)
    book = read_survey("cgss", tmp_path).codebook.set_index("field")
    assert set(book.index) == set(FIELDS) - set(DERIVED)
    assert book.loc["union_member", "variables"] == "a45"
    assert book.loc["union_member", "n"] == 6
    assert book.loc["union_member", "share"] == pytest.approx(2 / 6)
    assert "CGSS" in book.loc["housing_fund", "absent_en"]
    assert book["absent_zh"].notna().sum() == book["absent_en"].notna().sum()


def test_cells_under_ten_persons_of_a_real_survey_are_not_shown(tmp_path):
    write_cfps2018(tmp_path, cfps2018(30), simulated=False)
    read = read_survey("cfps", tmp_path)
    book = read.codebook.set_index("field")
    assert not read.frame["simulated"].any()
    # one member among 29 who answered, one who did not
    assert book.loc["union_member", ["missing", "share"]].isna().all()
    assert book.loc["union_member", "n"] == 29
    assert book.loc["employee", "share"] == 1


# --- the maps -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cfps", "cgss"])
def test_every_wave_speaks_of_every_field(name, tmp_path):
    for wave, entries in read_map(name, tmp_path).waves.items():
        assert set(entries) | set(DERIVED) | {"union_status"} == set(FIELDS), wave
        for field, entry in entries.items():
            assert entry.reason.zh if isinstance(entry, Absent) else entry[0].evidence, field


@pytest.mark.parametrize("name", ["cfps", "cgss"])
def test_codes_give_only_what_the_schema_allows(name, tmp_path):
    for entries in read_map(name, tmp_path).waves.values():
        for field, entry in entries.items():
            rules = () if isinstance(entry, Absent) else entry
            values = {v for rule in rules for v in rule.codes.values() if v != ""}
            allowed = FIELDS[field].codes or ({0, 1} if FIELDS[field].kind == "binary" else values)
            assert values <= set(allowed), field


def test_waves_with_a_union_item_are_those_of_the_evidence(tmp_path):
    def asked(name):
        waves = read_map(name, tmp_path).waves
        return [w for w, fields in waves.items() if not isinstance(fields["union_member"], Absent)]

    assert asked("cgss") == [2008, 2010, 2011, 2012, 2013, 2015, 2017, 2018, 2021, 2023]
    assert asked("cfps") == [2010, 2012, 2014, 2016, 2018, 2020, 2022]
    for wave in (2020, 2022):
        rule = read_map("cfps", tmp_path).waves[wave]["union_member"][0]
        assert rule.optional and rule.label and rule.evidence == "inferred"


def test_every_union_rule_asks_for_the_label(tmp_path):
    for name in ("cfps", "cgss"):
        for entries in read_map(name, tmp_path).waves.values():
            entry = entries["union_member"]
            assert isinstance(entry, Absent) or all("工会" in rule.label for rule in entry)


def test_maps_are_data_and_recodings_a_closed_set():
    assert len(RECODINGS) == 19
    for path in MAPS.glob("*.toml"):
        text = path.read_text("utf-8")
        assert set(re.findall(r'\bas = "(\w+)"', text)) <= set(RECODINGS)
        tomllib.loads(text)


def test_the_schema_has_both_languages_and_a_type_for_each_field():
    assert all(field.kind in DTYPES for field in FIELDS.values())
    assert all(field.definition.en and field.definition.zh for field in FIELDS.values())
