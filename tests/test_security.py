"""Hostile input reaches no code, leaves no folder, expands without bound nowhere, stays text."""

import ast
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.files import beside, inside
from analysis.messages import UserError
from analysis.paths import ROOT
from analysis.sources import read_data, read_data_file
from analysis.sources.regions import open_sheets
from analysis.sources.workbooks import check_workbook

CODE = sorted([*(ROOT / "analysis").rglob("*.py"), ROOT / "start.py"])
# what runs a text or a file's bytes as code
CALLS = {"eval", "exec", "compile", "__import__"}
METHODS = {"read_pickle", "to_pickle", "eval", "unsafe_load", "full_load"}
SHELLS = {"system", "popen"}
MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "yaml"}


# --- no code from files -----------------------------------------------------------------------


def dangers(tree: ast.AST) -> list[str]:
    """Name what could run input as code, with its line."""
    return [f"line {n.lineno}: {what}" for n in ast.walk(tree) if (what := danger(n))]


def danger(node: ast.AST) -> str:
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
        return next((name for name in names if name.partition(".")[0] in MODULES), "")
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Name) and node.func.id in CALLS:
        return node.func.id
    if isinstance(node.func, ast.Attribute):
        of_os = isinstance(node.func.value, ast.Name) and node.func.value.id == "os"
        if node.func.attr in (METHODS | SHELLS if of_os else METHODS):
            return node.func.attr
    risky = {"shell": True, "allow_pickle": True}
    return next((k.arg for k in node.keywords if k.arg in risky and is_true(k.value)), "")


def is_true(node: ast.AST) -> bool:
    """Say whether an argument may be true: only a plain False is not."""
    return not (isinstance(node, ast.Constant) and node.value is False)


@pytest.mark.parametrize(
    "code",
    [
        "eval(text)", "exec(text)", "import pickle", "from marshal import loads",
        "pd.read_pickle(path)", "frame.eval(text)", "os.system(text)",
        "subprocess.run(text, shell=True)", "np.load(path, allow_pickle=True)",
    ],
)  # fmt: skip
def test_the_scan_sees_what_it_looks_for(code):
    assert dangers(ast.parse(code))


def test_nothing_in_the_package_runs_input_as_code():
    found = {
        path.relative_to(ROOT).as_posix(): what
        for path in CODE
        if (what := dangers(ast.parse(path.read_bytes())))
    }
    assert found == {}


# --- paths ------------------------------------------------------------------------------------

OUTWARD = ["../x.csv", "a/../../x.csv", "/etc/passwd", "../../../../../../../../etc/hosts.csv"]


@pytest.mark.parametrize("name", OUTWARD)
def test_a_name_in_a_file_does_not_lead_out_of_its_folder(tmp_path, name):
    with pytest.raises(UserError, match="leads out"):
        inside(tmp_path, name)
    with pytest.raises(UserError, match="leads out"):
        beside(tmp_path, name)


@given(st.lists(st.sampled_from(["a", "b", "..", ".", "x.csv", "/", "//", "~"]), max_size=8))
def test_whatever_is_let_through_is_inside(parts):
    folder = Path("/some/folder")
    try:
        path = inside(folder, "/".join(parts))
    except UserError:
        return
    assert ".." not in path.parts
    assert path.is_relative_to(folder)


def test_a_study_in_the_project_may_name_the_projects_own_files():
    studies = ROOT / "analysis" / "effects" / "studies"
    assert beside(studies, "../../../data/raw/x.csv") == ROOT / "data" / "raw" / "x.csv"
    with pytest.raises(UserError, match="leads out"):
        beside(studies, "../../../../x.csv")


@pytest.mark.parametrize("name", [*OUTWARD[:3], "../reports/results/growth", "../../x/map.toml"])
def test_a_studys_data_stays_inside(tmp_path, name):
    (tmp_path / "study").mkdir()
    (tmp_path / "x.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(UserError):
        read_data(name, tmp_path / "study")


def test_a_papers_name_is_no_way_out(small, tmp_path):
    """The study's id names the folder of a paper's tables."""
    source = next((ROOT / "analysis" / "effects" / "paper").rglob("*cfps*.toml"))
    study = tmp_path / "study.toml"
    text = source.read_text(encoding="utf-8")
    identity = next(line for line in text.splitlines() if line.startswith("id = "))
    study.write_text(text.replace(identity, 'id = "../../../../out"'), encoding="utf-8")
    outcome = small.run("paper", str(study), "--data", str(wages(tmp_path)))
    assert outcome.returncode == 2, outcome.stdout + outcome.stderr
    assert "leads out of reports/local" in outcome.stderr
    assert not small.path("out").exists()


def wages(folder: Path) -> Path:
    place = folder / "wages.csv"
    place.write_text("wage,union_member\n1,0\n2,1\n", encoding="utf-8")
    return place


@pytest.mark.parametrize("name", ["../../secret.txt", "/etc/hostname"])
def test_a_manifest_that_lists_files_elsewhere_is_refused(small, small_once, name):
    with small.path("reports/manifest.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"{name},{'0' * 64},1\n")
    outcome = small.run("verify", "--rebuilt", str(small_once.folder))
    assert outcome.returncode == 2, outcome.stdout + outcome.stderr
    assert "leads out of reports" in outcome.stderr


# --- queries ----------------------------------------------------------------------------------


def test_names_of_files_and_columns_are_no_part_of_a_query(tmp_path):
    from analysis.effects.cross_products.parquet import distinct, partitions

    place, name = tmp_path / "it's; SELECT 1 --.parquet", 'x"; SELECT 1; --'
    pd.DataFrame({name: [1, 2, 2]}).to_parquet(place)
    assert partitions(place) == [str(place)]
    assert sorted(distinct(place, name)[name]) == [1, 2]


# --- archives ---------------------------------------------------------------------------------


def workbook(place: Path, sheet: bytes) -> Path:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return place


HOSTILE_SHEETS = {
    "a bomb": b" " * (64 * 2**20),
    "entities": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><sheetData>&a;</sheetData>',
    "a cell at the far corner": b'<sheetData><c r="XFD1048576"><v>1</v></c></sheetData>',
}


@pytest.mark.parametrize("kind", HOSTILE_SHEETS)
@pytest.mark.parametrize("read", [check_workbook, read_data_file])
def test_a_hostile_workbook_is_not_opened(tmp_path, kind, read):
    with pytest.raises(UserError) as refused:
        read(workbook(tmp_path / "x.xlsx", HOSTILE_SHEETS[kind]))
    assert refused.value.key in ("region_bomb", "region_cells")


def test_a_parquet_file_of_few_bytes_and_many_cells_is_not_opened(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    one_value = pa.DictionaryArray.from_arrays(pa.array([0] * 5_000_000, pa.int8()), ["x"])
    pq.write_table(pa.table({"a": one_value}), tmp_path / "x.parquet")
    assert (tmp_path / "x.parquet").stat().st_size < 100_000
    with pytest.raises(UserError) as refused:
        open_sheets(tmp_path / "x.parquet")
    assert refused.value.key == "region_cells"


def test_a_link_is_no_region_file(tmp_path):
    (tmp_path / "x.csv").symlink_to("/etc/hostname")
    with pytest.raises(UserError) as refused:
        open_sheets(tmp_path / "x.csv")
    assert refused.value.key == "region_link"


# --- text stays text --------------------------------------------------------------------------


@given(st.text(st.sampled_from("<>&\"'/=script()x \n")).map(lambda text: f"a{text}<script>b"))
def test_whatever_a_table_says_is_text_in_html(words):
    """Title, headings, cells and note come from users' files."""
    from lxml import html

    from analysis.exhibits.formats import words_of
    from analysis.exhibits.printing.html import as_html

    cells = [[words, words], [words, "0.12"]]
    table = words_of(words, [words, words], cells, [False, True], words, "en")
    page = html.fromstring(as_html(table).decode("utf-8"))
    assert not list(page.iter("script"))
    assert {part.tag for part in page.iter() if isinstance(part.tag, str)} <= HTML_TAGS


HTML_TAGS = {
    "html", "head", "meta", "title", "style", "body", "table", "caption", "thead", "tbody", "tr",
    "th", "td", "p", "span", "br",
}  # fmt: skip
