"""Wrong raw files, from outside: one sentence that names the file, exit code 2, nothing written."""

import csv
import io
import re

import pytest

from analysis.sources import seal

DISPUTES = "data/raw/national_disputes.csv"
SIDECAR = f"{DISPUTES}.meta.toml"
CASES_1998 = "1998,cases_accepted,93649,unverified,"
ROW_1998 = 40
WRITTEN = ("reports", "data/processed")


def swap(old: str, new: str):
    def corrupt(project) -> None:
        project.replace(DISPUTES, old, new)

    return corrupt


def rewrite(change):
    def corrupt(project) -> None:
        path = project.path(DISPUTES)
        path.write_bytes(change(path.read_bytes()))

    return corrupt


def drop_column(name: str):
    def change(content: bytes) -> bytes:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
        at = rows[0].index(name)
        buffer = io.StringIO(newline="")
        csv.writer(buffer, lineterminator="\n").writerows(row[:at] + row[at + 1 :] for row in rows)
        return buffer.getvalue().encode("utf-8")

    return rewrite(change)


def be_a_directory(project) -> None:
    project.path(DISPUTES).unlink()
    project.path(DISPUTES).mkdir()


def remove(*names: str):
    def corrupt(project) -> None:
        for name in names:
            project.path(name).unlink()

    return corrupt


# what is wrong: (how to make it so, what the sentence says beside the file)
CONTENTS = {
    "missing column": (drop_column("status"), "row 1: .*missing status;"),
    "missing first column": (drop_column("year"), "row 1: .*missing year;"),
    "letters in a number": (
        swap(CASES_1998, CASES_1998.replace("93649", "93b49")),
        f"row {ROW_1998}, column value: found '93b49'",
    ),
    "duplicate year": (
        swap(CASES_1998, f"{CASES_1998}\n{CASES_1998}"),
        f"row ({ROW_1998}|{ROW_1998 + 1}), .*1998, cases_accepted",
    ),
    "negative count": (
        swap(CASES_1998, CASES_1998.replace("93649", "-93649")),
        f"row {ROW_1998}, column value: found '-93649'",
    ),
    "unknown status": (
        swap(CASES_1998, CASES_1998.replace("unverified", "hearsay")),
        f"row {ROW_1998}, column status: found 'hearsay'; .*verified_secondary",
    ),
    "empty file": (rewrite(lambda content: b""), "empty"),
    "byte order mark alone": (rewrite(lambda content: b"\xef\xbb\xbf"), "empty"),
    "header only": (rewrite(lambda content: content.splitlines(True)[0]), "no rows"),
    "UTF-16": (rewrite(lambda content: content.decode().encode("utf-16")), "UTF-8"),
    "NUL bytes": (rewrite(lambda content: content.replace(b"1998", b"19\0008", 1)), "NUL"),
    "open quote": (swap(CASES_1998, f'{CASES_1998}"see'), ""),
}
PLACES = {
    "wrong hash": (swap(CASES_1998, CASES_1998.replace("93649", "93650")), "seal"),
    "lone sidecar": (remove(DISPUTES), "does not exist"),
    "no sidecar": (remove(SIDECAR), "no sidecar"),
    "neither file nor sidecar": (remove(DISPUTES, SIDECAR), "does not exist"),
    "directory": (be_a_directory, "directory"),
    "sidecar is not TOML": (lambda project: project.path(SIDECAR).write_text("a = ="), "TOML"),
}


def refused(project, *arguments: str, **environment: str) -> str:
    """Run a verb that must refuse; return its one line on stderr."""
    before = project.snapshot(*WRITTEN)
    outcome = project.run(*arguments, **environment)
    assert outcome.returncode == 2, (outcome.returncode, outcome.stdout, outcome.stderr)
    assert "Traceback" not in outcome.stderr + outcome.stdout
    assert len(outcome.stderr.splitlines()) == 1, outcome.stderr
    assert project.snapshot(*WRITTEN) == before
    return outcome.stderr


@pytest.mark.parametrize("kind", CONTENTS)
def test_a_wrong_content_is_refused_in_one_line_and_nothing_is_written(small, kind):
    corrupt, words = CONTENTS[kind]
    corrupt(small)
    seal(small.path(DISPUTES))
    sentence = refused(small, "reproduce")
    assert DISPUTES in sentence
    assert re.search(words, sentence), sentence


@pytest.mark.parametrize("kind", PLACES)
def test_a_file_out_of_place_is_refused_in_one_line_and_nothing_is_written(small, kind):
    corrupt, words = PLACES[kind]
    corrupt(small)
    sentence = refused(small, "reproduce")
    assert DISPUTES in sentence
    assert re.search(words, sentence), sentence


@pytest.mark.parametrize(
    ("kind", "words", "lang", "arguments"),
    [
        ("negative count", f"第 {ROW_1998} 行、value 列", "zh", []),
        ("wrong hash", "与来源说明不符", "en", ["--lang", "zh"]),
        ("no sidecar", "没有来源说明", "zh", []),
    ],
)
def test_the_refusal_is_in_the_users_chinese(small, kind, words, lang, arguments):
    corrupt, _ = {**CONTENTS, **PLACES}[kind]
    corrupt(small)
    if kind in CONTENTS:
        seal(small.path(DISPUTES))
    sentence = refused(small, "reproduce", *arguments, lang=lang)
    assert DISPUTES in sentence
    assert words in sentence
    assert not re.search(r"\b(row|found|expected|has)\b", sentence)


@pytest.mark.parametrize("verb", ["figures", "tables", "claims", "confirm", "status"])
def test_every_verb_that_reads_the_raw_files_refuses_them_alike(small, verb):
    swap(CASES_1998, CASES_1998.replace("93649", "93650"))(small)
    assert DISPUTES in refused(small, verb)


def test_where_nothing_was_ever_built_a_refusal_leaves_nothing_behind(fresh):
    fresh.path(SIDECAR).unlink()
    before = fresh.snapshot("data")
    assert DISPUTES in refused(fresh, "reproduce")
    assert not fresh.path("reports").exists()
    assert fresh.snapshot("data") == before


def test_the_build_goes_on_as_if_nothing_had_been_once_the_file_is_right_again(small):
    right = small.path(DISPUTES).read_bytes()
    before = small.snapshot(*WRITTEN)
    small.path(DISPUTES).write_bytes(b"")
    refused(small, "reproduce")
    small.path(DISPUTES).write_bytes(right)
    outcome = small.run("reproduce")
    assert outcome.returncode == 0, outcome.stderr
    assert "up to date" in outcome.stdout
    assert small.snapshot(*WRITTEN) == before


@pytest.mark.parametrize(
    ("name", "start"),
    [
        (DISPUTES, "1998,cases_accepted,"),
        ("data/raw/article_claims.csv", "disp-avg-growth,"),
        ("data/raw/national_denominators.csv", "2003,grassroots_unions_10k,"),
    ],
)
def test_a_row_that_a_claim_needs_may_be_missing_without_a_traceback(small, name, start):
    lines = small.path(name).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(start)]
    assert len(kept) == len(lines) - 1
    small.path(name).write_text("".join(kept), encoding="utf-8", newline="\n")
    seal(small.path(name))
    outcome = small.run("claims")
    assert "Traceback" not in outcome.stderr, outcome.stderr
    assert outcome.returncode in (0, 2)
