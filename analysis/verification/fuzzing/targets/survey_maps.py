"""A user's map of a survey (TOML)."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.fuzzing.target import About

ABOUT = About(
    Text("survey maps", "调查数据映射文件"),
    ".toml",
    (
        b"[wave.2015]", b"absent", b"variable", b"variables", b"codes = {1 = 1}", b"codes",
        b"missing", b'as = "yes_no"', b'as = "category"', b"override", b"(a+)+$", b"1..999999999",
        b"v1..v99999999",
    ),
)  # fmt: skip
MAP = r"""
[survey]
files = "firm(\\d+)\\.dta"
panel = false
negative_is_missing = true
[wave.2015]
missing = [98, 99]
person_id = {variable = "id", as = "code_text"}
union_member = {variable = "u", as = "codes", codes = {"1" = 1, "2" = 0}, label = "工会"}
age = [{variable = "a1", as = "number"}, {variable = "a2", as = "number"}]
wage_month_yuan = {absent = "not asked"}
"""


def seeds() -> list[bytes]:
    """Return a small map, and the package's own."""
    from analysis.sources.surveys.survey_map import MAPS

    return [MAP.encode(), *(path.read_bytes() for path in sorted(MAPS.glob("*.toml")))]


def read(path: Path) -> None:
    """Read a map as the file map.toml of a survey's folder."""
    from analysis.sources.surveys.survey_map import read_map

    folder = path.parent / "mine"
    folder.mkdir(exist_ok=True)
    (folder / "map.toml").write_bytes(path.read_bytes())
    read_map("mine", folder)
