"""The specification curve: every defensible specification's estimate, in order, and all together.

Least squares for each combination of outcome, treatment, rows, controls and covariance
(specifications/choices.py), solved from cross-products (specifications/curve.py); the joint tests
are those of Simonsohn, Simmons and Nelson 2020 (specifications/joint.py).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.effects.about import About
from analysis.effects.cross_products.draws import Draws, draws_of_clusters, draws_of_rows
from analysis.effects.findings import SEED
from analysis.effects.fit import Fit
from analysis.effects.linear_models.linear import require_variation
from analysis.effects.linear_models.panel import flag
from analysis.effects.multiplicity.assignments import cluster_codes
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.specifications.choices import Choices, choices_of
from analysis.effects.specifications.curve import Result, results
from analysis.effects.specifications.material import Material, material_of
from analysis.effects.specifications.together import Together, table_of, together
from analysis.effects.study import Equation

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
USES = ("absorb",)
OPTION_COLUMNS = ("outcomes", "treatments", "samples")
OPTIONS = (*OPTION_COLUMNS, "controls", "always", "vcovs", "influence", "null_band")
VCOVS = ("HC1", "classical", "cluster", "HC0")
DRAWS = 500
# more rows than these are put together at random: signs are drawn for so many groups
ROWS_APART, GROUPS = 2000, 1000
ABOUT = About(
    fits="least squares in every specification, and joint tests under the null",
    needs="a treatment; options controls (all_subsets or lists), always, outcomes, treatments, "
    "samples, vcovs, influence, null_band, draws, seed",
    reports="a row a specification in order of the estimate; median, share of sign, significant; "
    "on request the median without one cluster, and the curve's band under the null",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it: rows ordered by estimate, then median, share of its sign, share significant so.

    ``material["specifications"]`` is the table for a figure. All specifications share the rows
    that are complete in every variable. Option ``influence`` adds the median without the clusters
    that move it most, ``null_band`` the curve's 95 % band when no specification has an effect.

    Raises
    ------
    UserError
        If weights or an unknown option are given, choices are refused (``choices_of``), an
        absorbed effect is not nested in the clusters, or a treatment has no variation of its own
        in a specification.
    """
    require_plain(equation, OPTIONS)
    choices = choices_of(equation, _columns(sample, equation), VCOVS)
    require_variation(sample)
    draws, codes, clusters = _draws(sample, equation)
    material = material_of(sample, equation, choices, codes, draws.groups)
    found = all_results(equation, choices, material, draws)
    labels = clusters if flag(equation, "influence") else ()
    curve = together(found, choices, draws, band=flag(equation, "null_band"), clusters=labels)
    return _fit(curve, draws, equation)


def _columns(sample: Sample, equation: Equation) -> dict[str, list[str]]:
    """Return the names of each term's columns."""
    names = list(sample.regressors)
    terms = dict.fromkeys([*equation.treatments, *equation.controls])
    return {t: [n for n in names if n == t or n.startswith(f"{t}=")] for t in terms}


def _draws(sample: Sample, equation: Equation) -> tuple[Draws, Codes, Sequence]:
    """Return the draws, the (n,) groups that share a sign, and the clusters' labels.

    Groups are clusters; without them rows, or rows put together.
    """
    count = equation.draws or DRAWS
    seed = SEED if equation.seed is None else equation.seed
    n = sample.n_obs
    if sample.clusters.shape[1]:
        codes = cluster_codes(sample)
        groups = int(codes.max()) + 1
        if groups < 2:
            raise needs(equation, "two clusters or more", "至少两个聚类")
        first = np.unique(codes, return_index=True)[1]
        labels = [" ".join(map(str, row)) for row in sample.clusters.to_numpy()[first]]
        return draws_of_clusters(groups, count, seed), codes, labels
    if flag(equation, "influence"):
        raise needs(equation, "clusters for options.influence", "options.influence 须有聚类变量")
    if n <= ROWS_APART:
        return draws_of_rows(n, count, seed), np.arange(n), ()
    codes = np.random.default_rng(seed).permutation(n) % GROUPS
    return draws_of_rows(GROUPS, count, seed), codes, ()


def all_results(
    equation: Equation, choices: Choices, material: dict[str, Material], draws: Draws
) -> list[Result]:
    """Return every specification's result, by number.

    Raises
    ------
    UserError
        If a treatment has no variation of its own in one, or one needs rows and there are none.
    """
    found: list[Result] = []
    for one in results(choices, material, draws, flag(equation, "influence")):
        if isinstance(one, int) or not one.error > 0.0:
            number = one if isinstance(one, int) else one.specification.number
            words = choices.specifications()[number - 1].words(choices.several)
            raise needs(
                equation, f"a treatment that varies in {words}", f"{words} 中有变异的处理变量"
            )
        found.append(one)
    return sorted(found, key=lambda one: one.specification.number)


def notes_of(draws: Draws) -> str:
    """Return what a curve's rows say of its draws."""
    return f"joint tests: wild bootstrap under the null, {draws.name}"


def _fit(curve: Together, draws: Draws, equation: Equation) -> Fit:
    lines, k = curve.lines, len(curve.lines)
    own = np.diag([one.error**2 if one.error else 0.0 for one in lines])
    nothing = np.broadcast_to(0.0, (k, k))
    return Fit(
        terms=tuple(one.term for one in lines),
        estimate=np.array([one.estimate for one in lines]),
        bread=nothing,
        scores=np.broadcast_to(0.0, (curve.ordered[0].n_obs, k)),
        classical=nothing,
        df_resid=curve.df,
        own={equation.vcov: own},
        components=tuple(one.component for one in lines),
        quantities=tuple(one.quantity for one in lines),
        p_values={j: one.p_value for j, one in enumerate(lines) if one.p_value is not None},
        extras={
            "specifications": len(curve.ordered),
            "draws": draws.count,
            "seed": draws.seed,
            **({"n_clusters": draws.groups} if equation.cluster else {}),
        },
        material={"specifications": table_of(curve)},
        notes=(notes_of(draws),),
        fixed_effects=" + ".join(equation.absorb),
    )
