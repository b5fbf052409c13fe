"""What an equation asks of a pass over files, or why it needs its rows in memory.

Estimators ols, fixed_effects and specification_curve with at most one absorbed effect, nested in
one-way clusters; covariances classical, cluster and (not for a curve) CRV3. HC0 to HC3 and
ill-conditioned designs need the rows and are refused by name.
"""

from analysis.effects.cross_products.plan import Plan
from analysis.effects.estimators.specification_curve import OPTIONS
from analysis.effects.refusals import needs, require_options
from analysis.effects.specifications.choices import listed
from analysis.effects.study import Equation, Study

CURVE = "specification_curve"
ESTIMATORS = ("ols", "fixed_effects", CURVE)
VCOVS = ("classical", "cluster", "CRV3")
CURVE_VCOVS = ("cluster", "classical")
OPTION = "--out-of-core"


def plan_of(study: Study, equation: Equation, outcome: str) -> Plan:
    """Return the plan of one outcome's tensor.

    Raises
    ------
    UserError
        If the estimator, a covariance, an option or a term needs rows in memory, or clusters are
        not one column.
    """
    _require_possible(equation)
    is_curve = equation.estimator == CURVE
    absorb = equation.absorb or ((study.entity,) if equation.estimator == "fixed_effects" else ())
    if len(equation.cluster) != 1 or len(absorb) > 1 or equation.weights:
        raise needs(
            OPTION, "one cluster column, one effect nested in it at most, no weights",
            "单一聚类变量、至多一个嵌套于其中的吸收效应、不加权",
        )  # fmt: skip
    more = {name: listed(equation, name) if is_curve else [] for name in OPTIONS}
    return Plan(
        tuple(dict.fromkeys([outcome, *more["outcomes"]])),
        tuple(dict.fromkeys([*equation.treatments, *more["treatments"]])),
        equation.controls, equation.cluster[0], absorb=absorb[0] if absorb else "",
        where=equation.where, derive=study.derive, samples=tuple(more["samples"]),
    )  # fmt: skip


def _require_possible(equation: Equation) -> None:
    is_curve = equation.estimator == CURVE
    if is_curve:
        require_options(equation, OPTIONS)
    options = () if is_curve else tuple(equation.options)
    if equation.estimator not in ESTIMATORS or options or equation.after:
        raise needs(
            OPTION, "ols or fixed_effects without options, or specification_curve; no steps after",
            "不带选项的 ols 或 fixed_effects，或 specification_curve；不带后续步骤",
        )  # fmt: skip
    vcovs = CURVE_VCOVS if is_curve else VCOVS
    if equation.vcov not in vcovs:
        raise needs(
            OPTION, f"vcov {', '.join(vcovs)}: {equation.vcov} needs the rows",
            f"vcov 为 {'、'.join(vcovs)}：{equation.vcov} 需要逐行数据",
        )  # fmt: skip
