"""Study files (TOML): read to requests, then fitted on the small table in the file itself."""

from pathlib import Path

from analysis.messages import Text
from analysis.verification.fuzzing.target import About

ABOUT = About(
    Text("study files", "研究文件"),
    ".toml",
    (
        b"[[equation]]", b"[study]", b"[derive]", b"[columns]", b"[[equation.after]]",
        b"[equation.options]", b'estimator = "fixed_effects"', b'estimator = "probit"',
        b'vcov = "cluster"', b'vcov = "HC3"', b'vcov = "bootstrap"', b'where = "y > 0"',
        b'absorb = ["g"]', b'endogenous = ["x"]', b'instruments = ["z"]',
        b'controls = ["C(g)", "z"]', b'outcomes = ["y", "x"]', b'cluster = "g"', b'weights = "z"',
        b'data = "../../etc/passwd"', b'entity = "g"', b'time = "t"', b'name = "holm"',
        b'name = "oster"', b"draws = 9", b"seed = -1", b"[]", b"{}", b"true", b"1979-05-27",
        b"0.0", b'""',
    ),
)  # fmt: skip

ORDINARY = b"""
[study]
id = "small"
entity = "g"
time = "t"
cluster = "g"
[derive]
w = "log(z) + x ** 2"
[columns]
y = [1.0, 2.5, 2.0, 4.5, 3.0, 6.5, 5.0, 8.0]
x = [0, 1, 0, 1, 0, 1, 1, 0]
z = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0]
g = [1, 1, 2, 2, 3, 3, 4, 4]
t = [1, 2, 1, 2, 1, 2, 1, 2]
[[equation]]
id = "main"
outcome = "y"
treatment = "x"
controls = ["z"]
estimator = "ols"
vcov = "HC1"
where = "t > 0"
"""
PANEL = ORDINARY.replace(b'"ols"', b'"fixed_effects"\nabsorb = ["g"]').replace(b"HC1", b"cluster")


def seeds() -> list[bytes]:
    """Return two studies that fit their own small tables."""
    return [ORDINARY, PANEL]


def read(path: Path) -> None:
    """Read a study and fit it where its table stands in the file: no other file is opened."""
    from analysis.effects.fitting import data_of, estimates
    from analysis.effects.study import read_study

    study = read_study(path)
    if study.columns:
        estimates(study, data_of(study))
