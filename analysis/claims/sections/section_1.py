"""Section 1: the dispute series. Cases are counted; the article writes them in 10,000 (万件)."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from analysis.claims.claim import claim
from analysis.claims.decide import Check, Definition, Values
from analysis.claims.inputs import Facts, Input, Range
from analysis.disputes import DEFINITIONS
from analysis.messages import Text

CASES = "cases_accepted"
TEN_THOUSAND = 1e4
WINDOW = (1996, 2007)
BAND_YEARS = (2009, 2015)
# what an author writing for publication in 2017 with data to 2013 could have seen
SHORTER_BAND_YEARS = (2009, 2013)

ROUNDED_TO_10K = Text("the same, each year rounded to 10,000", "同上，各年取整到万件")


def _level(facts: Facts, claim_id: str, year: int) -> Check:
    figure = facts.figure(CASES, year)
    published = Definition(
        "published_figure",
        Text("the published figure in 10,000 cases", "公布数（万件）"),
        lambda values: values[figure.key] / TEN_THOUSAND,
    )
    return Check((figure,), (published,), facts.statements[claim_id].range)


@claim("disp-1996-level")
def level_1996(facts: Facts) -> Check:
    """Cases accepted in 1996."""
    return _level(facts, "disp-1996-level", 1996)


@claim("disp-2007-level")
def level_2007(facts: Facts) -> Check:
    """Cases accepted in 2007."""
    return _level(facts, "disp-2007-level", 2007)


@claim("disp-2008-level")
def level_2008(facts: Facts) -> Check:
    """Cases accepted in 2008."""
    return _level(facts, "disp-2008-level", 2008)


def _growth_definitions(inputs: Sequence[Input]) -> tuple[Definition, ...]:
    """Return every definition of average growth, China's official default (水平法) first."""
    keys = [known.key for known in inputs]

    def percent(name: str, values: Values) -> float:
        levels = np.array([values[key] for key in keys])
        return 100.0 * DEFINITIONS[name].rate(levels)

    names = ["compound", *(name for name in DEFINITIONS if name != "compound")]
    return tuple(
        Definition(name, DEFINITIONS[name].label, partial(percent, name)) for name in names
    )


@claim("disp-avg-growth")
def average_growth(facts: Facts) -> Check:
    """Average yearly growth 1996-2007, by every definition in use."""
    inputs = facts.figures(CASES, *WINDOW)
    return Check(
        inputs,
        _growth_definitions(inputs),
        facts.statements["disp-avg-growth"].range,
        Text(
            "The article does not name its average; the two official methods in China are the "
            "compound (水平法) and the cumulative one (累计法).",
            "文章未说明平均方法；我国的两种官方方法为水平法与累计法。",
        ),
    )


@claim("disp-avg-growth-footnote")
def average_from_raw_data(facts: Facts) -> Check:
    """The author computed the average from unrounded counts."""
    inputs = facts.figures(CASES, *WINDOW)
    return Check(
        inputs,
        _growth_definitions(inputs),
        facts.statements["disp-avg-growth"].range,
        Text(
            "Holds if some average of the unrounded counts prints the stated rate; the average "
            "itself is not disclosed.",
            "若未取整的案件数按某一平均方法可得文中数值，则成立；平均方法未予说明。",
        ),
    )


@claim("disp-2008-growth")
def growth_2008(facts: Facts) -> Check:
    """Growth of 2008 on 2007."""
    before, after = facts.figures(CASES, 2007, 2008)
    yearly = Definition(
        "growth_on_the_year_before",
        Text("growth on the year before, percent", "比上年增长（%）"),
        lambda values: 100.0 * (values[after.key] / values[before.key] - 1.0),
    )
    return Check((before, after), (yearly,), facts.statements["disp-2008-growth"].range)


def _share_inside(
    facts: Facts, years: tuple[int, int], name: str, label: Text, decimals: int | None
) -> Definition:
    """Return the share of ``years`` whose cases (in 10,000, rounded or not) lie in the band."""
    band = facts.statements["disp-post-band"].range
    keys = [known.key for known in facts.figures(CASES, *years)]

    def share(values: Values) -> float:
        cases = [values[key] / TEN_THOUSAND for key in keys]
        if decimals is not None:
            cases = [np.floor(value * 10**decimals + 0.5) / 10**decimals for value in cases]
        return sum(band.contains(value) for value in cases) / len(cases)

    return Definition(name, label, share)


@claim("disp-post-band")
def stayed_in_the_600_thousands(facts: Facts) -> Check:
    """Every year after 2008 lies from 600,000 to under 700,000."""
    every, shorter = BAND_YEARS, SHORTER_BAND_YEARS
    definitions = (
        _share_inside(facts, every, "every_year_2009_2015", _inside_label(every), None),
        _share_inside(facts, shorter, "every_year_2009_2013", _inside_label(shorter), None),
        _share_inside(facts, shorter, "every_year_2009_2013_rounded", ROUNDED_TO_10K, 0),
    )
    mean = np.mean([known.value for known in facts.figures(CASES, *shorter)]) / TEN_THOUSAND
    return Check(
        facts.figures(CASES, *every),
        definitions,
        Range(1.0, 1.0),
        Text(
            "Years outside the band: "
            f'{_outside(facts)}. A mean over years is no reading of "stayed throughout" '
            f"(2009-2013: {mean:.1f}).",
            f"区间以外的年份：{_outside(facts)}。年均值不能视为“一直处在”"
            f"（2009至2013年为{mean:.1f}万件）。",
        ),
        shown=lambda share: f"{share * (every[1] - every[0] + 1):.0f}/{every[1] - every[0] + 1}",
    )


def _inside_label(years: tuple[int, int]) -> Text:
    first, last = years
    return Text(f"share of the years {first}-{last} inside", f"{first}至{last}年落在区间内的比例")


def _outside(facts: Facts) -> str:
    band = facts.statements["disp-post-band"].range
    figures = facts.figures(CASES, *BAND_YEARS)
    return ", ".join(
        f"{known.key.split()[-1]} {known.value:,.0f}"
        for known in figures
        if not band.contains(known.value / TEN_THOUSAND)
    )


@claim("disp-post-dip")
def slight_fall(facts: Facts) -> Check:
    """Change from 2008 to the lowest of the next three years: a number, and an adjective."""
    peak, *after = facts.figures(CASES, 2008, 2011)
    trough = Definition(
        "lowest_of_2009_2011",
        Text("lowest of 2009-2011 against 2008, percent", "2009至2011年最低值比2008年（%）"),
        lambda values: 100.0 * (min(values[k.key] for k in after) / values[peak.key] - 1.0),
    )
    first = Definition(
        "year_2009",
        Text("2009 against 2008, percent", "2009年比2008年（%）"),
        lambda values: 100.0 * (values[after[0].key] / values[peak.key] - 1.0),
    )
    return Check((peak, *after), (trough, first), None)


def _ratio(base: str, later: str, values: Values) -> float:
    return values[later] / values[base]


def _grassroots_growth(facts: Facts) -> Check:
    figures = tuple(
        facts.figure("grassroots_unions_10k", year) for year in (1999, 2002, 2003, 2013)
    )
    before, peak, recount, late = (known.key for known in figures)
    pairs = {
        "1999_2002": (before, peak, Text("2002 over 1999", "2002年为1999年的倍数")),
        "2003_2013": (recount, late, Text("2013 over 2003", "2013年为2003年的倍数")),
    }
    definitions = tuple(
        Definition(name, label, partial(_ratio, a, b)) for name, (a, b, label) in pairs.items()
    )
    return Check(figures, definitions, None)


@claim("founding-effect-notable")
def founding_effect(facts: Facts) -> Check:
    """Grassroots unions on either side of the recount of 2003; never across it."""
    return _grassroots_growth(facts)


@claim("founding-rapid-growth")
def founding_growth(facts: Facts) -> Check:
    """The same counts, for section 4.1."""
    return _grassroots_growth(facts)
