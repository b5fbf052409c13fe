"""``python -m analysis.effects.propositions PLAN.toml [--data FILE] [--out FILE.csv]``."""

import argparse
import sys
from pathlib import Path

from analysis.effects.data_status import is_marked, without_p
from analysis.effects.propositions.plan import read_plan
from analysis.effects.propositions.tested import data_of, decided_propositions
from analysis.files import write_all
from analysis.messages import UserError
from analysis.tabular import as_bytes


def main(arguments: list[str] | None = None) -> int:
    """Test a plan's propositions; print the statements or write all rows. Return an exit code."""
    parser = argparse.ArgumentParser(prog="python -m analysis.effects.propositions")
    parser.add_argument("plan", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    try:
        plan = read_plan(options.plan)
        frame = data_of(plan, options.data)
        table = decided_propositions(plan, frame)
        table = without_p(table) if is_marked(frame) else table
        if options.out:
            write_all({options.out: as_bytes(table)})
        else:
            print(table.drop(columns="study").to_string(index=False))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
