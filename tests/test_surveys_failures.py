"""Files that cannot be used: one clear message each, in both languages; other waves still read."""

import numpy as np
import pytest
from survey_raw import GB, cfps2018, cgss, write, write_cfps2018, write_cgss

from analysis.messages import UserError, message
from analysis.sources.surveys import read_survey


def the_problem(name, folder, rows_of_others=None):
    """Return the one problem of a read, after checking that it is one in both languages."""
    read = read_survey(name, folder)
    (problem,) = read.problems
    for language in ("en", "zh"):
        words = message(problem.key, language, **problem.fields)
        assert "\n" not in words
    assert rows_of_others is None or len(read.frame) == rows_of_others
    return str(problem)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("JIELI_LANG", "en")


@pytest.mark.parametrize("kind", ["dta", "sav"])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.9, 0.99])
def test_a_file_cut_short(tmp_path, kind, share):
    write_cgss(tmp_path, 2013)
    path = write_cgss(tmp_path, 2015, name=f"cgss2015.{kind}")
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert "cut short or damaged" in the_problem("cgss", tmp_path, rows_of_others=6)


def test_a_sav_whose_text_is_in_two_encodings(tmp_path):
    write_cgss(tmp_path, 2013)
    path = write_cgss(tmp_path, 2015, name="cgss2015.sav")
    mixed = path.read_bytes().replace("工会".encode(), "工会".encode(GB) + b"  ")
    path.write_bytes(mixed)
    assert "neither in the encoding" in the_problem("cgss", tmp_path, rows_of_others=6)


def test_a_wave_twice_names_both_files(tmp_path):
    write_cgss(tmp_path, 2013)
    write_cgss(tmp_path, 2015)
    write_cgss(tmp_path, 2015, name="CGSS2015.sav")
    words = the_problem("cgss", tmp_path, rows_of_others=6)
    assert "cgss2015_14.dta" in words and "CGSS2015.sav" in words and "Keep one" in words


def test_a_file_of_another_survey(tmp_path):
    write_cgss(tmp_path, 2013)
    write(cfps2018(), tmp_path / "cgss" / "cgss2015.dta")
    assert "another survey" in the_problem("cgss", tmp_path, rows_of_others=6)


def test_a_file_under_another_wave_s_name_is_known_by_its_labels(tmp_path):
    # the columns of 2013 under the name of 2012: the province codes differ
    write_cgss(tmp_path, 2013, name="cgss2012.dta")
    assert "s41" in the_problem("cgss", tmp_path)


def test_a_name_that_is_no_file_of_the_survey(tmp_path):
    write_cgss(tmp_path, 2013)
    write_cgss(tmp_path, 2015, name="my data.dta")
    assert "my data.dta" in the_problem("cgss", tmp_path, rows_of_others=6)


def test_a_wave_without_a_map(tmp_path):
    write_cgss(tmp_path, 2013)
    write_cgss(tmp_path, 2015, name="cgss2019.dta")
    assert "2019 has no map" in the_problem("cgss", tmp_path, rows_of_others=6)


def test_text_where_codes_are_due(tmp_path):
    frame = cfps2018()
    write_cfps2018(tmp_path, frame.assign(qg6=["forty"] * len(frame)))
    assert "qg6: text where numbers are due, such as 'forty'" in the_problem("cfps", tmp_path)


@pytest.mark.parametrize("label", ["是否是个体劳动者协会成员", "Attended a class reunion", ""])
def test_a_union_column_about_something_else_is_refused_by_the_label_found(tmp_path, label):
    write_cfps2018(tmp_path, labels={"qn4003": label})
    words = the_problem("cfps", tmp_path, rows_of_others=0)
    assert f"the label of qn4003 is '{label or '-'}'" in words
    assert "override.toml" in words


def test_an_override_names_the_union_column(tmp_path):
    frame = cfps2018().rename(columns={"qn4003": "qn9"})
    write_cfps2018(tmp_path, frame, labels={})
    assert "qn4003: no such column" in the_problem("cfps", tmp_path)
    override = '[[override]]\nwave = 2018\nfield = "union_member"\nvariable = "qn9"\n'
    (tmp_path / "cfps" / "override.toml").write_text(override, "utf-8")
    read = read_survey("cfps", tmp_path)
    assert read.problems == () and read.frame["union_member"].sum() == 1
    book = read.codebook.set_index("field")
    assert book.loc["union_member", "evidence"] == "user's override"


def test_codes_that_the_map_does_not_know_are_counted(tmp_path):
    frame = cfps2018()
    frame.loc[:2, "qg2"] = 42
    write_cfps2018(tmp_path, frame)
    assert "ownership: qg2: values not in the map: 42 (3x)" in the_problem("cfps", tmp_path)


def test_an_override_adds_codes_to_the_map_s(tmp_path):
    write_cfps2018(tmp_path, cfps2018().assign(qg2=[42.0] + [5.0] * 11))
    override = '[[override]]\nwave = 2018\nfield = "ownership"\ncodes = { 42 = "collective" }\n'
    (tmp_path / "cfps" / "override.toml").write_text(override, "utf-8")
    made = read_survey("cfps", tmp_path).frame["ownership"]
    assert made.tolist() == ["collective"] + ["foreign"] * 11


def test_every_trouble_of_a_file_stands_in_its_one_message(tmp_path):
    write_cfps2018(tmp_path, cfps2018().assign(qg2=42, qea0=9))
    words = the_problem("cfps", tmp_path)
    assert "qg2" in words and "qea0" in words


def test_a_number_that_the_file_itself_labels_missing_is_not_taken(tmp_path):
    frame = cfps2018().assign(qg11=9998.0)
    path = tmp_path / "cfps" / "cfps2018person_202012.dta"
    write(frame, path, {"qn4003": "是否是工会成员"}, {"qg11": {9998: "不知道"}})
    assert "the file labels 9998 as missing" in the_problem("cfps", tmp_path)


def test_an_id_stored_as_a_double_beyond_its_digits(tmp_path):
    frame = cfps2018()
    write_cfps2018(tmp_path, frame.assign(pid=2.0**53 + 2.0 * frame.index))
    assert "person_id: pid: stored as double" in the_problem("cfps", tmp_path)


def test_an_id_stored_in_single_precision(tmp_path):
    pid = (2.0**24 + 2.0 * np.arange(12)).astype("float32")
    write_cfps2018(tmp_path, cfps2018().assign(pid=pid), encoding=GB)
    assert "pid: stored as float" in the_problem("cfps", tmp_path)


def test_a_person_twice_in_a_wave(tmp_path):
    write_cgss(tmp_path, 2015, frame=cgss(2015, id=[1, 1, 2, 3, 4, 5]))
    assert "1 rows repeat one" in the_problem("cgss", tmp_path)


AGE = '[[override]]\nwave = 2018\nfield = "age"\nvariable = "age"\n'


@pytest.mark.parametrize("words", ['as = "code_text"', 'as = "constant"\nvalue = "old"'])
def test_a_recoding_that_does_not_fit_the_field_is_refused(tmp_path, words):
    write_cfps2018(tmp_path)
    (tmp_path / "cfps" / "override.toml").write_text(f"{AGE}{words}\n", "utf-8")
    assert "age: the recoding gives str" in the_problem("cfps", tmp_path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("override.toml", "[[override]\n"),
        ("override.toml", "[[override]]\nwave = 2018\n"),
        ("override.toml", '[[override]]\nwave = 2018\nfield = "wages"\nvariable = "x"\n'),
        (
            "override.toml",
            '[[override]]\nwave = 2018\nfield = "age"\nvariable = "x"\nas = "eval"\n',
        ),
        ("override.toml", ""),
        ("override.toml", AGE + "codes = 3\n"),
        ("override.toml", AGE + 'missing = ["refused"]\n'),
        ("override.toml", AGE + "codes = { 1 = [1] }\n"),
        ("override.toml", AGE + 'as = "contract_kind"\n'),
        ("override.toml", AGE + 'as = "days_times_hours"\nsecond = "x, y"\n'),
        ("map.toml", "[survey]\nname = 'x'\n"),
        ("map.toml", "[survey]\nfiles = '('\n[wave.2018]\n"),
    ],
)
def test_a_wrong_map_or_override_is_one_message(tmp_path, name, text):
    write_cfps2018(tmp_path)
    (tmp_path / "cfps" / name).write_text(text, "utf-8")
    with pytest.raises(UserError):
        read_survey("cfps", tmp_path)


def test_no_file_at_all_says_where_to_put_them(tmp_path):
    with pytest.raises(UserError, match=r"survey not found: cfps.*python -m analysis surveys"):
        read_survey("cfps", tmp_path)
