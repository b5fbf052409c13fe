"""Sidecars: every raw file is tied to what is known of its origin, and only a seal renews the tie."""

import re
import tomllib

import pytest

from analysis.messages import UserError
from analysis.sources import process_raw, seal, sidecar_path

NAME = "national_disputes.csv"
KEYS = ("producer", "title", "citation", "licence", "accessed", "sha256", "notes")


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("JIELI_LANG", "en")


@pytest.fixture
def table(raw_folder):
    return raw_folder / NAME


def refusal(folder) -> str:
    with pytest.raises(UserError) as refused:
        process_raw(folder)
    assert len(str(refused.value).splitlines()) == 1
    return str(refused.value)


def edit(path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


# --- the tie ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["national_disputes.csv", "policy_dates.csv", "provinces.csv"])
def test_a_file_that_is_not_the_one_described_is_refused(raw_folder, name):
    path = raw_folder / name
    path.write_bytes(path.read_bytes() + b"\n")
    sentence = refusal(raw_folder)
    assert name in sentence
    assert "seal" in sentence


def test_a_file_without_a_sidecar_is_refused(raw_folder, table):
    sidecar_path(table).unlink()
    assert f"{NAME}.meta.toml" in refusal(raw_folder)


def test_a_sidecar_without_its_file_is_refused(raw_folder, table):
    table.unlink()
    sentence = refusal(raw_folder)
    assert f"{NAME}.meta.toml" in sentence
    assert "does not exist" in sentence


def test_a_file_that_vanished_with_its_sidecar_is_refused(raw_folder, table):
    table.unlink()
    sidecar_path(table).unlink()
    assert f"{NAME} does not exist" in refusal(raw_folder)


def test_a_directory_of_a_tables_name_is_refused(raw_folder, table):
    table.unlink()
    table.mkdir()
    assert f"{NAME} is a directory" in refusal(raw_folder)


@pytest.mark.parametrize("key", KEYS)
def test_a_sidecar_without_a_key_is_refused_by_that_key(raw_folder, table, key):
    place = sidecar_path(table)
    edit(place, f"\n{key} = " if key != KEYS[0] else f"{key} = ", f"\nother_{key} = ")
    sentence = refusal(raw_folder)
    assert f"{NAME}.meta.toml, key {key}:" in sentence


@pytest.mark.parametrize("value", ['""', '"  "', "7", '["a"]'])
def test_a_sidecar_whose_key_says_nothing_is_refused(raw_folder, table, value):
    place = sidecar_path(table)
    text = place.read_text(encoding="utf-8")
    place.write_text(re.sub("(?m)^licence = .*$", f"licence = {value}", text), encoding="utf-8")
    assert f"{NAME}.meta.toml, key licence:" in refusal(raw_folder)


@pytest.mark.parametrize("notes", ['"one note"', "[1, 2]"])
def test_notes_that_are_no_list_of_texts_are_refused(raw_folder, table, notes):
    place = sidecar_path(table)
    text = place.read_text(encoding="utf-8").partition("notes = ")[0]
    place.write_text(f"{text}notes = {notes}\n", encoding="utf-8")
    assert f"{NAME}.meta.toml, key notes:" in refusal(raw_folder)


@pytest.mark.parametrize("content", [b"not = = toml", b"producer", b"", b"\xff\xff\xff", b"a\0b"])
def test_a_sidecar_that_is_not_toml_is_refused(raw_folder, table, content):
    sidecar_path(table).write_bytes(content)
    assert f"{NAME}.meta.toml" in refusal(raw_folder)


def test_a_table_that_nothing_reads_is_refused_though_its_sidecar_is_sound(raw_folder, table):
    stranger = raw_folder / "strikes.csv"
    stranger.write_bytes(table.read_bytes())
    sidecar_path(stranger).write_bytes(sidecar_path(table).read_bytes())
    sentence = refusal(raw_folder)
    assert "strikes.csv" in sentence
    assert NAME in sentence


@pytest.mark.parametrize("name", [".~lock.provinces.csv#", "~$provinces.csv", "._provinces.csv"])
def test_what_an_office_program_leaves_beside_an_open_file_is_passed_over(raw_folder, name):
    (raw_folder / name).write_bytes(b"\0lock")
    assert process_raw(raw_folder).tables


def test_a_sidecar_with_bom_and_crlf_is_read(raw_folder, table):
    place = sidecar_path(table)
    text = place.read_text(encoding="utf-8").replace("\n", "\r\n")
    place.write_bytes(text.encode("utf-8-sig"))
    assert process_raw(raw_folder).tables


# --- the seal ---------------------------------------------------------------------------------


@pytest.fixture
def edited(table):
    """A table edited on purpose, its sidecar with comments and keys of the user's own."""
    place = sidecar_path(table)
    text = place.read_text(encoding="utf-8")
    text = re.sub("(?m)^(sha256 = .*)$", r"\1  # of the whole file", text)
    text = f'# kept by the library\nurl = "https://example.org/表"\n{text}'
    place.write_text(f'{text}\n[contact]\nname = "王"  # ask first\n', encoding="utf-8")
    edit(table, "1997,cases_accepted,71524,", "1997,cases_accepted,71525,")
    return table


def test_a_seal_ties_the_edited_file_to_its_sidecar_again(raw_folder, edited):
    assert NAME in refusal(raw_folder)
    assert seal(edited, "a misprint")
    disputes = process_raw(raw_folder).tables["national_disputes"]
    figure = disputes.query("variable == 'cases_accepted' and year == 1997")
    assert figure["value"].tolist() == [71525]


def test_a_seal_adds_one_dated_note_with_the_reason(edited):
    before = tomllib.loads(sidecar_path(edited).read_text(encoding="utf-8"))
    seal(edited, "a misprint")
    after = tomllib.loads(sidecar_path(edited).read_text(encoding="utf-8"))
    *earlier, last = after["notes"]
    assert earlier == before["notes"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d\b.*a misprint", last)


def test_a_seal_keeps_comments_and_every_other_key(edited):
    place = sidecar_path(edited)
    before = place.read_text(encoding="utf-8")
    seal(edited)
    after = place.read_text(encoding="utf-8")
    for comment in ("# kept by the library", "# of the whole file", "# ask first"):
        assert comment in after
    old, new = tomllib.loads(before), tomllib.loads(after)
    assert list(old) == list(new)
    changed = {key for key in old if old[key] != new[key]}
    assert changed == {"sha256", "notes"}


def test_a_second_seal_changes_nothing(edited):
    assert seal(edited)
    once = sidecar_path(edited).read_bytes()
    assert not seal(edited)
    assert sidecar_path(edited).read_bytes() == once


def test_sealing_one_file_leaves_every_other_file_alone(raw_folder, edited):
    before = {path.name: path.read_bytes() for path in raw_folder.rglob("*.*")}
    seal(edited)
    after = {path.name: path.read_bytes() for path in raw_folder.rglob("*.*")}
    assert {name for name in after if after[name] != before.get(name)} == {f"{NAME}.meta.toml"}
    assert set(before) == set(after)


def test_a_file_without_a_sidecar_cannot_be_sealed(table):
    sidecar_path(table).unlink()
    with pytest.raises(UserError, match=r"national_disputes\.csv has no sidecar"):
        seal(table)
    assert not sidecar_path(table).exists()
