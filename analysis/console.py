"""What is printed, on consoles of any encoding and for readers that may go away."""

import os
import sys


def let_consoles_print() -> None:
    """Show what a console in cp936 or ASCII can, instead of failing on the rest."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def say(line: str) -> None:
    """Print a line at once; where its reader has gone (head, less) go on without a word."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        hush()


def hush() -> None:
    """Let what is still printed go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
