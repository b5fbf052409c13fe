"""Published effects of unions in China: the map, the sizes, and whether they can be pooled."""

from analysis.paths import PROCESSED, RESULTS
from analysis.pipeline.task import Arguments, Contents, Inputs, Task


def run(inputs: Inputs, arguments: Arguments) -> Contents:
    """Read the published effects; return the map, the points, the pooling, the funnels."""
    from analysis.effects.evidence.literature import effect_points, evidence_map, funnels, pool
    from analysis.sources import read_processed

    effects = read_processed(inputs["effects"])
    return {
        "map": evidence_map(effects),
        "points": effect_points(effects),
        "pooling": pool(effects),
        "funnels": funnels(effects),
    }


def tasks() -> list[Task]:
    """Return the one task."""
    return [
        Task(
            name="literature",
            group="results",
            run=run,
            code=(__name__,),
            inputs={"effects": PROCESSED / "literature_effects.csv"},
            products={
                "map": RESULTS / "evidence_map.csv",
                "points": RESULTS / "effect_points.csv",
                "pooling": RESULTS / "pooling.csv",
                "funnels": RESULTS / "funnels.csv",
            },
        )
    ]
