"""The dynamic target game: how much a county collects when tomorrow's target follows today's.

    max sum_t beta^t [rho C_t - psi(C_t) - lambda 1{C_t < T_t}],
    T_{t+1} = T_t (1 + gamma) + eta max(0, C_t - T_t).

All amounts are shares of the county's capacity A (what is due upward), which grows by g a year and
is hit by log-normal shocks u, so that x = C / A, tau = T / A and

    v(tau) = max_x rho x - kappa x^2 / 2 - lambda 1{x < tau} + beta (1 + g) E v(tau'),
    tau' = (tau (1 + gamma) + eta max(0, x - tau)) / ((1 + g) u).

Two effects pile collection up at the target. From below, the penalty lambda: a county that would
stop short meets the target. From above, the ratchet: beyond the target an extra yuan raises every
later target, and a higher target costs whenever it may bind. Without a penalty, or with targets
that can never bind, the second effect is nil (``statics`` shows both). Source: the article, section
3.2, for the target that rises and works as a ceiling; the cost's shape and all parameters but rho
(25 of the 40 percent) are assumptions of this model, not of the article.
"""

from dataclasses import dataclass

import numpy as np

Vector = np.ndarray
TOP = 2.5
SWEEPS, TOLERANCE, TIE = 2_000, 1e-9, 1e-10
# Gauss-Hermite nodes for a standard normal variable
NODES = 7


@dataclass(frozen=True)
class Game:
    """The parameters, per year and as shares of capacity.

    Attributes
    ----------
    rho
        What the county keeps of a yuan collected.
    kappa
        Slope of the marginal cost: collecting everything costs kappa a yuan at the margin.
    penalty
        Lost when the target is missed (lambda).
    growth, ratchet
        Of the target: gamma, and eta, the share of over-collection added to it.
    discount, capacity_growth, shock
        beta, g, and the standard deviation of log capacity shocks.
    """

    rho: float = 0.625
    kappa: float = 1.0
    penalty: float = 0.05
    growth: float = 0.03
    ratchet: float = 0.5
    discount: float = 0.9
    capacity_growth: float = 0.03
    shock: float = 0.15

    @property
    def without_targets(self) -> float:
        """What the county would collect if there were no target: rho = kappa x."""
        return self.rho / self.kappa


@dataclass(frozen=True)
class Solution:
    """Optimal collection x and value v on a grid of targets tau, all shares of capacity."""

    game: Game
    targets: Vector
    collection: Vector
    value: Vector

    def collect(self, targets: Vector) -> Vector:
        """Return optimal collection at other targets (interpolated as a ratio to the target)."""
        ratio = np.interp(targets, self.targets, self.collection / self.targets)
        # the ratio jumps where the county gives up: at such a step take the nearer grid point
        nearest = np.abs(self.targets[None, :] - np.atleast_1d(targets)[:, None]).argmin(axis=1)
        at_nearest = (self.collection / self.targets)[nearest]
        smooth = np.abs(ratio - at_nearest) < 0.02
        return np.where(smooth, ratio, at_nearest) * targets


def solve(game: Game, points: int = 161) -> Solution:
    """Solve by value iteration on a grid of targets and collections.

    Raises
    ------
    ValueError
        If a parameter is out of its range, or beta (1 + g) >= 1: the sum has no value then.
    """
    _require_sense(game)
    grid = np.linspace(TOP / points, TOP, points)
    flow = _flow(game, grid)
    nodes, weights = _shocks(game)
    effective = game.discount * (1.0 + game.capacity_growth)
    over = np.maximum(0.0, grid[None, :] - grid[:, None])
    ahead = (grid[:, None] * (1.0 + game.growth) + game.ratchet * over) / (
        1.0 + game.capacity_growth
    )
    value = np.zeros(points)
    for _ in range(SWEEPS):
        total = flow + effective * np.interp(ahead, grid, _expected(value, grid, nodes, weights))
        improved = total.max(axis=1)
        change = np.abs(improved - value).max()
        value = improved
        if change < TOLERANCE * (1.0 - effective):
            break
    # of collections that pay the same but for rounding, the smallest
    best = total >= total.max(axis=1, keepdims=True) - TIE
    return Solution(game, grid, grid[best.argmax(axis=1)], value)


def _require_sense(game: Game) -> None:
    positive = ("rho", "kappa")
    not_negative = ("penalty", "ratchet", "shock", "discount")
    for name in (*positive, *not_negative):
        value = getattr(game, name)
        if value < 0.0 or (name in positive and value == 0.0):
            raise ValueError(f"{name} = {value}")
    if game.discount * (1.0 + game.capacity_growth) >= 1.0:
        raise ValueError("discount * (1 + capacity_growth) must be below 1")


def _flow(game: Game, grid: Vector) -> Vector:
    """Return this year's payoff, targets in rows and collections in columns."""
    x = grid[None, :]
    missed = x < grid[:, None]
    return game.rho * x - 0.5 * game.kappa * x**2 - game.penalty * missed


def _shocks(game: Game) -> tuple[Vector, Vector]:
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    # a mean of one: shocks move capacity around its path, not the path
    factors = np.exp(game.shock * nodes - 0.5 * game.shock**2)
    return factors, weights / weights.sum()


def _expected(value: Vector, grid: Vector, nodes: Vector, weights: Vector) -> Vector:
    """Return E v(y / u) on the grid of y; beyond the grid the end's value stands."""
    return np.interp(grid[:, None] / nodes[None, :], grid, value) @ weights


# --- what a solution implies ------------------------------------------------------------------


def ratios(solution: Solution, targets: Vector) -> Vector:
    """Return collection over target at the given targets."""
    return solution.collect(targets) / targets


def bunching_share(solution: Solution, targets: Vector, width: float = 0.02) -> float:
    """Return the share of the targets at which collection over target lies in [1, 1 + width)."""
    found = ratios(solution, targets)
    return float(np.mean((found >= 1.0 - 1e-9) & (found < 1.0 + width)))


def over_collection(solution: Solution, targets: Vector) -> float:
    """Return the mean of max(0, C / T - 1) over the targets."""
    return float(np.maximum(0.0, ratios(solution, targets) - 1.0).mean())
