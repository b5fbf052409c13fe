"""A plugin of pytask's: states live in its lock file alone, not in its older database as well.

The database repeats the lock file and takes half of the engine's own time; ``recorded`` reads the
lock file, so it must hold everything.
Found through the entry point ``pytask`` of this project.
"""

from typing import Any

from pytask import hookimpl


@hookimpl(tryfirst=True)
def pytask_add_hooks(pm: Any) -> None:
    """Keep the database's plugin from being registered."""
    pm.set_blocked("_pytask.database")
