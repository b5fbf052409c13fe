"""A study's estimates to printed tables in one language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from analysis.exhibits.formats import words_of
from analysis.exhibits.printing.printed import Printed
from analysis.exhibits.printing.stars import OFF
from analysis.exhibits.regression_table import Model, decimal, regression_table
from analysis.exhibits.regressions import words
from analysis.exhibits.regressions.asked import ALL, Asked
from analysis.exhibits.regressions.columns import Cell, Column, columns_of
from analysis.exhibits.regressions.names import Names, capital, name_of, place_of, variables_of
from analysis.exhibits.regressions.notes import note
from analysis.messages import UserError

if TYPE_CHECKING:
    import pandas as pd

    from analysis.effects.study import Study

SIMULATED, TEACHING = "simulated", "teaching"
# more columns than these fit no page, not even one that lies across
MOST_COLUMNS = 12


@dataclass(frozen=True)
class Source:
    """What a table is made of: the study, its rows of the contract, the status of its data.

    ``bases`` are the levels that sets of dummies leave out, by column, where they are known.
    """

    study: "Study"
    rows: "pd.DataFrame"
    status: str
    bases: Mapping[str, str] = field(default_factory=dict)


def study_tables(source: Source, asked: Asked, language: str) -> list[Printed]:
    """Return the study's tables: one, or several where it has more columns than a page holds.

    Simulated rows get neither stars nor p values, whatever is asked; none where nothing of the
    study can be printed as regressions.

    Raises
    ------
    UserError
        If ``show`` names what no equation has.
    """
    study = source.study
    names = Names(
        variables={**variables_of(study.data), **asked.labels},
        language=language,
        derived=study.derive,
        bases=source.bases,
    )
    _require_shown(study, asked.show)
    parts = _parts(columns_of(study, source.rows, asked.show))
    titles = _titles(source, len(parts), language)
    return [
        _table(source, part, title, asked, names) for part, title in zip(parts, titles, strict=True)
    ]


def _require_shown(study: "Study", show: Sequence[str]) -> None:
    known = [
        ALL,
        *dict.fromkeys(term for equation in study.equations for term in equation.controls),
    ]
    for term in show:
        if term not in known:
            nearest = get_close_matches(term, known, n=1, cutoff=0.0)[0]
            raise UserError("table_show", study=study.id, value=term, nearest=nearest)


def _parts(columns: Sequence[Column]) -> list[list[Column]]:
    """Return the columns in tables that a page holds, an equation's quantiles kept together."""
    parts: list[list[Column]] = []
    for equation in dict.fromkeys(column.equation.id for column in columns):
        mine = [column for column in columns if column.equation.id == equation]
        if parts and len(parts[-1]) + len(mine) <= MOST_COLUMNS:
            parts[-1] += mine
            continue
        pages = -(-len(mine) // MOST_COLUMNS)
        size = -(-len(mine) // pages)
        parts += [mine[start : start + size] for start in range(0, len(mine), size)]
    return parts


def _titles(source: Source, parts: int, language: str) -> list[str]:
    english, chinese = source.study.title
    own = (chinese if language == "zh" else english) or english or source.study.id
    place = place_of(source.study.data, language) if source.status == TEACHING else ""
    frame = words.PLACED if place and place not in own else words.TITLES[source.status]
    title = frame.in_language(language).format(title=own, place=place)
    panel = words.PANEL.in_language(language) if parts > 1 else "{title}"
    return [panel.format(title=title, part=part, parts=parts) for part in range(1, parts + 1)]


def _table(
    source: Source, columns: Sequence[Column], title: str, asked: Asked, names: Names
) -> Printed:
    simulated, language = source.status == SIMULATED, names.language
    stars, brackets = (OFF, "se") if simulated else (asked.stars, asked.brackets)
    effects = _effects_of(columns, names)
    models = [_model(column, effects, asked, names) for column in columns]
    above = [words.OUTCOME, words.MODEL]
    above += [words.QUANTILE] if any(column.quantile for column in columns) else []
    headings, cells = regression_table(
        models,
        _rows(columns, names),
        [text.in_language(language) for text in above],
        stars,
        asked.journal.decimals,
        _order(effects, asked, names),
        brackets,
    )
    about = note(columns, names, stars, brackets, source.status, _about(source, columns, language))
    return words_of(title, headings, cells, [False, *(True for _ in columns)], about, language)


def _model(column: Column, effects: Sequence[str], asked: Asked, names: Names) -> Model:
    headings = (
        names.heading(column.outcome),
        name_of("estimators", column.equation.estimator, names.language),
        column.quantile,
    )
    terms = {label: cell.coefficient for label, cell in _labelled(column, names).items()}
    return Model(headings, terms, _lines(column, effects, asked, names))


def _labelled(column: Column, names: Names) -> dict[str, Cell]:
    """Return the cells by their labels; a label that stands already is told apart by its term."""
    labelled: dict[str, Cell] = {}
    for cell in column.cells:
        contrast = column.equation.contrast if cell.term in column.asked_about else ""
        label = names.row(cell.term, cell.component, contrast)
        labelled[label if label not in labelled else f"{label} [{cell.term}]"] = cell
    return labelled


def _rows(columns: Sequence[Column], names: Names) -> dict[str, str]:
    """Return the labels of the rows in their order: first those of what is asked about."""
    found = [
        (cell.term not in column.asked_about, label)
        for column in columns
        for label, cell in _labelled(column, names).items()
    ]
    return {label: label for _, label in sorted(found, key=lambda pair: pair[0])}


def _lines(column: Column, effects: Sequence[str], asked: Asked, names: Names) -> dict[str, str]:
    """Return the lines beneath the estimates; ``effects`` are those of any column of the table."""
    language = names.language
    yes, no = (text.in_language(language) for text in (words.YES, words.NO))
    away = words.DIFFERENCED.in_language(language) if column.differenced else yes
    lines = {words.CONTROLS.in_language(language): yes if column.hidden else no}
    lines |= dict.fromkeys(effects, no)
    lines |= {_effect(name, names): away for name in column.absorbed}
    lines |= {_effect(name, names): yes for name in column.dummies}
    for key in filter(column.numbers.__contains__, words.NUMBERS):
        value = column.numbers[key]
        text = f"{value:,.0f}" if key in words.WHOLE else decimal(value, 3)
        lines[_number(key, asked, language)] = text
    return lines


def _effects_of(columns: Sequence[Column], names: Names) -> list[str]:
    """Return the lines of fixed effects that the table needs, absorbed or as dummies."""
    found = [name for column in columns for name in (*column.absorbed, *column.dummies)]
    return list(dict.fromkeys(_effect(name, names) for name in found))


def _effect(name: str, names: Names) -> str:
    return capital(words.EFFECTS.in_language(names.language).format(name=names.variable(name)))


def _number(key: str, asked: Asked, language: str) -> str:
    words_of_it = asked.journal.observations if key == "n_obs" else words.NUMBERS[key]
    return words_of_it.in_language(language)


def _order(effects: Sequence[str], asked: Asked, names: Names) -> list[str]:
    """Return the lines in the journals' order: controls, effects, numbers."""
    numbers = [_number(key, asked, names.language) for key in words.NUMBERS]
    return [words.CONTROLS.in_language(names.language), *effects, *numbers]


def _about(source: Source, columns: Sequence[Column], language: str) -> str:
    """Return whose data and specification they are, and where the equations stand."""
    study = source.study
    equations = ", ".join(dict.fromkeys(column.equation.id for column in columns))
    said = words.STUDY.in_language(language).format(study=study.id, equations=equations)
    # a cited author's name never stands over simulated numbers
    if not study.citation or source.status == SIMULATED:
        return said
    gap = " " if language == "en" else ""
    cited = words.SOURCE.in_language(language).format(citation=study.citation.rstrip("."))
    return f"{cited}{gap}{said}"
