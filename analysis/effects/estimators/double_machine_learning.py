"""Double machine learning of a partially linear model: y = theta d + g(x) + e, d = m(x) + v.

Chernozhukov, Chetverikov, Demirer, Duflo, Hansen, Newey and Robins 2018, Econometrics Journal 21:
C1-C68: both functions learned on other folds, their errors regressed on each other ("partialling
out"). Fitted by DoubleML (Bach, Kurz, Chernozhukov, Spindler and Klaassen 2024, Journal of
Statistical Software 108(3)).
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.inference.covariance import codes_of, covariance
from analysis.effects.inference.influence import fit_of_influence
from analysis.effects.linear_models.linear import require_variation
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.effects.treatment.arms import choice_of, whole_of
from analysis.effects.treatment.cross_fitting import LEARNERS, folds_of, learner_of

Array = NDArray[np.float64]
OPTIONS = ("learner", "learner_treatment", "folds", "repetitions")
VCOVS = ("HC0", "cluster")
# draws are the repetitions; a seed may be given
DRAWS = 1
FOLDS, SEED = 5, 20170101
ABOUT = About(
    fits="double machine learning of a partially linear model (DoubleML); options: learner, "
    "learner_treatment = lasso | random_forest | gradient_boosting | linear, folds, repetitions, "
    "seed",
    needs="outcome, one treatment (any values), controls",
    reports="the effect, losses of both learners, robustness values",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it: the median of the repetitions' estimates.

    The variance is the median of V_r + (theta_r - theta)^2 (Chernozhukov et al. 2018, definition
    3.3), under clusters too, which are then kept whole in the folds.

    Raises
    ------
    UserError
        If there is not one treatment that varies, no control, fewer units than folds, or an option
        is refused.
    """
    require_plain(equation, OPTIONS)
    name = _one_treatment(sample, equation)
    repetitions, seed = _repetitions(equation), SEED if equation.seed is None else equation.seed
    units = codes_of(sample.clusters) if sample.clusters.shape[1] else np.arange(sample.n_obs)
    folds = _folds(units, equation)
    model = _fitted(sample, equation, name, units, folds, repetitions, seed)
    thetas = model.all_coef.ravel()
    influence = _influence(model)
    theta = float(np.median(thetas))
    scaled = _representative(thetas, influence, theta, equation, sample.clusters)
    return fit_of_influence(
        [name], np.array([theta]), scaled[:, None], df_resid=sample.n_obs - 1,
        extras={**_about(model, equation, thetas), "folds": folds, "repetitions": repetitions,
                "seed": seed, **_robustness(model)},
    )  # fmt: skip


def _one_treatment(sample: Sample, equation: Equation) -> str:
    if len(sample.treatments) != 1 or sample.treatments[0] not in sample.regressors:
        raise needs(equation, "one treatment", "一个处理变量")
    require_variation(sample)
    if sample.regressors.shape[1] < 2:
        raise needs(equation, "controls", "控制变量")
    return sample.treatments[0]


def _repetitions(equation: Equation) -> int:
    if equation.draws is not None:
        raise needs(equation, "repetitions in place of draws", "以 repetitions 代替 draws")
    return whole_of(equation, "repetitions", 1, 1)


def _folds(units: NDArray[np.int64], equation: Equation) -> int:
    folds, count = whole_of(equation, "folds", FOLDS, 2), int(units.max()) + 1
    if count < 2 * folds:
        raise needs(
            equation,
            f"two clusters or rows for each of {folds} folds: there are {count}",
            f"每折至少两个群组或观测：{folds} 折，只有 {count} 个",
        )
    return folds


def _fitted(
    sample: Sample, equation: Equation, name: str, units: NDArray[np.int64], folds: int,
    repetitions: int, seed: int,
) -> Any:  # fmt: skip
    """Return DoubleML's model, its folds drawn here: one child of the seed a repetition.

    One thread, so that sums do not depend on the machine.
    """
    from doubleml import DoubleMLData, DoubleMLPLR
    from threadpoolctl import threadpool_limits

    x = sample.regressors.drop(columns=name).to_numpy(float)
    data = DoubleMLData.from_arrays(x, sample.outcome, sample.regressors[name].to_numpy(float))
    learner = choice_of(equation, "learner", LEARNERS)
    other = equation.options.get("learner_treatment", learner)
    if other not in LEARNERS:
        other = choice_of(equation, "learner_treatment", LEARNERS)
    model = DoubleMLPLR(
        data, learner_of(learner, seed), learner_of(str(other), seed), n_folds=folds,
        n_rep=repetitions, draw_sample_splitting=False,
    )  # fmt: skip
    seeds = np.random.SeedSequence(seed).spawn(repetitions)
    model.set_sample_splitting([folds_of(units, folds, np.random.default_rng(s)) for s in seeds])
    with threadpool_limits(1):
        return model.fit(n_jobs_cv=1)


def _influence(model: Any) -> Array:
    """Return (n, r) f_i = - psi_i / (n E[psi_a]) of each repetition."""
    psi, slope = model.psi[:, :, 0], model.psi_deriv[:, :, 0]
    return np.asarray(-psi / (len(psi) * slope.mean(axis=0)), dtype=float)


def _representative(
    thetas: Array, influence: Array, theta: float, equation: Equation, clusters: pd.DataFrame
) -> Array:
    """Return (n,) f_i whose variance is the one over repetitions.

    Those of the repetition nearest to the median, enlarged by what repetitions add.
    """
    variances = np.array([_variance(column, equation, clusters) for column in influence.T])
    whole = float(np.median(variances + (thetas - theta) ** 2))
    nearest = int(np.argmin(np.abs(thetas - theta)))
    return np.asarray(influence[:, nearest] * np.sqrt(whole / variances[nearest]), dtype=float)


def _variance(influence: Array, equation: Equation, clusters: pd.DataFrame) -> float:
    one = fit_of_influence(["d"], np.zeros(1), influence[:, None])
    vcov = equation.vcov if equation.vcov in VCOVS else VCOVS[0]
    return float(covariance(one, vcov, clusters).matrix[0, 0])


def _about(model: Any, equation: Equation, thetas: Array) -> dict[str, Any]:
    """Return learners, their out-of-fold root mean squared errors and the range of estimates."""
    learner = choice_of(equation, "learner", LEARNERS)
    losses = {name: float(np.mean(values)) for name, values in model.nuisance_loss.items()}
    found: dict[str, Any] = {
        "learner": learner,
        "learner_treatment": str(equation.options.get("learner_treatment", learner)),
        "rmse_outcome": losses["ml_l"],
        "rmse_treatment": losses["ml_m"],
    }
    if len(thetas) > 1:
        found |= {"estimate_min": float(thetas.min()), "estimate_max": float(thetas.max())}
    return found


def _robustness(model: Any) -> dict[str, float]:
    """Return the confounding that would take the estimate, and its interval's end, to zero.

    Chernozhukov, Cinelli, Newey, Sharma and Syrgkanis 2022, Long story short (NBER 30302), errors
    that are not clustered.
    """
    model.sensitivity_analysis()
    found = model.sensitivity_params
    values = {"robustness_value": found["rv"][0], "robustness_value_95": found["rva"][0]}
    return {name: float(value) for name, value in values.items() if np.isfinite(value)}
