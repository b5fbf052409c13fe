"""The standard bivariate normal distribution by rows: P(X <= h, Y <= k), correlation r.

Drezner and Wesolowsky 1990 (Journal of Statistical Computation and Simulation 35: 101-107) and
Genz 2004 (Statistics and Computing 14: 251-260): the derivative of the probability by r is the
density (Plackett 1954), so the probability is its value at a known correlation plus an integral of
the density over the correlations between, by 20 Gauss-Legendre nodes. |r| < 0.925 starts at 0, the
rest at 1 or -1, where the integrand's sharp part is integrated in closed form.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
HIGH, NODES = 0.925, 20
# below this probability an absolute error of 1e-16 is no longer small: worked out on logarithms
TAIL, TAIL_NODES, TAIL_DEPTH, BISECTIONS = 1e-5, 64, 40.0, 60
TWO_PI = 2.0 * np.pi


def probability(h: ArrayLike, k: ArrayLike, r: ArrayLike) -> Array:
    """Return P(X <= h, Y <= k), (n,), absolute error about 1e-15; arguments broadcast.

    Infinite h, k are not allowed; |r| <= 1.
    """
    h, k, r = (np.array(v, float, ndmin=1) for v in np.broadcast_arrays(h, k, r))
    found, low = np.empty(h.shape), np.abs(r) < HIGH
    found[low] = _from_zero(h[low], k[low], r[low])
    found[~low] = _from_one(h[~low], k[~low], r[~low])
    return np.clip(found, 0.0, 1.0)


def log_probability(h: ArrayLike, k: ArrayLike, r: ArrayLike) -> Array:
    """Return ln P(X <= h, Y <= k), (n,), right to about 1e-10 also far in the tails; |r| < 1."""
    h, k, r = (np.array(v, float, ndmin=1) for v in np.broadcast_arrays(h, k, r))
    plain = probability(h, k, r)
    far = plain < TAIL
    found = np.log(np.where(far, 1.0, plain))
    found[far] = _log_tail(h[far], k[far], r[far])
    return found


def log_density(h: Array, k: Array, r: Array) -> Array:
    """Return the logarithm of the density at (h, k), (n,); |r| < 1."""
    rest = (1.0 - r) * (1.0 + r)
    square = (h - k) ** 2 + 2.0 * (1.0 - r) * h * k
    return -np.log(TWO_PI) - 0.5 * np.log(rest) - 0.5 * square / rest


def _nodes(count: int) -> tuple[Array, Array]:
    """Return Gauss-Legendre nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return (nodes + 1.0) / 2.0, weights / 2.0


def _from_zero(h: Array, k: Array, r: Array) -> Array:
    """Return Phi(h) Phi(k) plus the density's integral over r = sin(t), t from 0 to asin r."""
    from scipy.special import ndtr

    nodes, weights = _nodes(NODES)
    end = np.arcsin(r)
    sine = np.sin(end[:, None] * nodes)
    squares, product = (h**2 + k**2)[:, None], (h * k)[:, None]
    inside = np.exp(-(squares - 2.0 * sine * product) / (2.0 * (1.0 - sine**2)))
    return ndtr(h) * ndtr(k) + end * (inside @ weights) / TWO_PI


def _from_one(h: Array, k: Array, r: Array) -> Array:
    """Return P from its value at r = 1, Phi(min(h, k)); negative r by P(h, -k, -r)."""
    from scipy.special import ndtr

    positive = r > 0.0
    other = np.where(positive, k, -k)
    between = _up_to_one(h, other, np.abs(r))
    apart = np.maximum(ndtr(h) - ndtr(other), 0.0)
    return np.where(positive, ndtr(np.minimum(h, k)) - between, apart + between)


def _up_to_one(h: Array, k: Array, r: Array) -> Array:
    """Return the density's integral over correlations from r to 1.

    With x^2 = 1 - t^2 it is int_0^a S(x) exp(-b^2 / (2 x^2)) dx / (2 pi), a^2 = 1 - r^2, b = h - k,
    S(x) = exp(-h k / (1 + t)) / t. S is exp(-hk/2) (1 + c x^2 + c d x^4) + O(x^6): this part in
    closed form, the small and smooth remainder by the nodes.
    """
    c, d = (4.0 - h * k) / 8.0, (12.0 - h * k) / 16.0
    a = np.maximum(np.sqrt((1.0 - r) * (1.0 + r)), 1e-150)
    nodes, weights = _nodes(NODES)
    x = a[:, None] * nodes
    t, x2 = np.sqrt(1.0 - x**2), x**2
    sharp, product = -((h - k)[:, None] ** 2) / (2.0 * x2), (h * k)[:, None]
    series = 1.0 + c[:, None] * x2 * (1.0 + d[:, None] * x2)
    exact = np.exp(sharp - product / (1.0 + t)) / t
    rest = a * ((exact - np.exp(sharp - product / 2.0) * series) @ weights)
    i0, i2, i4 = _moments(h, k, a)
    return (i0 + c * (i2 + d * i4) + rest) / TWO_PI


def _moments(h: Array, k: Array, a: Array) -> tuple[Array, Array, Array]:
    """Return exp(-hk/2) int_0^a x^m exp(-b^2 / (2 x^2)) dx for m = 0, 2, 4 (by parts)."""
    from scipy.special import log_ndtr

    b, half = np.abs(h - k), h * k / 2.0
    edge = np.exp(-((b / a) ** 2) / 2.0 - half)
    i0 = a * edge - b * np.sqrt(TWO_PI) * np.exp(log_ndtr(-b / a) - half)
    i2 = (a**3 * edge - b**2 * i0) / 3.0
    return i0, i2, (a**5 * edge - b**2 * i2) / 5.0


# --- far tails --------------------------------------------------------------------------------


def _log_tail(h: Array, k: Array, r: Array) -> Array:
    """Return ln of int_(-inf)^h phi(x) Phi((k - r x) / sqrt(1 - r^2)) dx.

    The integrand is log-concave: nodes are spread from where it is exp(-40) of its top to h, or to
    where it is so again.
    """
    from scipy.special import log_ndtr

    root = np.sqrt((1.0 - r) * (1.0 + r))

    def height(x: Array) -> Array:
        shape = (-1,) + (1,) * (x.ndim - 1)
        z = (k.reshape(shape) - r.reshape(shape) * x) / root.reshape(shape)
        return -0.5 * x**2 - 0.5 * np.log(TWO_PI) + log_ndtr(z)

    top = _top(h, k, r, root)
    least = height(top) - TAIL_DEPTH
    ends = []
    for inside, outside in ((top, top - 20.0), (top, np.minimum(h, top + 20.0))):
        near, beyond = inside.copy(), outside.copy()
        for _ in range(BISECTIONS):
            middle = (near + beyond) / 2.0
            high = height(middle) > least
            near, beyond = np.where(high, middle, near), np.where(high, beyond, middle)
        ends.append(beyond)
    nodes, weights = _nodes(TAIL_NODES)
    total = np.zeros(len(h))
    for start, stop in ((ends[0], top), (top, ends[1])):
        x = start[:, None] + (stop - start)[:, None] * nodes
        total += (stop - start) * (np.exp(height(x) - height(top)[:, None]) @ weights)
    return height(top) + np.log(total)


def _top(h: Array, k: Array, r: Array, root: Array) -> Array:
    """Return where the integrand is largest on (-inf, h]: its slope's root, by bisection."""
    from scipy.special import log_ndtr

    low, high = np.minimum(h, -np.abs(k) - 1.0) - 1.0, h.copy()
    for _ in range(BISECTIONS):
        x = (low + high) / 2.0
        z = (k - r * x) / root
        mills = np.exp(-0.5 * z**2 - 0.5 * np.log(TWO_PI) - log_ndtr(z))
        rising = -x - r / root * mills > 0.0
        low, high = np.where(rising, x, low), np.where(rising, high, x)
    return high
