"""What is to be said of a file that was understood: its layout, and what to look at twice."""

from collections.abc import Iterator, Sequence

from analysis.messages import Text
from analysis.sources.regions.divisions import FIRST, LAST, unlisted
from analysis.sources.regions.places import FOUNDED, below_province, names_by_code
from analysis.sources.regions.sheets import Sheet, in_both
from analysis.sources.regions.tables.constants import own_year
from analysis.sources.regions.tables.table import Table
from analysis.sources.regions.understanding import Figure
from analysis.sources.regions.words import words
from analysis.sources.regions.years import is_date


def layout_of(tables: Sequence[Table]) -> Text:
    """Return the shape of the first table in words, and how many sheets and tables there are."""
    sheets = len({table.block.grid.sheet for table in tables})
    shape = in_both(_shape(tables[0]))
    return in_both("region_layout", shape=shape, tables=len(tables), sheets=sheets)


def _shape(table: Table) -> str:
    if not table.block.axis.by_place:
        return "region_layout_one"
    if table.block.grid.turned:
        return "region_layout_turned"
    if table.of_role("variable"):
        return "region_layout_long"
    if any(column.year for column in table.columns):
        return "region_layout_years"
    return "region_layout_variables"


def warnings_of(
    sheets: Sequence[Sheet], tables: Sequence[Table], figures: Sequence[Figure]
) -> tuple[Text, ...]:
    """Return every warning once: hidden parts, typed years, dates, young and small places."""
    found = [
        *(remark for sheet in sheets for remark in sheet.remarks),
        *_typed_years(tables),
        *_dates(tables),
        *_before_founding(figures),
        *_apart(figures),
        *_unchecked_codes(figures),
    ]
    return tuple(dict.fromkeys(found))


def _typed_years(tables: Sequence[Table]) -> Iterator[Text]:
    for table in tables:
        own, typed = own_year(table.block), table.answers.data_year
        if typed and own and own != typed:
            yield in_both("region_typed_year", sheet=table.block.grid.sheet, own=own, typed=typed)


def _dates(tables: Sequence[Table]) -> Iterator[Text]:
    for table in tables:
        for column in table.of_role("year"):
            cells = (row[column.at] for row in table.block.grid.cells[table.block.start :])
            if any(map(is_date, cells)):
                yield in_both("region_dates", cell=table.block.grid.place(0, column.at))


def _before_founding(figures: Sequence[Figure]) -> Iterator[Text]:
    names = names_by_code()
    for code, (year, parent) in FOUNDED.items():
        own = (f for f in figures if f.code == code and f.value is not None)
        if years := [figure.year for figure in own if figure.year < year]:
            yield in_both(
                "region_founded", name=names[code], year=year, parent=names[parent],
                first=min(years),
            )  # fmt: skip


def _apart(figures: Sequence[Figure]) -> Iterator[Text]:
    cities = words()["apart_cities"]
    for code in sorted({f.code for f in figures} & set(cities)):
        zh, _, en = cities[code]
        province = names_by_code()[code[:2] + "0000"]
        yield in_both("region_apart", name=Text(en.title(), zh), code=code, province=province)


def _unchecked_codes(figures: Sequence[Figure]) -> Iterator[Text]:
    """Say which codes below the province no list of their years could be held against."""
    known = words()["apart_cities"]
    below = {(f.code, f.year) for f in figures if below_province(f.code) and f.code not in known}
    codes = unlisted(code for code, _ in below)
    if codes:
        yield in_both("region_unlisted", number=len(codes), code=codes[0], first=FIRST, last=LAST)
    other = sorted({year for _, year in below if not FIRST <= year <= LAST})
    if other:
        yield in_both("region_unchecked", years=_span(other), first=FIRST, last=LAST)


def _span(years: Sequence[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
