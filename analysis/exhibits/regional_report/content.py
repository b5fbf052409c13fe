"""What a region's page says, in blocks that HTML and Word both print."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.exhibits.regional.labels import LEVELS, NAMES, PERCENTAGES, RATES, UNITS, label_of
from analysis.exhibits.regional.words import ACCESS, PRIVATE, RECOUNTED, opening
from analysis.exhibits.regional_report import wording as w
from analysis.exhibits.words import STATUS_SHORT, status_line
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

SERIES, LAST_YEARS = 4, 40


@dataclass(frozen=True)
class Table:
    """A table: headings, rows of text, and which columns are numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]


@dataclass(frozen=True)
class Section:
    """A heading with its paragraphs, a table, or the picture."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None
    picture: bool = False


@dataclass(frozen=True)
class Page:
    """A region's page in one language."""

    language: str
    title: str
    mark: str
    lead: str
    sections: tuple[Section, ...]


def page_of(
    code: str,
    rates: "pd.DataFrame",
    breaks: "pd.DataFrame",
    sources: tuple[str, ...],
    language: str,
    *,
    private: bool,
) -> Page:
    """Return the page of the region ``code``.

    Parameters
    ----------
    rates, breaks
        The regional results (columns of reports/results/regional_rates.csv, regional_breaks.csv).
    sources
        Where the region's figures come from, one text a source.
    private
        Whether anything on the page comes from a private file.
    """
    own = rates[rates["code"] == code]
    name = str(own[f"name_{language}"].iloc[0])
    sections = [
        Section(w.LATEST.in_language(language), table=_latest(own, language)),
        Section(w.PICTURE.in_language(language), picture=True),
        Section(w.YEARS.in_language(language), table=_by_year(own, language)),
        _breaks(breaks[breaks["code"] == code], language),
        Section(w.ABSENT.in_language(language), (_absent(own, language),)),
        Section(w.SOURCES.in_language(language), sources),
        Section(w.READING.in_language(language), _how_to_read(language)),
    ]
    return Page(
        language=language,
        title=w.TITLE.in_language(language).format(name=name),
        mark=f"{PRIVATE.zh} / {PRIVATE.en}" if private else "",
        lead=_lead(own, name, code, language),
        sections=tuple(sections),
    )


def _lead(own: "pd.DataFrame", name: str, code: str, language: str) -> str:
    gap = " " if language == "en" else ""
    said = w.LEAD.in_language(language).format(
        name=name, code=code, level=w.LEVEL_NAMES[own["level"].iloc[0]].in_language(language),
        first=own["year"].min(), last=own["year"].max(), n=len(own),
    )  # fmt: skip
    return f"{said}{gap}{status_line(map(str, own['inputs_status'].dropna()), language)}"


def _latest(own: "pd.DataFrame", language: str) -> Table:
    last = own.sort_values("year", kind="stable").drop_duplicates("measure", keep="last")
    last = last.set_index("measure")
    order = [name for name in NAMES if name in last.index]
    rows = [_latest_row(name, last.loc[name], language) for name in order]
    headings = tuple(text.in_language(language) for text in w.LATEST_COLUMNS)
    return Table(headings, tuple(rows), (False, True, True, True, True, True, False))


def _latest_row(name: str, row: "pd.Series", language: str) -> tuple[str, ...]:
    share, ratio = row["share_percent"], row["ratio_to_national"]
    against = f"{share:.1f} %" if share == share else f"{ratio:.2f}" if ratio == ratio else ""
    of = w.RANK.in_language(language)
    status = STATUS_SHORT[str(row["inputs_status"])].in_language(language)
    return (
        with_unit(name, language),
        str(int(row["year"])),
        number(row["value"], name),
        number(row["national"], name),
        against,
        of.format(rank=int(row["rank"]), of=int(row["of"])) if row["rank"] == row["rank"] else "",
        status,
    )


def with_unit(name: str, language: str) -> str:
    """Return a figure's label with its unit where the label does not say it."""
    label = opening(label_of(name).in_language(language))
    unit = "%" if name in PERCENTAGES else ""
    if name in LEVELS or name in ("gdp_per_head", "fee_per_member"):
        unit = UNITS[w.UNIT_OF[name]].in_language(language)
    return Text(f"{label} ({unit})", f"{label}（{unit}）").in_language(language) if unit else label


def number(value: float, name: str) -> str:
    """Return a figure with decimals as its size bears, a count with none; empty for none."""
    if value != value:
        return ""
    whole = name in LEVELS and float(value).is_integer()
    digits = 0 if whole or abs(value) >= 1000.0 else 1 if abs(value) >= 100.0 else 2
    return f"{value:,.{digits}f}"


def series_shown(own: "pd.DataFrame") -> list[str]:
    """Return the figures with most years, rates before levels, at most four."""
    counts = own["measure"].value_counts()
    longer = [name for name in NAMES if counts.get(name, 0) > 1]
    rates = [name for name in longer if name in RATES]
    return [*rates, *(name for name in longer if name not in RATES)][:SERIES]


def _by_year(own: "pd.DataFrame", language: str) -> Table | None:
    names = series_shown(own)
    if not names:
        return None
    wide = own[own["measure"].isin(names)].pivot(index="year", columns="measure", values="value")
    rows = tuple(
        (str(year), *(number(float(row[name]), name) for name in names))
        for year, row in wide.sort_index().tail(LAST_YEARS).iterrows()
    )
    headings = (w.YEAR.in_language(language), *(with_unit(name, language) for name in names))
    return Table(headings, rows, (False, *[True] * len(names)))


def _breaks(found: "pd.DataFrame", language: str) -> Section:
    heading = w.BREAKS.in_language(language)
    if found.empty:
        return Section(heading, (w.NO_BREAKS.in_language(language),))
    rows = tuple(
        (
            str(int(row["year"])),
            opening(label_of(row["variable"]).in_language(language)),
            w.KINDS[row["kind"]].in_language(language),
            _detail(row, language),
        )
        for row in found.sort_values(["year", "variable"], kind="stable").to_dict("records")
    )
    headings = tuple(text.in_language(language) for text in w.BREAK_COLUMNS)
    return Section(heading, table=Table(headings, rows, (False,) * 4))


def _detail(row: dict, language: str) -> str:
    detail = str(row[f"detail_{language}"])
    p_value = row["p_value"]
    return (
        f"{detail} (F = {row['statistic']:.2f}, p = {p_value:.3f})"
        if p_value == p_value
        else detail
    )


def _absent(own: "pd.DataFrame", language: str) -> str:
    there = set(own["measure"])
    names = [
        label_of(name).in_language(language)
        for name in NAMES
        if name not in there and not name.startswith("census_")
    ]
    if not names:
        return w.NOTHING_ABSENT.in_language(language)
    return Text("; ".join(names) + ".", "；".join(names) + "。").in_language(language)


def _how_to_read(language: str) -> tuple[str, ...]:
    return tuple(text.in_language(language) for text in (*w.HOW_TO_READ, ACCESS, RECOUNTED))
