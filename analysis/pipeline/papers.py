"""A study on its data to the files of a paper: tables and figures, contents, what was refused."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.messages import LANGUAGES, Text
from analysis.paths import relative

if TYPE_CHECKING:
    import pandas as pd

    from analysis.effects.paper import Made, Plan, Work
    from analysis.exhibits.paper import Facts

DESIGN = {
    "psu": Text("primary sampling unit", "初级抽样单位"),
    "province": Text("province", "省份"),
    "wave": Text("wave", "调查年份"),
}
DONE = Text("made", "已生成")
NOT_MADE = Text("not made: {reason}", "未生成：{reason}")


def paper_of(
    path: Path, frame: "pd.DataFrame", say: Callable[["Made"], None], data: str = ""
) -> tuple[dict[str, bytes], list["Made"]]:
    """Return a paper's files by name, and what became of each table and figure.

    ``data`` says what ``frame`` is where it is not what the study file names.

    Raises
    ------
    UserError
        If the study file is bad, its data are simulated and it is cited, or its main equation is
        refused: then there is no paper.
    """
    from analysis.effects.paper import make, read_plan, start
    from analysis.effects.study import read_study

    study = read_study(path)
    study = replace(study, data=data or study.data)
    work = start(study, _named(read_plan(path), study.data), frame, relative(path))
    # what no step could do without is refused here, before anything is made
    work.require_main()
    made = make(work, say)
    return _files(made, _facts_of(work)), made


def _named(plan: "Plan", data: str) -> "Plan":
    """Return the plan with the names of a data set's variables behind those of the file."""
    from analysis.effects.paper import Variable
    from analysis.exhibits.regressions.names import variables_of

    known = {name: Variable(label, Text("", "")) for name, label in variables_of(data).items()}
    return replace(plan, variables=known | dict(plan.variables))


def progress(one: "Made", language: str) -> str:
    """Return the line said of a table or figure when it is done."""
    said = DONE.in_language(language)
    if one.rows is None:
        said = NOT_MADE.in_language(language).format(reason=one.reason.in_language(language))
    return f"{one.name:<22} {one.seconds:6.1f} s  {said}"


def _facts_of(work: "Work") -> "Facts":
    """Return what every note of the paper repeats."""
    from analysis.exhibits.paper import Facts
    from analysis.exhibits.regressions.names import place_of

    plan, study = work.plan, work.study
    labels: Mapping[str, Text] = DESIGN | {n: one.label for n, one in plan.variables.items()}
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
        bases=work.bases(),
        place=Text(*(place_of(study.data, language) for language in LANGUAGES)),
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
