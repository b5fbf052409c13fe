"""SPSS files looked at in another process first: a damaged one can end the process that reads it.

The library checks neither the places nor the widths of variables that such a file states, and its
memory faults are none that Python could catch.
"""

import subprocess
import sys
from pathlib import Path

from analysis.messages import UserError
from analysis.paths import relative

SUFFIX = ".sav"
LOOK = "import sys, pyreadstat; pyreadstat.read_sav(sys.argv[1], metadataonly=True)"
# a process that Python itself ends, whatever it says, ends with 0, 1 or 2
OWN_ENDS = (0, 1, 2)


def refuse_if_deadly(path: Path) -> None:
    """Return when the file's description can be read or is refused in an orderly way.

    Raises
    ------
    UserError
        If reading it ends the process.
    """
    look = [sys.executable, "-I", "-c", LOOK, str(path)]
    if subprocess.run(look, capture_output=True, check=False).returncode not in OWN_ENDS:
        raise UserError("spss_damaged", file=relative(path))
