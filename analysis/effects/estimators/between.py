"""Between estimator: ybar_i = a + xbar_i'b + v_i over entities (Baltagi 2021, section 2.3)."""

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.linear_models.linear import fit_linear, require_variation
from analysis.effects.linear_models.panel import entities, means_of, shape_of, with_extras
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

ABOUT = About(
    fits="least squares on the means of the entities, each counting once",
    needs="entity, outcome, treatment or controls; vcov classical, HC0 to HC3",
    reports="coefficients, R2, number of entities",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; the residual degrees of freedom are N entities less k.

    Raises
    ------
    UserError
        If the study names no entity, the treatment never varies, there are too few entities, or
        clusters are asked for: the rows of the regression are not those of the sample.
    """
    require_plain(equation)
    codes = entities(sample, equation)
    if equation.vcov in ("cluster", "CRV3"):
        raise needs(
            equation.estimator,
            "vcov classical, HC0, HC1, HC2 or HC3: it has one row an entity",
            "vcov 为 classical、HC0、HC1、HC2 或 HC3：每个个体只有一行",
        )
    require_variation(sample)
    found = fit_linear(
        list(sample.regressors),
        means_of(sample.regressors.to_numpy(float), codes),
        means_of(sample.outcome[:, None], codes)[:, 0],
        constant=True,
        equation=equation.id,
    )
    return with_extras(found, shape_of(sample, codes))
