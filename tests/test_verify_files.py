"""One committed file beside the rebuilt one: the verdict is decided by kind of file and number."""

import io
import math
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.files import named_hashes
from analysis.pipeline.manifest import COLUMNS
from analysis.verification.comparison.exhibits import exhibit_of
from analysis.verification.comparison.files import compare_file
from analysis.verification.comparison.tolerance import distance, within
from analysis.verification.comparison.trees import compare_trees
from analysis.verification.comparison.verdicts import Verdict

SAME, OTHER = b" a.csv sha256 " + b"0" * 64, b" a.csv sha256 " + b"1" * 64
DRAWING = b"<p>rate 0.12</p><svg><path d='%s'/><!--%s--></svg>"


def word_file(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("_", "."), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "before", "after", "verdict"),
    [
        ("results/a.csv", b"name,x\na,1.000000\n", b"name,x\na,1.000001\n", Verdict.MINOR),
        ("results/a.csv", b"name,x\na,1.000000\n", b"name,x\na,1.001000\n", Verdict.DIFFERS),
        ("results/a.csv", b"name,x\na,-0.500000\n", b"name,x\na,0.500000\n", Verdict.DIFFERS),
        ("results/a.csv", b"name,cases\na,693465\n", b"name,cases\na,693466\n", Verdict.DIFFERS),
        ("results/a.csv", b"name,x\na,1.0\n", b"name,x\n", Verdict.DIFFERS),
        ("results/a.csv", b"name,x,y\na,1.0,2.0\n", b"name,x\na,1.0\n", Verdict.DIFFERS),
        ("results/a.csv", b"name,x\na,1.0\nb,2.0\n", b"name,x\nb,2.0\na,1.0\n", Verdict.REPRODUCED),
        ("results/a.csv", b"name,x\na,1.0\n", b"\xff\xfe\x00", Verdict.DIFFERS),
        ("results/a.csv", b"name,x\na,1.0\n", b'name,x\na,1.0,3,"\n', Verdict.DIFFERS),
        ("tables/a_en.md", b"| 0.12 |", b"| 0.13 |", Verdict.MINOR),
        ("tables/a_en.md", b"| 0.12 |", b"| 0.14 |", Verdict.DIFFERS),
        ("tables/a_en.csv", b"a\n0.12\n", b"a\n0.14\n", Verdict.DIFFERS),
        ("tables/a_en.md", b"| 12 |", b"| 13 |", Verdict.DIFFERS),
        ("tables/a_en.md", b"| yes |", b"| no |", Verdict.DIFFERS),
        ("figures/a_en.png", b"x" + SAME, b"y" + SAME, Verdict.REPRODUCED),
        ("figures/a_en.png", b"x" + SAME, b"x" + OTHER, Verdict.DIFFERS),
        ("jieli_en.pdf", b"x" + SAME, b"y" + SAME, Verdict.REPRODUCED),
        ("jieli_en.pdf", b"x", b"y", Verdict.DIFFERS),
        ("index_en.html", DRAWING % (b"M 1", SAME), DRAWING % (b"M 2", SAME), Verdict.REPRODUCED),
        ("index_en.html", DRAWING % (b"M 1", SAME), DRAWING % (b"M 1", OTHER), Verdict.DIFFERS),
        ("index_en.html", b"<p>rate 0.12</p>", b"<p>rate 0.21</p>", Verdict.DIFFERS),
        ("tables/a_en.docx", word_file(a_xml=b"0.12"), word_file(a_xml=b"0.21"), Verdict.DIFFERS),
        ("tables/a_en.docx", word_file(a_xml=b"0.12"), word_file(a_xml=b"0.13"), Verdict.MINOR),
        ("tables/a_en.docx", word_file(a_jpg=b"\xff1"), word_file(a_jpg=b"\xff2"), Verdict.DIFFERS),
        ("tables/a_en.docx", word_file(a_xml=b"1"), word_file(b_xml=b"1"), Verdict.DIFFERS),
        ("tables/a_en.docx", word_file(a_xml=b"1"), b"cut off", Verdict.DIFFERS),
        ("results/a.csv", b"x\n1\n", None, Verdict.MISSING),
        ("results/a.csv", None, b"x\n1\n", Verdict.MISSING),
        ("results/a.bin", b"1", b"2", Verdict.DIFFERS),
    ],
)
def test_a_verdict_is_decided_by_kind_of_file(name, before, after, verdict):
    assert compare_file(name, before, after).verdict is verdict


def test_the_place_of_a_difference_in_print_is_shown_where_it_stands():
    line = b"word " * 60
    found = compare_file("tables/a_en.md", line + b"yes", line + b"no")
    assert found.place.en.endswith("yes -> word word word word word word no")


def test_a_packed_file_with_the_same_parts_is_reproduced():
    stored, again = (word_file(a_xml=b"1", b_xml=b"2"), word_file(b_xml=b"2", a_xml=b"1"))
    found = compare_file("tables/a_en.docx", stored, again)
    assert found.verdict is Verdict.REPRODUCED
    assert found.note.en == "packed otherwise; the same parts"


def test_word_s_column_widths_are_layout_and_its_cells_are_not():
    cell = b'<w:gridCol w:w="%s"/><w:t>%s</w:t>'
    wide, narrow = (word_file(a_xml=cell % (width, b"0.12")) for width in (b"9067", b"9062"))
    found = compare_file("tables/a_en.docx", wide, narrow)
    assert found.verdict is Verdict.REPRODUCED
    assert found.note.en == "laid out otherwise; the same words and numbers"
    other = word_file(a_xml=cell % (b"9067", b"0.21"))
    assert compare_file("tables/a_en.docx", wide, other).verdict is Verdict.DIFFERS


def test_another_rendering_of_the_same_numbers_is_said():
    found = compare_file("figures/a_en.png", b"x" + SAME, b"y" + SAME)
    assert "rendering differs" in found.note.en


def tree(folder, value, drawn=None):
    """Return a reports folder: rows, a figure that draws them, a page and a PDF with it."""
    (folder / "plotted").mkdir(parents=True)
    rows = folder / "plotted" / "a.csv"
    rows.write_text(f"name,x\na,{value}\n")
    drawn = drawn or named_hashes([rows])
    (folder / "a_en.png").write_bytes(f"pixels {drawn}".encode())
    (folder / "jieli_en.pdf").write_bytes(f"set {value} {drawn}".encode())
    (folder / "index_en.html").write_text(f"<p>words</p><svg><desc>{drawn}</desc></svg>")
    names = ("a_en.png", "index_en.html", "jieli_en.pdf", "plotted/a.csv")
    lines = [",".join(COLUMNS), *(f"{name},," for name in names)]
    (folder / "manifest.csv").write_text("\n".join(lines))
    return folder


@pytest.mark.parametrize(
    ("value", "verdict", "note"),
    [
        ("340763.831663", Verdict.REPRODUCED, ""),
        ("340763.831664", Verdict.MINOR, "drawn from numbers within the tolerance"),
        ("340799.000000", Verdict.DIFFERS, ""),
    ],
)
def test_a_drawing_is_as_near_as_the_rows_that_it_draws(tmp_path, value, verdict, note):
    before, after = tree(tmp_path / "before", "340763.831663"), tree(tmp_path / "after", value)
    found = {one.file: one for one in compare_trees(before, after)}
    assert {one.verdict for one in found.values()} == {verdict}
    assert found["a_en.png"].note.en == note


def test_a_drawing_of_rows_that_are_not_there_differs(tmp_path):
    before = tree(tmp_path / "before", "1.000000")
    after = tree(tmp_path / "after", "1.000001", drawn=f"a.csv sha256 {'1' * 64}")
    verdicts = {found.file: found.verdict for found in compare_trees(before, after)}
    assert verdicts.pop("plotted/a.csv") is Verdict.MINOR
    assert set(verdicts.values()) == {Verdict.DIFFERS}


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e3))
def test_tolerance_is_symmetric_in_sign_and_never_passes_a_large_step(value, step):
    step = max(step, abs(value) * 1e-3)
    assert within("estimate", repr(value), repr(value))
    assert not within("estimate", repr(value), repr(value + step))
    assert not within("estimate", repr(-value), repr(-value - step))


@given(st.floats(1e-4, 1e6), st.floats(1e-4, 1e6))
def test_a_sign_never_changes_within_the_tolerance(one, other):
    assert not within("estimate", repr(one), repr(-other))
    assert not within("p_value", repr(one), repr(-other))


@given(st.integers(-(10**9), 10**9), st.integers(1, 10))
def test_whole_numbers_are_exact(number, step):
    assert not within("n_obs", str(number), str(number + step))
    assert not within("extras", f'{{"n": {number}}}', f'{{"n": {number + step}}}')


@pytest.mark.parametrize(
    ("before", "after", "apart"),
    [
        ('{"f": 1.0, "g": 2.0}', '{"f": 1.0, "g": 2.5}', 0.5),
        ('{"f": 1.0}', '{"g": 1.0}', math.inf),
        ('{"f": [1.0, 2.0]}', '{"f": [1.0, 2.25]}', 0.25),
        ('{"f": [1.0, 2.0]}', '{"f": [1.0]}', math.inf),
        ('{"f": {"a": 1.0}}', '{"f": {"a": 1.5}}', 0.5),
        ('{"f": "mammen"}', '{"f": "webb"}', math.inf),
    ],
)
def test_objects_are_as_far_apart_as_their_values(before, after, apart):
    assert distance(before, after) == apart
    assert not within("extras", before, after)


def test_each_value_of_an_object_is_judged_by_its_own_size():
    """A large value beside it does not excuse a small one."""
    assert within("extras", '{"a": 1e6, "b": 1.0}', '{"a": 1000000.1, "b": 1.0}')
    assert not within("extras", '{"a": 1e6, "b": 1.0}', '{"a": 1e6, "b": 1.1}')
    assert within("extras", '{"r": [1.0, 2.0]}', '{"r": [1.0, 2.000001]}')


@pytest.mark.parametrize(
    ("file", "name", "chinese"),
    [
        ("results/estimates/vella_verbeek.csv", "estimates vella_verbeek", "估计 vella_verbeek"),
        ("figures/growth_zh.png", "figure growth", "图 growth"),
        ("simulated/tables/power_en.md", "simulated table power", "模拟表 power"),
        ("regional/plotted/map.csv", "regional rows drawn or printed map", "地区图表数据 map"),
        ("index_en.html", "report index", "报告 index"),
    ],
)
def test_an_exhibit_is_named_by_kind(file, name, chinese):
    assert exhibit_of(file) == (name, chinese)
