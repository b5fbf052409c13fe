"""Design sheets of published studies, their facts as one table, and what is attributed to them."""

from pathlib import Path

from analysis.paths import PROCESSED, REPORTS, RESULTS, ROOT, relative
from analysis.pipeline.places import CHECKED
from analysis.pipeline.task import Arguments, Contents, Inputs, Task

FOLDER = ROOT / "analysis" / "effects" / "designs"
SHEETS = REPORTS / "designs"
LANGUAGES = ("en", "zh")
ATTRIBUTION = "analysis.claims.sections.section_2_attribution"


def run(inputs: Inputs, arguments: Arguments) -> Contents:
    """Read every design; return the table of facts and a sheet a study and language."""
    from analysis.effects.designs.design import all_designs
    from analysis.effects.designs.sheet import sheet
    from analysis.effects.designs.table import facts_table

    designs = all_designs(FOLDER)
    sheets = {
        f"{design.id}_{language}": sheet(design, language)
        for design in designs
        for language in LANGUAGES
    }
    return {"facts": facts_table(designs), **sheets}


def attribute(inputs: Inputs, arguments: Arguments) -> Contents:
    """Decide what the article attributes to studies by what was read of them."""
    from analysis.claims.sections.section_2_attribution import attribution_table
    from analysis.messages import Text
    from analysis.sources import read_processed

    facts = read_processed(inputs["facts"]).drop_duplicates("study")
    names = {row.study: Text(row.study_en, row.study_zh) for row in facts.itertuples()}
    rows = read_processed(inputs["attributions"])
    table = attribution_table(rows, names)
    return {"attributions": table.assign(part_read=rows["part_read"], stated_there=rows["stated"])}


def tasks() -> list[Task]:
    """Return both tasks; which files there are decides the first one's products."""
    files = [*_listed(FOLDER), *_listed(FOLDER / "ready")]
    names = [path.stem for path in _listed(FOLDER)]
    return [
        Task(
            name="designs",
            group="results",
            run=run,
            code=(__name__,),
            inputs={"checked": CHECKED, **{relative(path): path for path in files}},
            products={
                "facts": RESULTS / "designs.csv",
                **{
                    f"{name}_{language}": SHEETS / f"{name}_{language}.md"
                    for name in names
                    for language in LANGUAGES
                },
            },
            arguments={"files": [relative(path) for path in files]},
        ),
        Task(
            name="attributions",
            group="claims",
            run=attribute,
            code=(__name__, ATTRIBUTION),
            inputs={
                "attributions": PROCESSED / "attributions.csv",
                "facts": RESULTS / "designs.csv",
            },
            products={"attributions": RESULTS / "attributions.csv"},
        ),
    ]


def _listed(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml"))
