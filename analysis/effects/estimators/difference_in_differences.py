"""Difference in differences: y = a + b treated + c post + d treated x post + x'g + e.

d, the term ``did``, is the effect on the treated under common trends (Wooldridge 2010, section
6.5; Angrist and Pischke 2009, equation 5.2.3).
"""

import numpy as np
import pandas as pd

from analysis.effects.about import About
from analysis.effects.fit import Fit
from analysis.effects.linear_models.linear import fit_linear
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

ABOUT = About(
    fits="two groups, before and after, by least squares",
    needs="options treated and post, columns of 0 and 1; controls if wanted",
    reports="coefficients, the interaction as did; rows in each of the four cells; R2",
)
OPTION_COLUMNS = ("treated", "post")
DID = "did"


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; options ``treated`` and ``post`` (expressions of 0 and 1).

    Raises
    ------
    UserError
        If an option is absent or not 0 and 1, the equation also names a treatment, or one of the
        four cells is empty.
    """
    require_plain(equation, OPTION_COLUMNS)
    design = _design(sample, equation)
    cells = _cells(sample, equation)
    return fit_linear(
        list(design), design.to_numpy(float), sample.outcome, constant=True,
        equation=equation.id, extras=cells,
    )  # fmt: skip


def _design(sample: Sample, equation: Equation) -> pd.DataFrame:
    """Return treated, post, did, then the controls: a collinear one is the control."""
    for name in OPTION_COLUMNS:
        if name not in sample.others:
            english = f'options.{name} = "a column of 0 and 1"'
            raise needs(equation, english, f"options.{name}（取值为0和1的列）")
        if not set(np.unique(sample.others[name])) <= {0.0, 1.0}:
            english = f"options.{name} of 0 and 1 only"
            raise needs(equation, english, f"options.{name} 仅取0和1")
    if equation.treatments:
        english = "options treated and post in place of a treatment"
        raise needs(equation, english, "以 options 中的 treated 与 post 代替 treatment")
    treated, post = (sample.others[name] for name in OPTION_COLUMNS)
    names = [str(equation.options[name]) for name in OPTION_COLUMNS]
    own = pd.DataFrame({names[0]: treated, names[1]: post, DID: treated * post})
    return pd.concat([own, sample.regressors], axis=1)


def _cells(sample: Sample, equation: Equation) -> dict[str, int]:
    """Return the rows in each of the four cells, none of which may be empty."""
    treated, post = (sample.others[name] == 1.0 for name in OPTION_COLUMNS)
    cells = {
        "n_control_before": int((~treated & ~post).sum()),
        "n_control_after": int((~treated & post).sum()),
        "n_treated_before": int((treated & ~post).sum()),
        "n_treated_after": int((treated & post).sum()),
    }
    if 0 in cells.values():
        english = f"rows in all four cells of treated and post (found {list(cells.values())})"
        chinese = f"treated 与 post 的四个组合都有观测（现有 {list(cells.values())}）"
        raise needs(equation, english, chinese)
    return cells
