"""Published tables refitted through study files; every estimator that they name counts as code."""

from analysis.loading import modules_in
from analysis.paths import PROCESSED, RESULTS, ROOT, relative
from analysis.pipeline.task import Arguments, Contents, Inputs, Task

FOLDER = ROOT / "analysis" / "effects" / "benchmarks"


def run(inputs: Inputs, arguments: Arguments) -> Contents:
    """Fit every benchmark and put measured beside published."""
    from analysis.effects.benchmarking import benchmark_table
    from analysis.sources import read_processed

    return {"benchmarks": benchmark_table(read_processed(inputs["published"]), FOLDER)}


def tasks() -> list[Task]:
    """Return the one task."""
    studies = {relative(path): path for path in sorted(FOLDER.glob("*.toml"))}
    return [
        Task(
            name="benchmarks",
            group="benchmarks",
            run=run,
            code=(
                __name__,
                *modules_in("analysis.effects.estimators"),
                *modules_in("analysis.effects.after"),
            ),
            inputs={"published": PROCESSED / "published_benchmarks.csv", **studies},
            products={"benchmarks": RESULTS / "benchmarks.csv"},
        )
    ]
