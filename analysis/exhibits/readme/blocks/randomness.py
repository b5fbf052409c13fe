"""Every seed with its number of draws, as the results state them."""

import json
from collections.abc import Iterable, Iterator

from analysis.exhibits.readme.tables import pipe_table

INPUTS = {
    "estimates": "reports/results/estimates.csv",
    "simulated": "reports/simulated/results/*.csv",
}
DRAWN = ("draws", "replications")
Row = tuple[str, str, str, str]


def text(estimates: list[dict[str, str]], simulated: dict[str, list[dict[str, str]]]) -> str:
    """Return a row for each use of random numbers: where, how, seed, draws."""
    rows = [*_of_estimates(estimates), *_of_simulated(simulated)]
    return pipe_table(("result", "method", "seed", "draws"), list(dict.fromkeys(rows)))


def _of_estimates(estimates: Iterable[dict[str, str]]) -> Iterator[Row]:
    for row in estimates:
        said = json.loads(row["extras"] or "{}")
        if "seed" in said:
            repeated = ", bootstrap" if row["vcov"] == "bootstrap" else ""
            how = f"{row['estimator']}{repeated}"
            yield f"estimates, {row['study']}", how, f"{said['seed']}", _drawn(said)


def _of_simulated(simulated: dict[str, list[dict[str, str]]]) -> Iterator[Row]:
    for name, rows in simulated.items():
        seeds = sorted({row["seed"] for row in rows if row.get("seed")})
        if seeds:
            span = seeds[0] if len(seeds) == 1 else f"{seeds[0]} to {seeds[-1]}"
            yield f"simulated, {name.removesuffix('.csv')}", "simulation", span, _drawn(rows[0])


def _drawn(said: dict) -> str:
    return next((f"{said[key]}" for key in DRAWN if said.get(key)), "one")
