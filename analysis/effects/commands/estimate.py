"""``estimate STUDY.toml``: fit a study's equations, print them, write the contract's rows."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.files import beside, write_all
from analysis.messages import Text, UserError
from analysis.paths import relative

if TYPE_CHECKING:
    import pandas as pd

    from analysis.effects.study import Study

WRITTEN = Text("Written: {rows} rows to {file}.", "已写入 {rows} 行：{file}。")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the study, other data, the file to write, and the plan."""
    parser.add_argument("study", type=Path, help="a study file (TOML)")
    parser.add_argument("--data", type=Path, help="a data file in place of the study's own")
    parser.add_argument("--out", type=Path, help="write the estimates to this CSV file")
    parser.add_argument("--explain", action="store_true", help="print the plan; fit nothing")
    parser.add_argument(
        "--workers", type=int, default=1, help="processes for bootstraps and other draws"
    )
    parser.add_argument(
        "--out-of-core",
        action="store_true",
        help="pass over Parquet in blocks (--data FOLDER, or a pattern); treatments only",
    )
    parser.add_argument("--cluster", default="", help="address of a Dask scheduler for the same")


def run(options: argparse.Namespace) -> int:
    """Fit and print; write nothing unless every equation could be fitted."""
    from analysis.effects.data_status import require_uncited
    from analysis.effects.fitting import data_of
    from analysis.effects.study import read_study
    from analysis.effects.workers import CLUSTER, WORKERS

    if options.workers < 1:
        expected = Text("a whole number above zero", "正整数")
        raise UserError("option", option="--workers", value=options.workers, expected=expected)
    os.environ[WORKERS] = str(options.workers)
    os.environ[CLUSTER] = options.cluster
    study = read_study(options.study)
    if options.out_of_core:
        from analysis.effects.out_of_core import marks

        files = options.data or beside(study.folder, study.data)
        require_uncited(study, marks(files), relative(options.study))
        if options.explain:
            return _explain_pass(study, files)
        rows = _pass_and_print(study, files)
    else:
        frame = data_of(study, options.data)
        require_uncited(study, frame, relative(options.study))
        if options.explain:
            return _explain(study, frame)
        rows = _fit_and_print(study, frame)
    if options.out:
        from analysis.tabular import as_csv

        write_all({options.out.absolute(): as_csv(rows).encode("utf-8")})
        words = WRITTEN.in_language(options.lang)
        print(words.format(rows=len(rows), file=options.out))
    return 0


def _fit_and_print(study: "Study", frame: "pd.DataFrame") -> "pd.DataFrame":
    import pandas as pd

    from analysis.effects.data_status import SIMULATED, status_of, without_p
    from analysis.effects.estimates import readable
    from analysis.effects.fitting import fit_equations, rows_of_equation

    tables, simulated = [], status_of(study, frame) == SIMULATED
    for fitted in fit_equations(study, frame):
        rows = rows_of_equation(fitted, frame)
        tables.append(without_p(rows) if simulated else rows)
        for one in fitted:
            mine = tables[-1][tables[-1]["outcome"] == one.outcome]
            print(f"\n{study.id} / {one.equation.id}: {one.outcome} ({one.equation.estimator})")
            print(readable(mine, one.sample.counts))
    return pd.concat(tables, ignore_index=True)


def _pass_and_print(study: "Study", files: Path) -> "pd.DataFrame":
    import pandas as pd

    from analysis.effects.data_status import SIMULATED, status_of, without_p
    from analysis.effects.estimates import readable
    from analysis.effects.fitting import ready
    from analysis.effects.out_of_core import marks, rows_out_of_core

    tables, simulated = [], status_of(study, marks(files)) == SIMULATED
    for equation in map(ready, study.equations):
        for outcome in equation.outcomes:
            rows = rows_out_of_core(study, equation, outcome, files)
            tables.append(without_p(rows) if simulated else rows)
            print(f"\n{study.id} / {equation.id}: {outcome} ({equation.estimator})")
            print(readable(tables[-1], ()))
    return pd.concat(tables, ignore_index=True)


def _explain_pass(study: "Study", files: Path) -> int:
    from analysis.effects.fitting import ready
    from analysis.effects.out_of_core import explained

    for equation in map(ready, study.equations):
        for outcome in equation.outcomes:
            print(f"\n{study.id} / {equation.id}: {outcome} ({equation.estimator})")
            for line in explained(study, equation, outcome, files):
                print(f"  {line}")
    return 0


def _explain(study: "Study", frame: "pd.DataFrame") -> int:
    from analysis.effects.fitting import samples_of

    for equation, outcome, sample in samples_of(study, frame):
        print(f"\n{study.id} / {equation.id}: {outcome} ({equation.estimator})")
        for what, n in sample.counts:
            print(f"  {n:>9,}  {what}")
        print(f"  terms: {', '.join(sample.regressors) or '-'}")
        for label, block in (
            ("endogenous", sample.endogenous),
            ("instruments", sample.instruments),
        ):
            if block.shape[1]:
                print(f"  {label}: {', '.join(block)}")
        for name in sample.absorbed:
            print(f"  absorbed: {name} ({sample.absorbed[name].nunique():,} levels)")
        for name in sample.clusters:
            print(f"  clusters: {name} ({sample.clusters[name].nunique():,})")
        print(f"  vcov: {equation.vcov}; contrast: {equation.contrast or 'not stated'}")
        if equation.after:
            print(f"  then: {', '.join(step.name for step in equation.after)}")
    return 0
