"""The plan of a pass over files, told without making it."""

from pathlib import Path

from analysis.effects.cross_products.parquet import look_at_parquet, partitions, rows_in
from analysis.effects.cross_products.plan import layout_of
from analysis.effects.out_of_core.plans import plan_of
from analysis.effects.study import Equation, Study


def explained(study: Study, equation: Equation, outcome: str, files: str | Path) -> list[str]:
    """Return lines that say which files, rows and columns one outcome's tensor is made of.

    Raises
    ------
    UserError
        As ``plan_of``; if a file cannot be read or a column is missing.
    """
    plan = plan_of(study, equation, outcome)
    look = look_at_parquet(plan, files)
    layout, _ = layout_of(plan, look)
    return [
        f"{rows_in(files):>9,}  rows in {len(partitions(files))} files, before any filter",
        f"where: {plan.where or '-'}",
        f"columns: {', '.join(layout.columns)}",
        *([f"samples: {', '.join(plan.samples)}"] if plan.samples else []),
        *([f"absorbed: {plan.absorb}"] if plan.absorb else []),
        f"clusters: {plan.cluster} ({len(look.clusters):,})",
        f"vcov: {equation.vcov}; contrast: {equation.contrast or 'not stated'}",
    ]
