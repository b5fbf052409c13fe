"""The regressions that regional data allow: equations of one study, each with what it asks for.

Association, not effect: more disputes may bring more unions, density moves with recounts, and cases
accepted measure access to arbitration. Every equation comes with and without the recount years.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.effects.regional.panel import CONTROL, DENSITY, OUTCOMES
from analysis.effects.study import After, Equation, Study
from analysis.sources.regions import DATES

STUDY = "regional"
ALL_YEARS, WITHOUT_RECOUNT = "", "(year < 1999) | (year > 2003)"
SAMPLES = {"all": ALL_YEARS, "no_recount": WITHOUT_RECOUNT}
UNIT, DYNAMIC = "log points", "dynamic"
# fewer clusters than 10 leave no clustered inference worth printing (Cameron and Miller 2015,
# Journal of Human Resources 50: 317-372, section VI); GMM needs more entities than instruments
REGIONS, YEARS = 10, 5
DYNAMIC_REGIONS, DYNAMIC_YEARS = 20, 6
COHORTS, ADOPTERS, COMPARED = 2, 6, 3
LAST_LAG = 3


@dataclass(frozen=True)
class Planned:
    """An equation and the least coverage that it is fitted with.

    ``regions`` are provinces seen in two years or more, ``years`` with that many of them;
    ``dates`` names the adoption dates that it needs, if any.
    """

    equation: Equation
    family: str
    sample: str
    regions: int
    years: int
    dates: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The panel's columns that have to be there in a row."""
        terms = (*self.equation.treatments, *self.equation.controls)
        named = (term for term in terms if not term.startswith(("C(", "lag(")))
        return (*self.equation.outcomes, *named)


def plans() -> list[Planned]:
    """Return every equation, in the order in which they are reported."""
    found: list[Planned] = []
    for outcome in OUTCOMES:
        for sample, where in SAMPLES.items():
            found += _levels(outcome, sample, where)
        found.append(_dynamic(outcome))
        for date in DATES:
            found += _events(outcome, date)
    return found


def study_of(equations: Sequence[Equation]) -> Study:
    """Return the study that holds the equations: provinces by year, clusters are provinces."""
    title = (
        "Union density and disputes or wages by province: associations",
        "各省工会密度与争议、工资：关联",
    )
    return Study(
        STUDY, "regions", tuple(equations), title=title, data_kind="regional", entity="code",
        time="year",
    )  # fmt: skip


def _levels(outcome: str, sample: str, where: str) -> list[Planned]:
    """Return two-way fixed effects by two kinds of inference, with a control, and CRE."""
    years = "C(year)"
    specifications = (
        ("fe", "fixed_effects", (years,), "cluster"),
        ("fe_wild", "fixed_effects", (years,), "wild_bootstrap"),
        ("fe_gdp", "fixed_effects", (CONTROL, years), "cluster"),
        ("cre", "correlated_random_effects", (years,), "cluster"),
    )
    return [
        Planned(
            Equation(
                id=f"{family}_{outcome}_{sample}", outcomes=(outcome,), treatments=(DENSITY,),
                controls=controls, estimator=estimator, vcov=vcov, where=where, unit=UNIT,
                cluster=("code",), absorb=("code",) if estimator == "fixed_effects" else (),
            ),
            family, sample, REGIONS, YEARS,
        )
        for family, estimator, controls, vcov in specifications
    ]  # fmt: skip


def _dynamic(outcome: str) -> Planned:
    """Return difference GMM, density predetermined, few instruments (collapsed, three lags).

    Its columns are deviations from the year's mean over provinces (``panel.from_year_means``): a
    dummy a year would be more coefficients than there are provinces to weigh moments with. The
    recount years stay in: without them a lag would span five years.
    """
    equation = Equation(
        id=f"dynamic_{outcome}_all", outcomes=(outcome,), treatments=(DENSITY,), controls=(),
        estimator="arellano_bond", vcov="robust", unit=UNIT,
        options={"predetermined": [DENSITY], "max_lag": LAST_LAG, "collapse": True},
    )  # fmt: skip
    return Planned(equation, DYNAMIC, "all", DYNAMIC_REGIONS, DYNAMIC_YEARS)


def _events(outcome: str, date: str) -> list[Planned]:
    """Return the event studies of one institution's adoption, each with its test of the leads.

    Provinces without a known date (0 stands for never) are outside.
    """
    specifications: tuple[tuple[str, dict[str, object]], ...] = (
        ("callaway_santanna", {"control": "not_yet"}),
        ("sun_abraham", {}),
    )
    return [
        Planned(
            Equation(
                id=f"{estimator}_{date.removesuffix('_year')}_{outcome}", outcomes=(outcome,),
                treatments=(), controls=(), estimator=estimator, unit=UNIT, cluster=("code",),
                vcov="cluster", where=f"{date} >= 0", options={"cohort": date, **options},
                after=(After("pre_trends"),),
            ),
            estimator, "all", REGIONS, YEARS, date,
        )
        for estimator, options in specifications
    ]  # fmt: skip
