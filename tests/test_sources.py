"""Raw files to tidy tables: encodings, printed values side by side, and how far each is trusted."""

import pandas as pd
import pytest

from analysis.files import read_rows
from analysis.messages import UserError
from analysis.sources import confirm_figure, process_raw, seal
from analysis.status import STATUSES, is_provisional, strongest, weakest

ENCODINGS = {
    "UTF-8 with BOM": lambda text: text.encode("utf-8-sig"),
    "GB18030": lambda text: text.encode("gb18030"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode("utf-8"),
    "GB18030 with CRLF": lambda text: text.replace("\n", "\r\n").encode("gb18030"),
    "UTF-8 with BOM and CRLF": lambda text: text.replace("\n", "\r\n").encode("utf-8-sig"),
    "bare CR": lambda text: text.replace("\n", "\r").encode("utf-8"),
}


# --- encodings --------------------------------------------------------------------------------


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_the_same_tables_come_of_every_encoding(raw_folder, encode):
    disputes = raw_folder / "national_disputes.csv"
    text = disputes.read_text(encoding="utf-8")
    row = "1997,cases_accepted,71524,unverified,"
    chinese = text.replace(row, f"{row}《中国劳动统计年鉴》")
    disputes.write_text(chinese, encoding="utf-8", newline="\n")
    seal(disputes)
    plain = process_raw(raw_folder)

    for path in raw_folder.glob("*.csv"):
        path.write_bytes(encode(path.read_text(encoding="utf-8")))
        seal(path)
    other = process_raw(raw_folder)

    pd.testing.assert_frame_equal(other.codebook, plain.codebook)
    for name, table in plain.tables.items():
        pd.testing.assert_frame_equal(other.tables[name], table)
    figure = _of(other.tables["national_disputes"], "cases_accepted", 1997)
    assert figure["source"].tolist() == ["《中国劳动统计年鉴》"]
    assert "北京" in set(other.tables["provinces"]["name_zh_short"])


def test_every_raw_file_becomes_a_table_with_a_place_in_the_codebook(raw_folder):
    processed = process_raw(raw_folder)
    names = {path.stem for path in raw_folder.glob("*.csv")} | {"literature_effects"}
    assert set(processed.tables) == names
    assert set(processed.codebook["table"]) == names
    assert all(len(table) for table in processed.tables.values())


def test_the_codebook_names_the_years_without_a_figure(raw_folder):
    codebook = process_raw(raw_folder).codebook.set_index(["table", "variable"])
    cases = codebook.loc[("national_disputes", "cases_accepted")]
    assert cases["missing"] == "1992 1993"
    assert (cases["first_year"], cases["last_year"], cases["n"]) == (1991, 2019, 27)


# --- vintages ---------------------------------------------------------------------------------


def _of(table: pd.DataFrame, variable: str, year: int) -> pd.DataFrame:
    rows = table[(table["variable"] == variable) & (table["year"] == year)]
    return rows.set_index("vintage")


def _cases(folder, year: int) -> pd.DataFrame:
    return _of(process_raw(folder).tables["national_disputes"], "cases_accepted", year)


def _confirm(folder, year: int, value: float, **more: str) -> None:
    words = {"source": "China Labour Statistical Yearbook", "by": "A tester", **more}
    confirm_figure(year, "cases_accepted", value, folder=folder, **words)


def test_1996_has_two_printed_values_and_the_main_series_own_is_in_use(raw_folder):
    printed = _cases(raw_folder, 1996)
    assert printed["value"].to_dict() == {"main": 48121, "earlier": 47951}
    assert printed["in_use"].to_dict() == {"main": True, "earlier": False}


def test_confirming_the_printed_value_makes_it_verified_and_names_who_read_it(raw_folder):
    _confirm(raw_folder, 1997, 71524, page="412")
    printed = _cases(raw_folder, 1997)
    assert printed["value"].to_dict() == {"main": 71524}
    assert printed.loc["main", "status"] == "verified"
    assert printed.loc["main", "in_use"]
    for part in ("China Labour Statistical Yearbook", "412", "A tester"):
        assert part in printed.loc["main", "source"]


def test_another_value_stands_beside_a_weaker_printed_one_and_is_in_use(raw_folder):
    before = _cases(raw_folder, 1997)
    _confirm(raw_folder, 1997, 71000)
    after = _cases(raw_folder, 1997)
    assert after["value"].to_dict() == {"main": 71524, "confirmed": 71000}
    assert after["in_use"].to_dict() == {"main": False, "confirmed": True}
    assert after["status"].to_dict() == {"main": "unverified", "confirmed": "verified"}
    assert before["value"].to_dict() == {"main": 71524}


def test_another_value_does_not_displace_one_verified_already(raw_folder):
    _confirm(raw_folder, 1999, 120000)
    printed = _cases(raw_folder, 1999)
    assert printed["value"].to_dict() == {"main": 120191, "confirmed": 120000}
    assert printed["in_use"].to_dict() == {"main": True, "confirmed": False}


def test_confirming_the_earlier_value_of_1996_puts_it_in_use(raw_folder):
    _confirm(raw_folder, 1996, 47951)
    printed = _cases(raw_folder, 1996)
    assert printed["value"].to_dict() == {"main": 48121, "earlier": 47951}
    assert printed["in_use"].to_dict() == {"main": False, "earlier": True}
    assert printed.loc["earlier", "status"] == "verified"
    assert printed.loc["main", "status"] == "verified_secondary"


def test_confirming_both_values_of_1996_leaves_the_main_one_in_use(raw_folder):
    _confirm(raw_folder, 1996, 47951)
    _confirm(raw_folder, 1996, 48121)
    assert _cases(raw_folder, 1996)["in_use"].to_dict() == {"main": True, "earlier": False}


def test_confirmations_change_no_other_figure_and_never_the_raw_table(raw_folder):
    raw = (raw_folder / "national_disputes.csv").read_bytes()
    before = process_raw(raw_folder).tables
    _confirm(raw_folder, 1997, 71000)
    _confirm(raw_folder, 1996, 47951)
    after = process_raw(raw_folder).tables

    assert (raw_folder / "national_disputes.csv").read_bytes() == raw
    pd.testing.assert_frame_equal(after["national_denominators"], before["national_denominators"])
    kept, now = (
        tables["national_disputes"].query(
            "variable != 'cases_accepted' or year not in (1996, 1997)"
        )
        for tables in (before, after)
    )
    pd.testing.assert_frame_equal(now.reset_index(drop=True), kept.reset_index(drop=True))


def test_exactly_one_value_of_each_figure_is_in_use(raw_folder):
    for year, value in ((1996, 47951), (1997, 71000), (1997, 71001), (1999, 120000)):
        _confirm(raw_folder, year, value)
    disputes = process_raw(raw_folder).tables["national_disputes"]
    assert (disputes.groupby(["variable", "year"])["in_use"].sum() == 1).all()


def test_a_figure_read_twice_alike_is_one_vintage_with_the_last_readers_name(raw_folder):
    _confirm(raw_folder, 1997, 71000, by="First reader")
    _confirm(raw_folder, 1997, 71000, by="Second reader")
    printed = _cases(raw_folder, 1997)
    assert printed["value"].to_dict() == {"main": 71524, "confirmed": 71000}
    assert "Second reader" in printed.loc["confirmed", "source"]
    assert len(read_rows(raw_folder / "national_disputes.confirmations.csv")) == 2


def test_an_edited_confirmation_is_refused_until_sealed(raw_folder):
    _confirm(raw_folder, 1997, 71524)
    path = raw_folder / "national_disputes.confirmations.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("71524", "71525"), encoding="utf-8")
    with pytest.raises(UserError, match=r"national_disputes\.confirmations\.csv"):
        process_raw(raw_folder)
    seal(path)
    assert _cases(raw_folder, 1997)["value"].to_dict() == {"main": 71524, "confirmed": 71525}


def test_the_next_confirmation_does_not_seal_an_edit_along_the_way(raw_folder):
    _confirm(raw_folder, 1997, 71524)
    path = raw_folder / "national_disputes.confirmations.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("71524", "71525"), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(UserError, match=r"national_disputes\.confirmations\.csv"):
        _confirm(raw_folder, 1998, 93649)
    assert path.read_bytes() == before


# --- statuses ---------------------------------------------------------------------------------


def test_the_weakest_of_several_statuses_is_the_least_trusted():
    assert weakest(["verified", "unverified", "corroborated"]) == "unverified"
    assert weakest(["verified_secondary", "verified"]) == "verified_secondary"
    assert weakest(["adds_up", "derived"]) == "adds_up"
    assert weakest(["article", "verified"]) == "verified"
    assert weakest([]) == ""


def test_the_strongest_of_several_statuses_is_the_most_trusted():
    assert strongest(["unverified", "corroborated", "adds_up"]) == "corroborated"
    assert strongest(["verified_secondary", "verified"]) == "verified"
    assert strongest([]) == ""


def test_an_unknown_status_has_no_rank():
    with pytest.raises(ValueError):
        weakest(["verified", "hearsay"])


def test_what_is_read_nowhere_is_provisional_and_what_is_read_somewhere_is_not():
    provisional = {status: is_provisional(status) for status in STATUSES}
    assert provisional == {
        "article": False,
        "verified": False,
        "verified_secondary": False,
        "corroborated": False,
        "derived": True,
        "adds_up": True,
        "unverified": True,
    }
    assert not is_provisional("")
