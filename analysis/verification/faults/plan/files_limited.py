"""A quota: files may not grow beyond a limit, so some results cannot be written."""

import os

from analysis.messages import Text
from analysis.verification.faults.afterwards import stopped_or_right, then
from analysis.verification.faults.attempt import Attempt
from analysis.verification.faults.fault import About, Outcome
from analysis.verification.faults.project import REPRODUCE

LIMITED = "analysis.verification.faults.limited"
# from less than any result to more than all of them
LEAST, MOST = 100, 60_000


def _hindrance() -> Text | None:
    if os.name == "posix":
        return None
    return Text("needs limits of POSIX", "需要 POSIX 的资源限制")


ABOUT = About(
    Text("writing refused beyond a quota", "超出配额，文件无法写入"), tries=4, hindrance=_hindrance
)


def strike(attempt: Attempt) -> Outcome:
    """Build under the limit; without it the next build must end well."""
    built, changed = attempt.miniature.results
    project = attempt.outdated()
    limit = attempt.chance.randrange(LEAST, MOST)
    done = project.run((LIMITED, str(limit), *REPRODUCE))
    outcome = stopped_or_right(done, project, (built, changed))
    return then(outcome, project, changed)
