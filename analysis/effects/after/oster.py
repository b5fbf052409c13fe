"""How strong must selection on unobservables be, beside that on controls? (Oster 2019.)

Journal of Business & Economic Statistics 37: 187-204. delta: the strength at which the coefficient
would be ``beta``; beta*: the coefficient at a given ``delta``, the exact root of her cubic (at
delta = 1 a quadratic), not the approximation. Algebra in sensitivity/omitted_selection.py.
"""

from typing import Any

import numpy as np

from analysis.effects.about import About
from analysis.effects.estimates import Fitted
from analysis.effects.findings import Asked, Finding, value_and_error
from analysis.effects.linear_models.least_squares import CONSTANT
from analysis.effects.sensitivity.least_squares_of import (
    LeastSquares,
    controls_of,
    least_squares_of,
    rest_of,
    square,
    terms_asked,
)
from analysis.effects.sensitivity.omitted_selection import (
    Root,
    Selection,
    chosen,
    delta_for,
    roots_for,
)

# Oster's bound: R_max = 1.3 R of the controlled regression (her section 5.2)
MULTIPLIER = 1.3
# a movement of the estimate by controls below this share of it makes delta uninformative
BARELY = 0.05
ABOUT = About(
    fits="selection on unobservables beside that on controls: delta, and beta at a given delta",
    needs="least squares with controls; options beta (0), delta (1), r_max (a number) or "
    "multiplier (1.3: min(1.3 R2, 1)), base (terms in both regressions)",
    reports="delta for beta, beta for delta (all real roots in the extras), R2 of both regressions",
)


def find(asked: Asked) -> list[Finding]:
    """Return a row ``delta`` and a row ``beta`` for each outcome and treatment.

    Of several real roots the one chosen has admissible variances and selection in the direction
    that the controls show (her assumption 3), and is nearest to the controlled estimate.

    Raises
    ------
    UserError
        If the equation is not least squares, has no control beyond ``base``, ``r_max`` is not
        between its R2 and 1, or the treatment is explained by the terms of ``base``.
    """
    asked.require("beta", "delta", "r_max", "multiplier", "base")
    return [
        finding
        for fitted in asked.fitted
        for term in asked.terms()
        for finding in _findings(asked, fitted, term)
    ]


def _findings(asked: Asked, fitted: Fitted, term: str) -> list[Finding]:
    problem = least_squares_of(asked, fitted)
    known, extras = _known(asked, problem, term)
    beta, delta = asked.number("beta", 0.0), asked.number("delta", 1.0)
    return [
        _delta_row(fitted, term, known, beta, extras),
        _beta_row(fitted, term, known, delta, extras),
    ]


def _known(asked: Asked, problem: LeastSquares, term: str) -> tuple[Selection, dict[str, Any]]:
    """Return what the short and the long regression give, and what is said of them."""
    base = terms_asked(asked, "base", problem, asked.options.get("base", []))
    controls = [name for name in controls_of(asked, problem) if name not in base]
    if not controls:
        raise asked.needs("controls beyond those of base", "base 之外的控制变量")
    ones = [name for name in problem.terms if name == CONSTANT]
    others = [name for name in asked.terms() if name != term]
    total = square(rest_of(problem.response[:, None], problem.of(ones))[:, 0])
    always = problem.of([*ones, *others, *base])
    y, x = rest_of(np.column_stack([problem.response, problem.of([term])[:, 0]]), always).T
    within = rest_of(
        np.column_stack([y, x]), rest_of(problem.of(controls), always)
    )  # beside the controls too
    v, t = square(x), square(within[:, 1])
    short = float(x @ y) / v
    long, _ = value_and_error(problem.fitted, term)
    rss_short = square(y - short * x)
    rss_long = square(within[:, 0] - long * within[:, 1])
    r_short, r_long = 1.0 - rss_short / total, 1.0 - rss_long / total
    r_max = _r_max(asked, r_long)
    known = Selection(v, t, short, long, rss_short - rss_long, (r_max - r_long) * total)
    return known, {
        "beta_uncontrolled": short, "beta_controlled": long, "r2_uncontrolled": r_short,
        "r2_controlled": r_long, "r_max": r_max, "controls": len(controls),
    }  # fmt: skip


def _r_max(asked: Asked, r_long: float) -> float:
    if "r_max" in asked.options and "multiplier" in asked.options:
        raise asked.needs("r_max or multiplier, not both", "r_max 与 multiplier 只取其一")
    if "r_max" not in asked.options:
        return min(asked.number("multiplier", MULTIPLIER, 1.0) * r_long, 1.0)
    r_max = asked.number("r_max", 1.0, 0.0, 1.0)
    if r_max < r_long:
        raise asked.needs(
            f"r_max at or above the R2 of the equation ({r_long:.6g})",
            f"r_max 不小于方程的 R2（{r_long:.6g}）",
        )
    return r_max


# --- rows -------------------------------------------------------------------------------------


def _delta_row(
    fitted: Fitted, term: str, known: Selection, beta: float, extras: dict[str, Any]
) -> Finding:
    delta = delta_for(known, beta)
    note = _barely(known)
    if delta is None:
        note = "no finite delta: the controls are unrelated to the treatment"
    return Finding(
        term, delta, detail="delta", outcome=fitted.outcome, extras={**extras, "beta": beta},
        note=note,
    )  # fmt: skip


def _beta_row(
    fitted: Fitted, term: str, known: Selection, delta: float, extras: dict[str, Any]
) -> Finding:
    roots = roots_for(known, delta)
    root = chosen(roots)
    ends = {"set_low": min(known.long, root.beta), "set_high": max(known.long, root.beta)} if (
        root
    ) else {}  # fmt: skip
    about = {
        **extras, **ends, "delta": delta, "roots": [one.beta for one in roots],
        "admissible": [int(one.admissible) for one in roots],
        "same_direction": [int(one.same_direction) for one in roots],
    }  # fmt: skip
    notes = [_barely(known), _of_choice(roots, root)]
    return Finding(
        term, root.beta if root else None, quantity="coefficient", detail="beta",
        outcome=fitted.outcome, extras=about, note="; ".join(note for note in notes if note),
    )  # fmt: skip


def _of_choice(roots: list[Root], root: Root | None) -> str:
    if root is None:
        return "no real root with variances that are not negative"
    if not root.same_direction:
        return "no root keeps the direction of selection that the controls show (assumption 3)"
    if len(roots) > 1:
        return (
            f"of {len(roots)} real roots: admissible, in the controls' direction of selection, "
            "nearest to the controlled estimate"
        )
    return ""


def _barely(known: Selection) -> str:
    """Say that controls hardly move the estimate: then delta says little."""
    if abs(known.moved) >= BARELY * abs(known.long):
        return ""
    share = abs(known.moved / known.long) if known.long else 0.0
    return (
        f"controls move the estimate by {100.0 * share:.2g} % only: delta is uninformative, "
        "a large one no evidence of robustness"
    )
