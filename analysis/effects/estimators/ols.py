"""Ordinary least squares: y = a + X b + e (Wooldridge 2010, ch. 4)."""

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.linear import fit_linear, require_options, require_variation
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

ABOUT = About(
    fits="least squares, solved by QR of the centred, scaled design",
    needs="outcome, treatment or controls",
    reports="coefficients, R2",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it."""
    require_options(equation, "constant")
    require_variation(sample)
    return fit_linear(
        list(sample.regressors), sample.regressors.to_numpy(float), sample.outcome,
        constant=equation.options.get("constant", True), equation=equation.id,
    )  # fmt: skip
