"""Two-way fixed effects with leads and lags of the first treated period.

y_it = a_i + c_t + sum_{e != r} b_e 1{t - g_i = e} + x_it'd + u_it, r the reference (-1), the ends
binned where options say so; or one coefficient of 1{t >= g_i} (``effects = "static"``). For
contrast: where effects differ between cohorts or grow, both mix them with weights that can be
negative (Goodman-Bacon 2021, Journal of Econometrics 225: 254-277; Sun and Abraham 2021, 175-199).
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.refusals import needs, require_options
from analysis.effects.sample import Sample
from analysis.effects.staggered.panel import (
    MISSING_IS_NEVER,
    OPTION,
    StaggeredPanel,
    choice,
    shown,
    staggered_panel,
)
from analysis.effects.staggered.two_way import drift, fit_two_way, in_sample, n_used
from analysis.effects.study import Equation

Array = NDArray[np.float64]
ABOUT = About(
    fits="leads and lags of treatment with entity and period effects, or one static coefficient",
    needs="entity, time, option cohort (first treated period); controls, weights if wanted",
    reports="coefficients e=, ends binned by options first and last, or static; for contrast",
)
OPTION_TERMS = (OPTION,)
MAY_MISS = (MISSING_IS_NEVER,)
VCOVS = ("HC1", "classical", "HC0", "cluster", "bootstrap")
TERM = "treated"
STATIC = "static"
CONTRAST = (
    "two-way fixed effects weight cohorts' effects unevenly, some negatively, where they differ: "
    "for contrast"
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it.

    Options: ``cohort`` (expression; 0, infinite or missing is never treated), ``effects`` (by_time
    | static), ``first`` and ``last`` (event times at and beyond which leads and lags share one
    coefficient), ``reference`` (-1). Extras: ``twfe`` is the static coefficient.

    Raises
    ------
    UserError
        If the panel is refused (staggered/panel.py), the equation names a treatment, ends are not
        around the reference, nobody is seen at it, or coefficients are not told apart: without
        never-treated entities ends must be binned.
    """
    require_options(equation, (OPTION, "effects", "first", "last", "reference"))
    if equation.treatments:
        raise needs(
            equation, "option cohort in place of a treatment", "以选项 cohort 代替 treatment"
        )
    panel = staggered_panel(sample, equation)
    static = fit_two_way(sample, equation, panel, _post(panel), [STATIC])
    if choice(equation, "effects", ("by_time", STATIC)) == STATIC:
        return _reported(sample, equation, panel, static.fit, np.zeros(1), [STATIC])
    names, columns, before = _leads_and_lags(panel, equation)
    found = fit_two_way(sample, equation, panel, columns, names)
    weights = None if sample.weights is None else sample.weights[panel.rows]
    fitted = _reported(sample, equation, panel, found.fit, drift(panel, found, weights), names)
    material = {**fitted.material, "placebo": _padded(before, len(fitted.terms))}
    extras = {**fitted.extras, "twfe": float(static.fit.estimate[0])}
    return replace(fitted, material=material, extras=extras)


def _post(panel: StaggeredPanel) -> Array:
    return np.asarray(panel.event_time() >= 0.0, dtype=float)[:, None]


def _padded(before: NDArray[np.bool_], count: int) -> NDArray[np.bool_]:
    """Return (k,) which coefficients are leads; controls come last and are none."""
    return np.concatenate([before, np.zeros(count - len(before), dtype=bool)])


def _reported(
    sample: Sample,
    equation: Equation,
    panel: StaggeredPanel,
    fit: Fit,
    trend: Array,
    names: list[str],
) -> Fit:
    """Return the fit with one term for all coefficients of time, then the controls."""
    controls = fit.terms[len(names) :]
    return replace(
        in_sample(fit, sample, panel),
        terms=(*[TERM] * len(names), *controls),
        components=(*names, *[""] * len(controls)),
        quantities=("coefficient",) * len(fit.terms),
        extras={**panel.counts, **n_used(panel)},
        notes=(*panel.notes, CONTRAST),
        material={"trend": trend, "placebo": np.zeros(len(fit.terms), dtype=bool)},
    )


# --- leads and lags ---------------------------------------------------------------------------


def _leads_and_lags(
    panel: StaggeredPanel, equation: Equation
) -> tuple[list[str], Array, NDArray[np.bool_]]:
    """Return names, (n, k) dummies and which are leads, the reference left out."""
    event = panel.event_time()
    seen = event[np.isfinite(event)]
    reference = _number(equation, "reference", -1.0)
    low, high = (
        _number(equation, "first", float(seen.min())), _number(equation, "last", float(seen.max()))
    )  # fmt: skip
    if not low < reference < high and not (low == reference == seen.min()):
        english = "options.first < reference < last, rows on both sides of the reference"
        raise needs(equation, english, "options.first < reference < last，且参照期两侧均有观测")
    if not (seen == reference).any():
        english = f"rows at the reference e={shown(reference)} (option reference names another)"
        raise needs(equation, english, f"参照期 e={shown(reference)} 有观测（可用 reference 另选）")
    binned = np.where(np.isfinite(event), np.clip(event, low, high), np.nan)
    values = np.unique(binned[np.isfinite(binned) & (binned != reference)])
    columns = (binned[:, None] == values) * 1.0
    names = [_name(value, low, high, seen) for value in values]
    return names, columns, values < 0.0


def _name(value: float, low: float, high: float, seen: Array) -> str:
    if value == low and seen.min() < low:
        return f"e<={shown(value)}"
    return f"e>={shown(value)}" if value == high and seen.max() > high else f"e={shown(value)}"


def _number(equation: Equation, name: str, absent: float) -> float:
    value = equation.options.get(name, absent)
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise needs(equation, f"options.{name}, a number", f"options.{name} 为一个数")
    return float(value)
