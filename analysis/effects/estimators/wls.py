"""Weighted least squares: minimise sum w_i (y_i - a - x_i'b)^2 (Wooldridge 2010, ch. 20)."""

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.linear_models.linear import fit_linear, require_variation
from analysis.effects.refusals import require_options
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import UserError

ABOUT = About(
    fits="weighted least squares",
    needs="weights, outcome, treatment or controls",
    reports="coefficients, weighted R2",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it.

    Raises
    ------
    UserError
        If the equation names no weights.
    """
    if sample.weights is None:
        raise UserError("estimator_needs", estimator="wls", what="weights")
    require_options(equation)
    require_variation(sample)
    return fit_linear(
        list(sample.regressors), sample.regressors.to_numpy(float), sample.outcome,
        constant=True, weights=sample.weights, equation=equation.id,
    )  # fmt: skip
