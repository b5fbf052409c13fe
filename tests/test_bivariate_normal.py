"""The bivariate normal distribution against scipy, and its far tails against quadrature."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, special, stats

from analysis.effects.likelihoods.bivariate_normal import log_probability, probability


@pytest.mark.parametrize("r", [0.0, 0.3, -0.6, 0.92, 0.925, -0.93, 0.97, -0.999, 0.99999])
def test_bivariate_normal_is_scipys(r):
    h, k = np.random.default_rng(1).normal(size=(2, 60)) * 1.7
    k[:10], k[10:20], k[20:25] = h[:10], -h[10:20], h[20:25] + 1e-3
    law = stats.multivariate_normal(cov=[[1, r], [r, 1]])
    assert probability(h, k, r) == pytest.approx(law.cdf(np.column_stack([h, k])), abs=1e-12)


@pytest.mark.parametrize("r", [0.0, 0.5, -0.5, 0.95, -0.95])
@pytest.mark.parametrize(("h", "k"), [(-5.0, -4.0), (-8.0, 1.0), (2.0, -7.0), (-3.0, -3.0)])
def test_far_tails_are_quadratures(h, k, r):
    def inside(x):
        return np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi) * special.ndtr((k - r * x) / root)

    # from h - 12 to h, in pieces short beside the integrand's width; relative precision
    root, ends = np.sqrt(1 - r**2), np.linspace(h - 12, h, 121)
    pieces = [integrate.quad(inside, a, b, epsabs=0, epsrel=1e-12)[0] for a, b in pairwise(ends)]
    assert log_probability(h, k, r) == pytest.approx(np.log(sum(pieces)), abs=1e-8)
