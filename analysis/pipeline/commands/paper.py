"""``paper STUDY.toml``: a paper's tables and figures in the order of Chinese journals."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.files import write_all
from analysis.messages import LANGUAGES, Text
from analysis.paths import REPORTS, relative

if TYPE_CHECKING:
    from analysis.effects.paper import Made, Work
    from analysis.exhibits.paper import Facts

PAPERS = REPORTS / "local" / "papers"
DESIGN = {
    "psu": Text("primary sampling unit", "初级抽样单位"),
    "province": Text("province", "省份"),
    "wave": Text("wave", "调查年份"),
}
DONE = Text("made", "已生成")
NOT_MADE = Text("not made: {reason}", "未生成：{reason}")
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
    from analysis.effects.paper import make, read_plan, start
    from analysis.effects.study import read_study

    study = read_study(options.study)
    plan = read_plan(options.study)
    work = start(study, plan, data_of(study, options.data), relative(options.study))
    # what no step could do without is refused here, before anything is made
    work.main()
    made = make(work, lambda one: print(_progress(one, options.lang), flush=True))
    folder = (options.out or PAPERS / study.id).absolute()
    contents = _files(made, facts_of(work))
    write_all({folder / name: content for name, content in contents.items()})
    ready = sum(one.rows is not None for one in made)
    words = WRITTEN.in_language(options.lang)
    print(words.format(files=len(contents), folder=relative(folder), made=ready, all=len(made)))
    return 0


def _progress(one: "Made", language: str) -> str:
    said = DONE.in_language(language)
    if one.rows is None:
        said = NOT_MADE.in_language(language).format(reason=one.reason.in_language(language))
    return f"{one.name:<22} {one.seconds:6.1f} s  {said}"


def facts_of(work: "Work") -> "Facts":
    """Return what every note of the paper repeats."""
    from analysis.exhibits.paper import Facts

    plan, study = work.plan, work.study
    labels = DESIGN | {name: one.label for name, one in plan.variables.items()}
    names = [labels.get(name, Text(name, name)) for name in work.cluster]
    return Facts(
        title=Text(study.title[0] or study.id, study.title[1] or study.title[0] or study.id),
        status=work.status,
        labels=labels,
        cluster=Text(", ".join(one.en for one in names), "、".join(one.zh for one in names)),
        clusters=work.main().covariance.n_clusters,
        weights=plan.weights,
        contrast=plan.contrast,
        stars=plan.stars,
    )


def _files(made: list["Made"], facts: "Facts") -> dict[str, bytes]:
    from analysis.exhibits.paper import contents_page, printed

    files: dict[str, bytes] = {}
    for one in made:
        if one.rows is not None:
            files |= printed(one.name, one.rows, facts)
    results = [(one.name, one.reason if one.rows is None else None, one.seconds) for one in made]
    for language in LANGUAGES:
        files[f"contents_{language}.md"] = contents_page(results, facts, language)
    return files
