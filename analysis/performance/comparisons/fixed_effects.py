"""One regression with person and year effects against pyfixest's fastest demeaner."""

from typing import TYPE_CHECKING

import numpy as np

from analysis.performance.comparison import CFPS_WAVE, CMDS_YEAR, About
from analysis.performance.comparisons.specifications import PROVINCES, YEARS
from analysis.performance.studies import CONTROLS, SEED, fitted

if TYPE_CHECKING:
    import pandas as pd

ATTRITION = 0.1
# alternating projections in Rust: the fastest of its demeaners on these data (numba's and LSMR's
# take longer), to the tolerance that its errors' last digits need
TOLERANCE = 1e-10
ABOUT = About(
    "fixed effects of person and year, 5 controls, errors clustered in 31 provinces", "pyfixest",
    quick=(CMDS_YEAR,), full=(CFPS_WAVE, 1_000_000, 10_000_000), tolerance=1e-8,
)  # fmt: skip


def data(n: int) -> "pd.DataFrame":
    """Return a panel of about n rows, a tenth of them lost to attrition."""
    import pandas as pd

    rng = np.random.default_rng(SEED)
    persons = int(n / YEARS / (1.0 - ATTRITION))
    person, year = np.repeat(np.arange(persons), YEARS), np.tile(np.arange(YEARS), persons)
    seen = rng.random(len(person)) >= ATTRITION
    person, year = person[seen], year[seen]
    x = rng.normal(size=(len(person), len(CONTROLS)))
    d = (rng.random(len(person)) < 0.3) * 1.0
    y = 0.1 * d + x @ [0.3, 0.2, 0.1, 0.0, -0.1] + 0.05 * year + rng.normal(size=len(person))
    y += rng.normal(size=persons)[person]
    frame = pd.DataFrame(x, columns=list(CONTROLS)).assign(y=y, d=d, person=person, year=year)
    return frame.assign(province=rng.integers(0, PROVINCES, persons)[person])


def ours(frame: "pd.DataFrame") -> np.ndarray:
    """Return the union's estimate and error."""
    rows = fitted(
        frame, "fixed_effects", vcov="cluster", cluster=("province",), absorb=("person", "year")
    )
    return rows.set_index("term").loc["d", ["estimate", "std_error"]].to_numpy(float)


def peer(frame: "pd.DataFrame") -> np.ndarray:
    """Return the same by pyfixest; rows alone in a person are kept, as ours keeps them."""
    import pyfixest as pf

    formula = f"y ~ {' + '.join(['d', *CONTROLS])} | person + year"
    fit = pf.feols(
        formula, frame, vcov={"CRV1": "province"}, fixef_rm="none",
        demeaner=pf.MapDemeaner(fixef_tol=TOLERANCE),
    )  # fmt: skip
    return np.array([fit.coef()["d"], fit.se()["d"]])
