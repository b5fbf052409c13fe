"""Each wave's own names and codes, written by hand from the evidence, come back as one meaning."""

import numpy as np
import pytest
from survey_raw import write

from analysis.sources.surveys import read_survey

# three persons: a member, one who is none, one who refused everything that can be refused
MEMBER = {
    "union_member": 1, "province": "310000", "age": 40, "female": 1, "party_member": 1,
    "rural_hukou": 1, "education": "bachelor",
}  # fmt: skip
OTHER = {
    "union_member": 0, "province": "110000", "age": 30, "female": 0, "party_member": 0,
    "rural_hukou": 0, "education": "senior",
}  # fmt: skip
UNION = "是不是工会会员"
CFPS = {
    2010: {
        "pid": (1, 2, 3), "fid": 1, "provcd": (31, 11, -9), "urban": (1, 0, -9),
        "qa7_s_1": (1, 78, -2), "qa7_s_2": (5, -8, -2), "qa1age": (40, 30, -1),
        "gender": (0, 1, -8), "cfps2010edu_best": (6, 4, -8), "cfps2010eduy_best": (16, 12, -8),
        "qa2": (1, 3, 79), "qe1_best": (2, 1, -8), "qg3": (1, 0, -8), "qg303": (3, -8, -8),
        "qg305": (3, 11, -8), "qg307code": 21, "qg308code": 3, "qg311": (2000, 2009, -1),
        "qg402": (30, 15, -8), "qg403": (8, 4, -8), "qk101": (2000, 0, -1),
        "qj3_s_1": (1, 78, -8), "qj3_s_2": (15, -8, -8), "rswt_nat": 1, "psu": 4,
        "subpopulation": (1, 6, 6),
    },
    2012: {
        "pid": (1, 2, 3), "fid12": 1, "provcd": (31, 11, -9), "urban12": 1,
        "qn401_s_1": (5, 6, -2), "qn401_s_2": (1, -8, -2), "sn401": (1, 1, 1),
        "cfps2012_age": (40, 30, -8), "cfps2012_gender_best": (0, 1, -8), "edu2012": (6, 4, -8),
        "eduy2012": (16, 12, -8), "qa301": (1, 3, 5), "qe104": (2, 4, -8), "employ": (1, 1, -8),
        "qg417_a_1": (20000, -8, -1), "qg417_a_2": (4000, -8, -1), "qg413_a_1": (30, 30, -8),
        "qg414_a_1": (8, 7, -8), "qg421_s_1": (2, 78, -8), "qg421_s_7": (1, -8, -8),
        "qg424_a_1": (5, 5, -8), "qg424_a_2": (1, -8, -8), "qg703": (3, 7, -8), "qg705": (9, 9, -1),
        "job2012mn_occu": 21, "rswt_natcs12": 1, "subpopulation": 6,
    },
    2014: {
        "pid": (1, 2, 3), "fid14": 1, "provcd14": (31, 11, -9), "urban14": 1,
        "qn401_s_1": (1, 78, -2), "qn401_s_2": (5, -8, -2), "cfps_party": (0, 1, 1),
        "cfps2014_age": (40, 30, -8), "cfps_gender": (0, 1, -8), "cfps2014edu": (6, 4, -8),
        "cfps2014eduy": (16, 12, -8), "qa301": (1, 3, 79), "qea0": (2, 1, -8),
        "employ2014": (1, 0, -8), "jobclass": (4, -8, -8), "qg11": (2000, -8, -1),
        "qg6": (56, -8, -8), "qg9_s_1": (2, 78, -8), "qg9_s_2": (1, -8, -8), "qg10": (1, 5, -8),
        "qg5": (1, 5, -8), "egc1052y": (2000, -8, -8), "qg303code": 21, "qg302code": 3,
        "qg2": (3, 4, 9), "qg16": 9, "rswt_natcs14": 1, "subpopulation10": 6,
    },
}  # fmt: skip


def columns(given):
    import pandas as pd

    return pd.DataFrame({name: np.broadcast_to(values, 3) for name, values in given.items()})


def three(folder, survey, name, given, labels):
    write(columns(given), folder / survey / name, labels, {})
    read = read_survey(survey, folder)
    assert read.problems == ()
    return read.frame


@pytest.mark.parametrize("wave", CFPS)
def test_cfps_waves(tmp_path, wave):
    labels = dict.fromkeys(("qa7_s_1", "qn401_s_1"), "您是哪些组织的成员：工会")
    frame = three(tmp_path, "cfps", f"cfps{wave}adult_201906.dta", CFPS[wave], labels)
    for person, expected in enumerate((MEMBER, OTHER)):
        assert {name: frame[name][person] for name in expected} == expected
    assert (
        frame.loc[2, ["union_member", "party_member", "education", "wage_month_yuan"]].isna().all()
    )
    assert frame["wage_month_yuan"][0] == 2000
    assert frame["hours_week"][0] == pytest.approx(56)
    assert frame.loc[0, ["medical_insurance", "housing_fund"]].tolist() == [1, 1]
    assert frame.loc[1, ["pension", "housing_fund"]].tolist() == [0, 0]
    assert (frame["pension"][0] == 1) == (wave != 2010)
    assert (frame["union_question"] == "multi_response").all()
    scope = "any_scheme" if wave == 2010 else "employer"
    assert (frame["insurance_scope"] == scope).all()
    assert frame["ownership"][0] == "state_enterprise"
    if wave != 2012:
        assert frame["employee"].tolist()[:2] == [1, 0]
        assert frame["tenure_years"][0] == wave - 2000


MODERN = {"id": (1, 2, 3), "a58": 1, "a59a": (3, 4, 5), "a59j": (1, 2, 2), "a59k": (1, 5, 3)}
OLD = {"a10": (1, 4, 2), "a59b": (1, 3, 2), "a3a": (-1, -1, -1), "a53a": (40, 50, -1)}
NEW = {"a10": (4, 1, 2), "a59b": (2, 1, 3)}
PRIVATE = {"s41": (1, 4, 31), "s43": (7, 8, 9)}
COMMON = {"a2": (2, 1, 1), "a7a": (12, 6, 14), "a18": (1, 2, 7), "weight": 1, "a44": 1}
INSURED = {"a611": (1, 2, 2), "a612": (1, 2, 2)}


def cgss(wave, occupation, refused, **own):
    born = (wave - 40, wave - 30, wave - 20)
    base = {**MODERN, **COMMON, occupation: 1000, "a45": (1, 2, refused), **own}
    return {name: born if value == "born" else value for name, value in base.items()}


WAGES = (24000, 9999996, 9999998)
CGSS = {
    2010: cgss(2010, "risco881", -3, **PRIVATE, **{**OLD, "a3a": "born"}, a8b=(24000, 0, 9999998),
               a59m=50, stratum=(101, 201, 301), rindust1=101, **INSURED),
    2011: cgss(2011, "iscorp1", -2, **PRIVATE, **{**OLD, "a3a": "born"}, a8b=WAGES, a59m=50),
    2012: cgss(2012, "iscorp1", -1, **PRIVATE, **{**OLD, "a3a": "born"}, a8b=WAGES, a59l=50,
               a59m=9, **INSURED),
    2013: cgss(2013, "iscorp1", -3, s41=(31, 11, 65), s43=(7, 8, 9), **{**OLD, "a3a": "born"},
               a8b=WAGES, a59l=50, **INSURED),
    2015: cgss(2015, "a59disco88", -8, **PRIVATE, **NEW, a301="born", a53a=(40, 50, -3), a8b=WAGES,
               a59l=50, **INSURED),
    2017: cgss(2017, "isco08_a59", 98, s41=(1, 4, 31), **NEW, a31="born", a301=3, a53a=9,
               a53aa=(40, 50, 998), a8b=WAGES, a59l=50, a59m=(5, 6, 98), **INSURED),
    2018: cgss(2018, "isco08_a59d", 99, provinces=("上海市", "北京市", "黑龙江省"), **NEW, a31="born",
               a53a=9, a53aa=(40, 50, 999), a8b=WAGES, a59l=50, a59m=(5, 6, 99), **INSURED),
    2021: cgss(2021, "isco08_a59d", 98, provinces=("上海市", "北京市", "黑龙江省"), **NEW, A3_1="born",
               A53aa=(40, 50, 998), A8b=WAGES, A59L=(50, 99996, 99998), A59m=(5, 6, 97),
               A61_1=(1, 2, 7), A61_2=(1, 2, 7), community_i=(7, 8, 9)),
    2023: cgss(2023, "isco08a59d", -5, **PRIVATE, **NEW, a3a="born", a53a=9, a531=(40, 50, -5),
               a8b=WAGES, a59l=50, a59m=(5, 6, -1), weight1=9, weight2=(1, 2, 3), **INSURED),
    2008: {
        "serial": (1, 2, 3), "province": (31, 11, 65), "a12": (1, 2, np.nan), "a1": (2, 1, 1),
        "a2": (1968, 1978, 9999), "a3a": (12, 6, 9997), "a10": (1, 4, 9998), "a14a": (6, 1, 8),
        "a21a": (24000, 0, 9999998), "c5": (1, 2, 7), "c6a": (1, 2, np.nan), "c7": (40, 50, 998),
        "c11a": (1, 5, 9), "c12": (1, 2, 2), "c14": (50, 50, 99998), "weight": 1, "countyid": 7,
        "c15b01": (1999, 8888, 2000), "c15b02": (8888, np.nan, np.nan), "c15q01": (3, 3, 1),
        "c15q02": (2, np.nan, np.nan), "c15r01": (4, 4, 1), "c15r02": (3, np.nan, np.nan),
        "c15s01": (2, 2, 1), "c15s02": (1, np.nan, np.nan),
    },
}  # fmt: skip


@pytest.mark.parametrize("wave", CGSS)
def test_cgss_waves(tmp_path, wave):
    given = CGSS[wave]
    if wave == 2021:
        upper = {"a45", "a2", "a7a", "a10", "a18", "a58", "a59a", "a59b", "a59j", "a59k"}
        given = {
            name.replace("a", "A", 1) if name in upper else name: v for name, v in given.items()
        }
    name = "CGSS2008.dta" if wave == 2008 else f"cgss{wave}.dta"
    frame = three(tmp_path, "cgss", name, given, dict.fromkeys(("a45", "A45", "a12"), UNION))
    for person, expected in enumerate((MEMBER, OTHER)):
        assert {name: frame[name][person] for name in expected} == expected
    assert frame.loc[2, ["union_member", "rural_hukou", "education", "hours_week"]].isna().all()
    assert frame["union_former"].tolist()[:2] == [0, 1]
    assert frame["employee"].tolist() == [1, 1, 0]
    assert frame["hours_week"].tolist()[:2] == [40, 50]
    assert frame["wage_month_yuan"][0] == 2000
    assert np.isnan(frame["wage_month_yuan"][2])
    assert frame["contract"].tolist()[:2] == [1, 0]
    assert frame["ownership"].tolist()[:2] == ["state_organ", "foreign"]
    if wave not in (2008, 2010):
        assert frame["wage_top_coded"].tolist()[:2] == [0, 1]
        assert np.isnan(frame["wage_month_yuan"][1])
    if wave != 2008:
        assert frame["contract_type"].tolist() == ["open_ended", "none", "fixed_term"]
    if wave != 2011:
        assert frame["pension"].tolist()[:2] == [1, 0]
        assert frame["medical_insurance"].tolist()[:2] == [1, 0]
    if wave in (2017, 2018, 2021, 2023):
        assert frame["tenure_years"].fillna(-1).tolist() == [5, 6, -1]
    else:
        assert frame["tenure_years"].isna().all()
    assert frame["psu"].isna().all() == (wave in (2017, 2018))
    assert frame["firm_size"][0] == 50
    assert frame["weight"].mean() == pytest.approx(1)
    if wave == 2023:
        assert frame["weight"].tolist() == [0.5, 1, 1.5]
