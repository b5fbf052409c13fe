"""What is made of a survey: its pages and tables, and the files of a study on its rows."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.messages import LANGUAGES, UserError, texts, users_language
from analysis.paths import relative
from analysis.pipeline.surveys import places
from analysis.pipeline.task import Arguments, Contents, Inputs

if TYPE_CHECKING:
    from analysis.effects.paper import Made
    from analysis.sources.surveys import SurveyRead


def read(name: str, inputs: Inputs, arguments: Arguments) -> Contents:
    """Read a survey; return its rows, what became of each file, codebook and description."""
    import io

    from analysis.exhibits.surveys import codebook_page, description_page
    from analysis.sources.surveys import description_of

    survey = _read_softly(name)
    rows = io.BytesIO()
    survey.frame.to_parquet(rows, index=False)
    described = description_of(survey.frame)
    marked = bool(survey.frame["simulated"].any())
    pages = {
        f"{page}_{language}": content
        for language in LANGUAGES
        for page, content in (
            ("codebook", codebook_page(survey.codebook, language)),
            ("description", description_page(described, language, simulated=marked)),
        )
    }
    tables = {"codebook": survey.codebook, "description": described}
    return {"rows": rows.getvalue(), "files": _what_became(survey), **tables, **pages}


def _read_softly(name: str) -> "SurveyRead":
    """Return the survey as read; one that has no map, or a wrong one, has no rows and a problem."""
    from analysis.sources.surveys import nothing_read, read_survey

    try:
        return read_survey(name, places.SURVEYS)
    except UserError as error:
        return nothing_read(error)


def _what_became(survey: "SurveyRead") -> Any:
    """Return a row a wave used, a file refused, and a note; each in both languages."""
    import pandas as pd

    waves = survey.frame.groupby("wave").size()
    files = survey.codebook.drop_duplicates("wave").set_index("wave")["file"]
    rows: list[tuple[object, ...]] = [
        ("used", wave, files[wave], count, "", "") for wave, count in waves.items()
    ]
    rows += [("refused", "", "", "", *texts(e.key, **e.fields)) for e in survey.problems]
    rows += [("note", "", "", "", *note) for note in survey.notes]
    return pd.DataFrame(rows, columns=["what", "wave", "file", "rows", "text_en", "text_zh"])


def study(inputs: Inputs, arguments: Arguments) -> Contents:
    """Return a study's files on a survey's rows: estimates, a paper, or why there is none."""
    import pandas as pd

    frame = pd.read_parquet(inputs["rows"])
    return {"files": _files_of_study(inputs["study"], frame)}


def _files_of_study(path: Path, frame: Any) -> dict[str, object]:
    from analysis.effects.designs.results import results_of
    from analysis.effects.study import read_study
    from analysis.pipeline.papers import paper_of

    asked = read_study(path)
    files: dict[str, object] = {}
    try:
        if asked.equations:
            files["estimates.csv"] = results_of(asked, frame, relative(path))
        if "paper" in places.document(path):
            files |= paper_of(path, frame, _say)[0]
    except UserError as error:
        reason = texts(error.key, **error.fields)
        files |= {f"not_made_{x}.md": f"{reason.in_language(x)}\n" for x in LANGUAGES}
    return files


def _say(made: "Made") -> None:
    from analysis.pipeline.papers import progress

    print(f"    {progress(made, users_language())}", flush=True)
