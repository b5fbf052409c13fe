"""A regression table's note, from its estimates: errors, weights, contrast, stars, data status."""

from collections.abc import Iterable, Sequence

from analysis.exhibits.printing.stars import legend
from analysis.exhibits.regressions import words
from analysis.exhibits.regressions.columns import Column
from analysis.exhibits.regressions.names import Names, name_of


def note(
    columns: Sequence[Column], names: Names, stars: str, brackets: str, status: str, about: str
) -> str:
    """Return the note in the language of ``names``; ``about`` is its last sentence."""
    language = names.language
    errors = [_errors(column, names) for column in columns]
    sentence = (words.BRACKETS if len(set(errors)) == 1 else words.BRACKETS_DIFFER)[brackets]
    said = [
        sentence.in_language(language).format(errors=_by_columns(errors, language)),
        *_rows(columns, language),
        _weights(columns, names),
        _contrasts(columns, language),
        legend(stars, language),
        words.STATUS[status].in_language(language),
        about,
    ]
    gap = " " if language == "en" else ""
    return words.NOTE.in_language(language) + gap.join(filter(None, said))


def _errors(column: Column, names: Names) -> str:
    joint = " and " if names.language == "en" else "、"
    clusters = joint.join(map(names.variable, column.equation.cluster))
    said = name_of("vcovs", column.vcov, names.language)
    return said.format(clusters=clusters)


def _by_columns(said: Sequence[str], language: str) -> str:
    """Return what holds of every column, or each statement with the columns that it holds of."""
    if len(set(said)) == 1:
        return said[0]
    joint = "; " if language == "en" else "，"
    phrase = words.IN_COLUMNS.in_language(language)
    return joint.join(
        phrase.format(errors=one, columns=_where(one, said, language))
        for one in dict.fromkeys(said)
    )


def _where(one: str, said: Sequence[str], language: str) -> str:
    """Return the numbers of the columns of which ``one`` is said."""
    return numbers((j for j, words in enumerate(said, 1) if words == one), language)


def numbers(places: Iterable[int], language: str) -> str:
    """Return column numbers as a reader counts them: (1)-(3), (5)."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    gap = ", " if language == "en" else "、"
    return gap.join(f"({r[0]})" if len(r) == 1 else f"({r[0]})-({r[-1]})" for r in runs)


def _rows(columns: Sequence[Column], language: str) -> list[str]:
    """Return one sentence for every filter of rows."""
    filters = [column.equation.where for column in columns]
    sentence = words.WHERE.in_language(language)
    return [
        sentence.format(filter=one, columns=_where(one, filters, language))
        for one in dict.fromkeys(filter(None, filters))
    ]


def _weights(columns: Sequence[Column], names: Names) -> str:
    weights = [names.variable(column.equation.weights) for column in columns]
    if not any(weights):
        return words.UNWEIGHTED.in_language(names.language)
    none = words.UNWEIGHTED.in_language(names.language).rstrip(".。").lower()
    said = _by_columns([one or none for one in weights], names.language)
    return words.WEIGHTS.in_language(names.language).format(names=said)


def _contrasts(columns: Sequence[Column], language: str) -> str:
    """Return the contrasts of the columns that have a treatment; nothing where none has."""
    treated = [
        words.CONTRAST[column.equation.contrast].in_language(language)
        for column in columns
        if column.equation.treatments or column.equation.endogenous or column.equation.contrast
    ]
    said = ("; " if language == "en" else "；").join(dict.fromkeys(treated))
    return words.CONTRASTS.in_language(language).format(names=said) if said else ""
