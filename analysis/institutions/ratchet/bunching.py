"""Bunching at collected = target: excess mass over a polynomial counterfactual.

Ratios collected / target are counted in bins; a polynomial is fitted to the bins outside an
excluded window around 1 and predicts those within it. With counts c and predictions c0,

    B = sum_{bins of [1, 1 + w)} (c - c0),      b = B / mean(c0),

so b is the excess in units of an ordinary bin. Errors: whole counties are drawn with replacement,
since a county's years are not independent. Source: Chetty, Friedman, Olsen and Pistaferri 2011, QJE
126, section III (excess mass); Kleven 2016, Annual Review of Economics 8, section 2. The counts are
not moved to make the counterfactual's integral equal the data's: the mass comes from both sides.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from analysis.messages import Text, UserError

Vector = np.ndarray
SEED = 20170101
BLOCK = 2_000_000


@dataclass(frozen=True)
class Setting:
    """How ratios are binned and what is left out of the fit.

    Attributes
    ----------
    width
        Of a bin.
    low, high
        The ratios used.
    excess
        Bins at and above 1 whose excess is counted.
    below
        Bins just below 1 that are left out of the fit but not counted: the hole.
    degree
        Of the polynomial.
    """

    width: float = 0.02
    low: float = 0.5
    high: float = 1.5
    excess: int = 2
    below: int = 3
    degree: int = 4

    @property
    def first(self) -> int:
        """The number of bins below 1."""
        return round((1.0 - self.low) / self.width)

    @property
    def bins(self) -> int:
        """The number of all bins."""
        return self.first + round((self.high - 1.0) / self.width)

    @property
    def middles(self) -> Vector:
        """The middle ratio of every bin."""
        return 1.0 + (np.arange(self.bins) - self.first + 0.5) * self.width


@dataclass(frozen=True)
class Bunching:
    """The estimate: excess mass b, excess count B, bootstrap error and 95 % interval of b."""

    excess_mass: float
    excess_count: float
    std_error: float
    ci_low: float
    ci_high: float
    n_counties: int
    n_obs: int
    n_used: int
    draws: int
    seed: int
    setting: Setting
    counts: Vector
    counterfactual: Vector


def estimate_bunching(
    county: Vector,
    ratio: Vector,
    setting: Setting = Setting(),
    draws: int = 499,
    seed: int = SEED,
) -> Bunching:
    """Return the excess mass at 1 with errors from a bootstrap over counties.

    ``county`` (n) holds labels, ``ratio`` (n) collected over target.

    Raises
    ------
    UserError
        If no ordinary bin is left to compare with, the polynomial cannot be fitted, or there are
        fewer than two counties.
    """
    labels, codes = np.unique(county, return_inverse=True)
    counts = counts_by_county(codes, ratio, len(labels), setting)
    total = counts.sum(axis=0)
    _require_enough(total, len(labels), setting)
    prediction = predictor(setting)
    mass, excess = _excess(total[None, :], prediction, setting)
    if not np.isfinite(mass[0]):
        raise UserError("fee_bunching", expected=ORDINARY)
    drawn = bootstrap_masses(counts, prediction, setting, draws, seed)
    drawn = drawn[np.isfinite(drawn)]
    low, high = np.quantile(drawn, [0.025, 0.975]) if len(drawn) else (np.nan, np.nan)
    return Bunching(
        excess_mass=float(mass[0]),
        excess_count=float(excess[0]),
        std_error=float(drawn.std(ddof=1)) if len(drawn) > 1 else float("nan"),
        ci_low=float(low),
        ci_high=float(high),
        n_counties=len(labels),
        n_obs=len(ratio),
        n_used=int(total.sum()),
        draws=len(drawn),
        seed=seed,
        setting=setting,
        counts=total,
        counterfactual=prediction @ total,
    )


ORDINARY = Text(
    "ratios on both sides of 1, so that a counterfactual above 0 can be fitted",
    "1 的两侧均有观测，以便拟合大于 0 的反事实分布",
)
COUNTIES = Text("two counties or more", "至少两个县")


def _require_enough(total: Vector, n_counties: int, setting: Setting) -> None:
    if n_counties < 2:
        raise UserError("fee_bunching", expected=COUNTIES)
    outside = outside_window(setting)
    sides = np.arange(setting.bins) < setting.first
    for side in (sides, ~sides):
        if not total[outside & side].any():
            raise UserError("fee_bunching", expected=ORDINARY)


def bins_of(ratio: Vector, setting: Setting) -> tuple[Vector, Vector]:
    """Return each ratio's bin, and whether it lies in [low, high).

    A ratio of exactly 1 belongs to the bin that begins there: sums of decimals must not put it
    below.
    """
    at = np.floor(np.round((ratio - 1.0) / setting.width, 9)).astype(int) + setting.first
    return at, (at >= 0) & (at < setting.bins)


def counts_by_county(codes: Vector, ratio: Vector, n: int, setting: Setting) -> Vector:
    """Return counts (n counties x bins); ratios outside [low, high) are left out."""
    at, inside = bins_of(ratio, setting)
    flat = np.bincount(codes[inside] * setting.bins + at[inside], minlength=n * setting.bins)
    return flat.reshape(n, setting.bins).astype(float)


def outside_window(setting: Setting) -> Vector:
    """Return which bins the polynomial is fitted on."""
    at = np.arange(setting.bins) - setting.first
    return (at < -setting.below) | (at >= setting.excess)


def in_excess(setting: Setting) -> Vector:
    """Return which bins' excess is counted."""
    at = np.arange(setting.bins) - setting.first
    return (at >= 0) & (at < setting.excess)


@cache
def predictor(setting: Setting) -> Vector:
    """Return the matrix that maps counts (bins) to the fitted polynomial in every bin.

    Least squares on the bins outside the window: X (X_o'X_o)^-1 X_o', through Legendre columns and
    a QR decomposition, since raw powers are nearly collinear.
    """
    scaled = 2.0 * (setting.middles - setting.low) / (setting.high - setting.low) - 1.0
    columns = np.polynomial.legendre.legvander(scaled, setting.degree)
    outside = outside_window(setting)
    orthogonal, triangle = np.linalg.qr(columns[outside])
    matrix = np.zeros((setting.bins, setting.bins))
    matrix[:, outside] = columns @ np.linalg.solve(triangle, orthogonal.T)
    return matrix


def _excess(totals: Vector, prediction: Vector, setting: Setting) -> tuple[Vector, Vector]:
    """Return b and B for each row of totals (rows x bins); b is not finite where c0 is not > 0."""
    window = in_excess(setting)
    expected = totals @ prediction[window].T
    count = totals[:, window].sum(axis=1) - expected.sum(axis=1)
    ordinary = expected.mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(ordinary > 0.0, count / ordinary, np.nan), count


def bootstrap_masses(
    counts: Vector, prediction: Vector, setting: Setting, draws: int, seed: int
) -> Vector:
    """Return b of each draw of whole counties with replacement; blocks keep memory small."""
    rng = np.random.default_rng(seed)
    n = len(counts)
    rows = max(1, BLOCK // n)
    found = []
    for start in range(0, draws, rows):
        weights = rng.multinomial(n, np.full(n, 1.0 / n), size=min(rows, draws - start))
        found.append(_excess(weights @ counts, prediction, setting)[0])
    return np.concatenate(found) if found else np.empty(0)


def excess_z(codes: Vector, ratio: Vector, n: int, setting: Setting) -> float:
    """Return B over its clustered standard error: the bootstrap's limit, in closed form.

    B = sum_i a'c_i is linear in the counties' counts c_i, so its variance is n times that of a'c_i;
    a is 1 in the excess bins less what each bin adds to their prediction. ``codes`` (rows) number
    the counties 0 to n - 1.
    """
    window = in_excess(setting)
    weights = window - predictor(setting)[window].sum(axis=0)
    at, inside = bins_of(ratio, setting)
    parts = np.bincount(codes[inside], weights=weights[at[inside]], minlength=n)
    spread = parts.std(ddof=1) * np.sqrt(n)
    return float(parts.sum() / spread) if spread > 0.0 else 0.0
