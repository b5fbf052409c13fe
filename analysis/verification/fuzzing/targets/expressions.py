"""Expressions of study files: parsed, held against the whitelist, worked out on six rows."""

from pathlib import Path
from typing import TYPE_CHECKING

from analysis.messages import Text
from analysis.verification.fuzzing.target import About

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    Text("expressions of study files", "研究文件中的表达式"),
    ".txt",
    (
        b"log(", b"lag(", b"group_mean(", b"leave_one_out_mean(", b"by=", b"C(", b"wage", b"year",
        b"city", b" in [", b" not in ", b"**", b"//", b" and ", b" or ", b"not ", b"==", b"<=",
        b"lambda:", b".__class__", b"__import__('os')", b"9**9**9", b"'a'*9", b"if 1 else 2",
        b"~", b"f''", b"1j", b"...", b"True", b"None", b"(", b")", b"[", b"]", b":", b":=", b"*x",
        b"**x", b"await", b"yield", b"1_0", b"0x1", b"b''",
    ),
)  # fmt: skip


def seeds() -> list[bytes]:
    """Return expressions that studies use."""
    return [
        b"log(wage)", b"union * (year - 1979)", b"wage > 1 and year in [1980, 1981]",
        b"leave_one_out_mean(union, by=[city, year])", b"lag(wage, 2) ** 0.5", b"C(city)",
        b"C(year, 1980) * union", b"not (union == 1)", b"group_mean(wage, by=city)",
        b"abs(-exp(sqrt(log1p(wage))))", b"city == 'a' or city != 'b'",
    ]  # fmt: skip


def read(path: Path) -> None:
    """Work an expression out as a term of an equation, which may be a set of dummies."""
    from analysis.effects.expressions import Scope
    from analysis.effects.terms import columns_of

    text = path.read_bytes().decode("utf-8", "replace")
    columns_of(text, Scope(_rows(), entity="person", time="year"))


def _rows() -> "pd.DataFrame":
    import pandas as pd

    rows = {"wage": [1.0, 2.0, None, 4.0, 5.0, 6.0], "union": [0, 1, 0, 1, 1, 0]}
    rows |= {"year": [1980, 1981, 1982] * 2, "person": [1, 1, 1, 2, 2, 2], "city": list("aabbab")}
    return pd.DataFrame(rows)
