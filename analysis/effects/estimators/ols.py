"""Ordinary least squares: y = a + X b + e (Wooldridge 2010, ch. 4)."""

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.linear_models.linear import fit_linear, require_variation
from analysis.effects.refusals import require_options
from analysis.effects.sample import Sample
from analysis.effects.study import Equation
from analysis.messages import UserError

ABOUT = About(
    fits="least squares, solved by QR of the centred, scaled design",
    needs="outcome, treatment or controls",
    reports="coefficients, R2",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it.

    Raises
    ------
    UserError
        If weights or an unknown option are given, or a treatment never varies.
    """
    require_options(equation, ("constant",))
    if sample.weights is not None:
        raise UserError("estimator_ignores", estimator="ols", what="weights (wls does)")
    require_variation(sample)
    return fit_linear(
        list(sample.regressors), sample.regressors.to_numpy(float), sample.outcome,
        constant=equation.options.get("constant", True), equation=equation.id,
    )  # fmt: skip
