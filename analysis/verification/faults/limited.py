"""Run a module of this package while no file may grow beyond a limit: SIZE MODULE [ARGUMENTS].

A real refusal of the system's (EFBIG), as a disk quota gives, without a right that only root has.
"""

import runpy
import sys


def main(arguments: list[str]) -> None:
    """Set the limit for this process, then become the module."""
    import resource

    size, module, *rest = arguments
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), int(size)))
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
