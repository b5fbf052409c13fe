"""A raw-format twin of each wave, written with its names, codes and traps, comes back equal."""

import numpy as np
import pandas as pd
import pytest

from analysis.messages import UserError
from analysis.sources.surveys import FIELDS, read_survey
from analysis.sources.twins import simulate, write_raw
from analysis.sources.twins.raw import cfps, cgss

RAW = {"cfps": ("worker_panel", cfps), "cgss": ("repeated_cross_section", cgss)}
WAVES = [(survey, wave) for survey, (_, module) in RAW.items() for wave in module.WAVES]
FORMATS = [(".dta", "utf-8"), (".dta", "gb18030"), (".sav", "utf-8")]
SEED, SIZE = 11, 90


@pytest.fixture(scope="module", params=FORMATS, ids=lambda pair: "-".join(pair))
def pairs(request, tmp_path_factory):
    """Simulated and read-back frames of both surveys in one format."""
    kind, encoding = request.param
    folder = tmp_path_factory.mktemp("surveys")
    return {survey: trip(folder, survey, SIZE, kind, encoding) for survey in RAW}


def trip(folder, survey, size, kind=".dta", encoding="utf-8"):
    write_raw(survey, folder / survey, seed=SEED, size=size, kind=kind, encoding=encoding)
    read = read_survey(survey, folder)
    assert not read.problems, [str(problem) for problem in read.problems]
    return in_order(simulate(RAW[survey][0], SEED, size).frame), in_order(read.frame)


def in_order(frame):
    return frame.sort_values(["wave", "person_id"]).reset_index(drop=True)


@pytest.mark.parametrize(("survey", "wave"), WAVES)
def test_a_wave_comes_back_equal(pairs, survey, wave):
    simulated, back = (one[one["wave"] == wave].reset_index(drop=True) for one in pairs[survey])
    given = RAW[survey][1].fields(wave)
    assert len(simulated) > 50
    for name, field in FIELDS.items():
        if name not in given:
            assert back[name].isna().all(), f"{name}: the wave does not ask this"
        elif field.kind == "number":
            np.testing.assert_allclose(back[name], simulated[name], rtol=1e-9, err_msg=name)
        else:
            pd.testing.assert_series_equal(back[name], simulated[name])


@pytest.mark.parametrize(("survey", "wave"), WAVES)
def test_what_is_compared_is_there(pairs, survey, wave):
    simulated = pairs[survey][0]
    rows = simulated[simulated["wave"] == wave]
    empty = [name for name in RAW[survey][1].fields(wave) if rows[name].isna().all()]
    assert empty == []
    assert set(rows["union_member"].dropna()) == {0.0, 1.0}


def test_persons_number_98_and_99_keep_their_number(tmp_path):
    _, back = trip(tmp_path, "cgss", 100)
    assert (back["wave"].value_counts() == 100).all()


# --- traps --------------------------------------------------------------------------------------


def raw_columns(wave, size=400):
    frame = simulate("worker_panel", SEED, size).frame
    rows = frame[frame["wave"] == wave].reset_index(drop=True)
    return rows, cfps.columns(rows, wave, np.random.default_rng(1))


@pytest.mark.parametrize(("wave", "no"), [(2016, 5.0), (2018, 0.0)])
def test_no_is_five_in_one_wave_and_nought_in_another(wave, no):
    rows, columns = raw_columns(wave)
    told = pd.Series(columns["qn4003"].values)[rows["union_member"] == 0]
    assert set(told) == {no}


def test_a_union_stands_in_any_slot_beside_other_organisations():
    rows, columns = raw_columns(2014, 3000)
    first = columns["qn401_s_1"].values
    member = (rows["union_member"] == 1).to_numpy()
    assert 0 < (first[member] == 5).mean() < 1
    assert (first[(rows["union_member"] == 0).to_numpy()] == 78).any()


@pytest.mark.parametrize(
    ("wave", "there"), [(2010, True), (2012, False), (2016, False), (2018, True)]
)
def test_sampling_units_are_in_the_files_that_have_them(wave, there):
    assert ("psu" in raw_columns(wave)[1]) is there


def test_contract_codes_reverse_between_waves():
    assert cgss.codes(2013, "contract")["none"] == [3] == cgss.codes(2015, "contract")["fixed_term"]
    assert cgss.codes(2013, "party")[1.0] == [1] and cgss.codes(2015, "party")[1.0] == [4]


def test_provinces_stand_in_the_private_order_in_2015():
    assert cgss.labels(2015, "province")[4] == "北京市"
    assert cgss.labels(2013, "province")[11] == "北京市"


# --- the files themselves -----------------------------------------------------------------------


def test_files_carry_the_mark_and_the_encoding(tmp_path):
    for encoding, version in (("utf-8", b"118"), ("gb18030", b"117")):
        write_raw("cfps", tmp_path / encoding, [2018], SEED, 50, ".dta", encoding)
        raw = (tmp_path / encoding / "cfps2018person_202012.dta").read_bytes()
        assert b"<release>" + version in raw[:60]
        assert "simulated 模拟数据".encode(encoding) in raw
        assert "是否是工会成员".encode(encoding) in raw


def test_chosen_waves_only_and_the_same_bytes_by_seed(tmp_path):
    names = []
    for folder in ("a", "b"):
        paths = write_raw("cgss", tmp_path / folder, [2015, 2018], SEED, 50, ".sav")
        names.append([path.name for path in paths])
    assert names[0] == ["cgss2015_14.sav", "CGSS2018.sav"]
    import pyreadstat

    one, two = (pyreadstat.read_sav(tmp_path / f / "cgss2015_14.sav")[0] for f in ("a", "b"))
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize(("asked", "words"), [
    ({"survey": "clds"}, "clds.*cfps, cgss"),
    ({"waves": [2011]}, "2011"),
    ({"kind": ".sav", "encoding": "gb18030"}, r"\.sav in utf-8"),
])  # fmt: skip
def test_what_cannot_be_written_is_refused_in_one_sentence(tmp_path, asked, words):
    with pytest.raises(UserError, match=words):
        write_raw(**{"survey": "cfps", "folder": tmp_path, "size": 20, **asked})
    assert not list(tmp_path.iterdir())
