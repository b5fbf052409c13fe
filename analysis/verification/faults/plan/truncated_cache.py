"""A cache cut off at a random byte: the engine's state, known syntax, a tidy table."""

from analysis.messages import Text
from analysis.verification.faults.afterwards import next_run
from analysis.verification.faults.attempt import Attempt
from analysis.verification.faults.fault import About, Outcome

CACHES = (".jieli/pytask.lock", ".jieli/syntax.json", "data/processed/national_disputes.csv")

ABOUT = About(Text("truncated cache", "缓存文件被截断"), tries=5)


def strike(attempt: Attempt) -> Outcome:
    """Cut a cache off; the next build must not believe it."""
    _, changed = attempt.miniature.results
    project = attempt.outdated()
    cache = project.folder / attempt.chance.choice(CACHES)
    content = cache.read_bytes()
    cache.write_bytes(content[: attempt.chance.randrange(len(content))])
    return next_run(project, changed)
