"""The specification curve: every defensible specification's estimate, in order, and all together.

Least squares for each combination of outcome, treatment, rows, controls and covariance
(specifications/choices.py), solved from cross-products (specifications/curve.py); the joint tests
are those of Simonsohn, Simmons and Nelson 2020 (specifications/joint.py).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from analysis.effects.about import About
from analysis.effects.cross_products.draws import Draws, draws_of_clusters, draws_of_rows
from analysis.effects.findings import SEED
from analysis.effects.fit import Fit
from analysis.effects.linear_models.linear import require_variation
from analysis.effects.multiplicity.assignments import cluster_codes
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.specifications.choices import Choices, choices_of
from analysis.effects.specifications.curve import Result, results, rows_of_sample
from analysis.effects.specifications.joint import NAMES, Joint, joint_test
from analysis.effects.study import Equation

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
OPTION_COLUMNS = ("outcomes", "treatments", "samples")
OPTIONS = (*OPTION_COLUMNS, "controls", "always", "vcovs")
VCOVS = ("HC1", "classical", "cluster", "HC0")
DRAWS, LEVEL = 500, 0.05
# more rows than these are put together at random: signs are drawn for so many groups
ROWS_APART, GROUPS = 2000, 1000
ABOUT = About(
    fits="least squares in every specification, and joint tests under the null",
    needs="a treatment; options controls (all_subsets or lists), always, outcomes, treatments, "
    "samples, vcovs, draws, seed",
    reports="a row a specification in order of the estimate; median, share of sign, significant",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it: rows ordered by estimate, then median, share of its sign, share significant so.

    ``material["specifications"]`` is the table for a figure. All specifications share the rows
    that are complete in every variable.

    Raises
    ------
    UserError
        If weights or an unknown option are given, choices are refused (``choices_of``), or a
        treatment has no variation of its own in a specification.
    """
    require_plain(equation, OPTIONS)
    choices = choices_of(sample, equation, VCOVS)
    require_variation(sample)
    draws, codes = _draws(sample, equation)
    found = _solve(sample, equation, choices, codes, draws)
    df = _degrees(found, choices, draws)
    critical = float(stats.t(df).ppf(1.0 - LEVEL / 2.0))
    order = np.argsort([one.estimate for one in found], kind="stable")
    ordered = [found[j] for j in order]
    estimates = np.array([one.estimate for one in ordered])
    statistics = estimates / np.array([one.error for one in ordered])
    slopes, under_null = (
        np.stack([getattr(one, name) for one in ordered], axis=1)
        for name in ("slopes", "statistics")
    )
    joint = joint_test(estimates, statistics, slopes, under_null, critical, draws.complete)
    return _fit(ordered, choices, joint, df, draws, equation)


def _draws(sample: Sample, equation: Equation) -> tuple[Draws, Codes]:
    """Return the draws and the (n,) groups that share a sign: clusters, rows, or rows together."""
    count = equation.draws or DRAWS
    seed = SEED if equation.seed is None else equation.seed
    n = sample.n_obs
    if sample.clusters.shape[1]:
        codes = cluster_codes(sample)
        groups = int(codes.max()) + 1
        if groups < 2:
            raise needs(equation, "two clusters or more", "至少两个聚类")
        return draws_of_clusters(groups, count, seed), codes
    if n <= ROWS_APART:
        return draws_of_rows(n, count, seed), np.arange(n)
    codes = np.random.default_rng(seed).permutation(n) % GROUPS
    return draws_of_rows(GROUPS, count, seed), codes


def _solve(
    sample: Sample, equation: Equation, choices: Choices, codes: Codes, draws: Draws
) -> list[Result]:
    names = [name for columns in choices.columns.values() for name in columns]
    controls = {name: sample.regressors[name].to_numpy(float) for name in names}
    tables = {
        name: rows_of_sample(choices, controls, rows, codes, draws.groups)
        for name, rows in choices.samples.items()
    }
    found: list[Result] = []
    for one in results(choices, tables, draws):
        if isinstance(one, int) or not one.error > 0.0:
            number = one if isinstance(one, int) else one.specification.number
            words = choices.specifications()[number - 1].words(choices.several)
            raise needs(
                equation, f"a treatment that varies in {words}", f"{words} 中有变异的处理变量"
            )
        found.append(one)
    return sorted(found, key=lambda one: one.specification.number)


def _degrees(found: Sequence[Result], choices: Choices, draws: Draws) -> int:
    """Return one number for all rows: the fewest degrees of freedom of any."""
    fewest = min(one.df_resid for one in found)
    return min(fewest, draws.groups - 1) if "cluster" in choices.vcovs else fewest


def _fit(
    ordered: Sequence[Result],
    choices: Choices,
    joint: Joint,
    df: int,
    draws: Draws,
    equation: Equation,
) -> Fit:
    m, k = len(ordered), len(ordered) + len(NAMES)
    own = np.zeros((k, k))
    own[np.arange(m), np.arange(m)] = [one.error**2 for one in ordered]
    several, nothing = choices.several, np.broadcast_to(0.0, (k, k))
    return Fit(
        terms=(
            *(one.specification.treatment for one in ordered),
            *equation.treatments * len(NAMES),
        ),
        estimate=np.array([*(one.estimate for one in ordered), *joint.values]),
        bread=nothing,
        scores=np.broadcast_to(0.0, (ordered[0].n_obs, k)),
        classical=nothing,
        df_resid=df,
        own={equation.vcov: own},
        components=(*(one.specification.words(several) for one in ordered), *NAMES),
        quantities=("coefficient",) * m + ("test",) + ("share",) * 2,
        p_values={m + j: float(p) for j, p in enumerate(joint.p_values)},
        extras={
            "specifications": m,
            "draws": draws.count,
            "seed": draws.seed,
            **({"n_clusters": draws.groups} if equation.cluster else {}),
        },
        material={"specifications": _table(ordered)},
        notes=(f"joint tests: wild bootstrap under the null, {draws.name}",),
    )


def _table(ordered: Sequence[Result]) -> pd.DataFrame:
    """Return one row a specification in the order of the figure."""
    return pd.DataFrame([
        {
            "rank": rank, "spec": one.specification.number, "outcome": one.specification.outcome,
            "treatment": one.specification.treatment, "sample": one.specification.sample,
            "controls": "+".join(one.specification.controls), "vcov": one.specification.vcov,
            "estimate": one.estimate, "std_error": one.error, "n_obs": one.n_obs,
        }
        for rank, one in enumerate(ordered, 1)
    ])  # fmt: skip
