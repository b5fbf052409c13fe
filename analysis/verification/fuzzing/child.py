"""One target fed in a process of its own, with bounds on time and memory.

Arguments: TARGET TOOL INPUTS SEED FOLDER. Each input is written to FOLDER before it is read, the
number of inputs and the findings as they come: a process that dies leaves all of it behind.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from analysis.loading import load, load_library
from analysis.verification.fuzzing.feeder import Feeder, limit_memory, warm_up
from analysis.verification.fuzzing.found import kept
from analysis.verification.fuzzing.inputs import near
from analysis.verification.fuzzing.target import About

TARGETS = "analysis.verification.fuzzing.targets"
LONGEST_INPUT = 2**16
Prepare = Callable[[], Feeder]


def main(arguments: list[str]) -> None:
    """Read what was found before, then feed the target."""
    name, tool, inputs, seed, folder = arguments

    def prepare() -> Feeder:
        feeder = Feeder(load(f"{TARGETS}.{name}"), Path(folder))
        warm_up(feeder)
        limit_memory()
        for content in kept(name):
            feeder.read(content)
        return feeder

    TOOLS[tool](prepare, int(inputs), int(seed))


def with_hypothesis(prepare: Prepare, inputs: int, seed: int) -> None:
    """Hand the target inputs near to its seeds."""
    feed(prepare(), inputs, seed)


def feed(feeder: Feeder, inputs: int, seed: int) -> None:
    """Hand a feeder ``inputs`` inputs drawn by hypothesis."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    about: About = feeder.target.ABOUT

    @seeded(seed)
    @settings(
        max_examples=inputs,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(near(feeder.target.seeds(), about.words))
    def fed(content: bytes) -> None:
        feeder.read(content)

    fed()


def with_atheris(prepare: Prepare, inputs: int, seed: int) -> None:
    """Hand the target inputs that reach other lines of ours than those before; ends the process."""
    atheris = load_library("atheris")
    with atheris.instrument_imports(include=["analysis"]):
        feeder = prepare()
    corpus = feeder.place.with_name("corpus")
    corpus.mkdir()
    for number, content in enumerate(feeder.target.seeds()):
        (corpus / str(number)).write_bytes(content)
    options = [f"-runs={inputs}", f"-seed={seed}", f"-max_len={LONGEST_INPUT}", "-rss_limit_mb=0"]
    atheris.Setup(["fuzz", *options, "-verbosity=0", str(corpus)], feeder.read)
    atheris.Fuzz()


TOOLS: dict[str, Callable[[Prepare, int, int], None]] = {
    "hypothesis": with_hypothesis,
    "atheris": with_atheris,
}

if __name__ == "__main__":
    main(sys.argv[1:])
