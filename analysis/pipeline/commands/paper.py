"""``paper STUDY.toml``: a paper's tables and figures in the order of Chinese journals."""

import argparse
from pathlib import Path

from analysis.files import inside, write_all
from analysis.messages import Text
from analysis.paths import REPORTS, relative
from analysis.pipeline.papers import paper_of, progress

PAPERS = REPORTS / "local" / "papers"
WRITTEN = Text("Written: {files} files to {folder}; {made} of {all} made.",
               "已写入 {files} 个文件：{folder}；生成 {made}/{all}。")  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the study, other data, and the folder to write."""
    parser.add_argument("study", type=Path, help="a study file (TOML) with a [paper] section")
    parser.add_argument("--data", type=Path, help="a data file in place of the study's own")
    parser.add_argument("--out", type=Path, help="folder (default: reports/local/papers/ID)")


def run(options: argparse.Namespace) -> int:
    """Make everything, then write it all at once; a bad study file writes nothing."""
    from analysis.effects.fitting import data_of
    from analysis.effects.paper import read_plan
    from analysis.effects.study import read_study

    study = read_study(options.study)
    # a mistake in the file is found before any data are read
    read_plan(options.study)
    folder = (options.out or inside(PAPERS, study.id)).absolute()
    contents, made = paper_of(
        options.study,
        data_of(study, options.data),
        lambda one: print(progress(one, options.lang), flush=True),
        str(options.data or ""),
    )
    write_all({folder / name: content for name, content in contents.items()})
    ready = sum(one.rows is not None for one in made)
    words = WRITTEN.in_language(options.lang)
    print(words.format(files=len(contents), folder=relative(folder), made=ready, all=len(made)))
    return 0
