"""PET-PEESE and the funnel on effects whose truth is known."""

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.effects.evidence.small_study import funnel, pet_peese


@pytest.fixture
def printed():
    """Effects around 0.1, inflated in proportion to their errors: small studies print more."""
    rng = np.random.default_rng(5)
    errors = rng.uniform(0.01, 0.2, 400)
    effects = 0.1 + 1.5 * errors + rng.normal(size=400) * errors
    return effects, errors, np.arange(400) % 40


def test_pet_is_weighted_least_squares_with_clustered_errors(printed):
    effects, errors, data_sets = printed
    found = pet_peese(*printed)
    reference = sm.WLS(effects, sm.add_constant(errors), weights=1 / errors**2).fit(
        cov_type="cluster", cov_kwds={"groups": data_sets}
    )
    assert found.pet == pytest.approx(reference.params[0], rel=1e-8)
    assert found.pet_std_error == pytest.approx(reference.bse[0], rel=1e-8)


def test_inflated_small_studies_are_seen_and_seen_through(printed):
    effects, errors, _ = printed
    found = pet_peese(*printed)
    naive = float(np.average(effects, weights=1 / errors**2))
    assert found.asymmetry_p < 0.01
    assert abs(found.pet - 0.1) < abs(naive - 0.1)
    assert abs(found.pet - 0.1) < 4 * found.pet_std_error


def test_peese_counts_where_pet_finds_an_effect_and_pet_where_it_does_not(printed):
    effects, errors, data_sets = printed
    found = pet_peese(effects, errors, data_sets)
    assert found.pet_peese == found.peese
    none = pet_peese(effects - found.pet, errors, data_sets)
    assert none.pet_peese == none.pet


def test_the_funnel_widens_with_the_error(printed):
    effects, errors, _ = printed
    table = funnel(effects, errors, 0.1)
    np.testing.assert_allclose((table["high"] - table["low"]) / errors, 2 * 1.959964)
