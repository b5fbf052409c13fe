"""Do small studies print larger effects? The funnel, and PET-PEESE (Stanley and Doucouliagos 2014).

Effects e_i with errors s_i are regressed, weighted by 1 / s_i^2, on s_i (PET, the precision-effect
test) and on s_i^2 (PEESE); the constant is the effect of a study without error. Research Synthesis
Methods 5: 60-78. Errors are clustered by data set.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.inference.covariance import covariance
from analysis.effects.linear_models.linear import fit_linear

Array = NDArray[np.float64]
# PEESE stands in where PET rejects an effect of zero in a one-sided test at this level
LEVEL = 0.05


@dataclass(frozen=True)
class SmallStudy:
    """Constants of PET and PEESE, clustered errors, p of funnel asymmetry, and which one counts.

    ``asymmetry_p`` tests the slope on s_i (two-sided); ``pet_peese`` is PEESE's constant where
    PET's one-sided test rejects zero, else PET's.
    """

    pet: float
    pet_std_error: float
    asymmetry_p: float
    peese: float
    peese_std_error: float
    pet_peese: float


def pet_peese(effects: Array, errors: Array, data_sets: NDArray) -> SmallStudy:
    """Return both regressions of (k,) effects with their (k,) errors and data sets."""
    from scipy.stats import t

    clusters = pd.DataFrame({"data_set": data_sets})
    pet, pet_errors, df = _regression(effects, errors, errors, clusters)
    peese, peese_errors, _ = _regression(effects, errors**2, errors, clusters)
    asymmetry = 2.0 * float(t.sf(abs(pet[1] / pet_errors[1]), df))
    rejects = float(t.sf(abs(pet[0] / pet_errors[0]), df)) < LEVEL
    return SmallStudy(
        pet=float(pet[0]),
        pet_std_error=float(pet_errors[0]),
        asymmetry_p=asymmetry,
        peese=float(peese[0]),
        peese_std_error=float(peese_errors[0]),
        pet_peese=float(peese[0] if rejects else pet[0]),
    )


def _regression(
    effects: Array, regressor: Array, errors: Array, clusters: pd.DataFrame
) -> tuple[Array, Array, float]:
    fit = fit_linear(["s"], regressor[:, None], effects, constant=True, weights=1.0 / errors**2)
    found = covariance(fit, "cluster", clusters)
    return fit.estimate, np.sqrt(np.diag(found.matrix)), found.cov_df


def funnel(effects: Array, errors: Array, mean: float) -> pd.DataFrame:
    """Return effect, std_error and the 95 % limits around ``mean`` that sampling alone allows."""
    reach = 1.959964 * errors
    return pd.DataFrame(
        {"effect": effects, "std_error": errors, "low": mean - reach, "high": mean + reach}
    )
