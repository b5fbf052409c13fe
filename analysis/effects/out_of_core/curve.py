"""A specification curve from one pass over the files: all samples in one tensor, by stratum."""

from dataclasses import replace
from pathlib import Path

from analysis.effects.cross_products.draws import Draws, draws_of_clusters
from analysis.effects.cross_products.parquet import look_at_parquet
from analysis.effects.cross_products.partitioned import sums_of_partitions
from analysis.effects.cross_products.plan import layout_of
from analysis.effects.cross_products.tensor import Sums, finished
from analysis.effects.estimators.specification_curve import DRAWS, all_results, notes_of
from analysis.effects.findings import SEED
from analysis.effects.linear_models.panel import flag
from analysis.effects.out_of_core.plans import CURVE_VCOVS, plan_of
from analysis.effects.refusals import needs
from analysis.effects.specifications.choices import WHOLE, choices_of
from analysis.effects.specifications.material import Material
from analysis.effects.specifications.together import Together, together
from analysis.effects.study import Equation, Study


def curve_of(
    study: Study, equation: Equation, outcome: str, files: str | Path
) -> tuple[Together, Draws, str]:
    """Return the curve, its draws, and what to say of them.

    Raises
    ------
    UserError
        As ``plan_of`` and ``choices_of``; if a sample has no rows, there is one cluster only, or a
        specification needs the rows.
    """
    alone = replace(equation, outcomes=(outcome,))
    plan = plan_of(study, alone, outcome)
    _, columns = layout_of(plan, look_at_parquet(plan, files))
    choices = choices_of(alone, columns, CURVE_VCOVS)
    sums = sums_of_partitions(plan, files)
    material = {name: _material(sums, name, alone) for name in choices.samples}
    labels = sums.layout.clusters
    if len(labels) < 2:
        raise needs(alone, "two clusters or more", "至少两个聚类")
    seed = SEED if alone.seed is None else alone.seed
    draws = draws_of_clusters(len(labels), alone.draws or DRAWS, seed)
    found = all_results(alone, choices, material, draws)
    clusters = [str(label) for label in labels] if flag(alone, "influence") else ()
    curve = together(found, choices, draws, band=flag(alone, "null_band"), clusters=clusters)
    return curve, draws, notes_of(draws)


def _material(sums: Sums, name: str, equation: Equation) -> Material:
    sample = None if name == WHOLE else sums.layout.samples.index(name)
    products = finished(sums, sample)
    if not products.n_obs:
        raise needs(equation, f"rows where {name}", f"满足 {name} 的观测")
    return Material(products)
