"""A new file's figures held against what is there: the checks with everything that they ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.messages import Text
from analysis.pipeline.places import DENOMINATORS, DISPUTES
from analysis.pipeline.tasks import regional

if TYPE_CHECKING:
    import pandas as pd

    from analysis.disputes.regional_checks import Finding
    from analysis.sources.regions import Figure


@dataclass(frozen=True)
class Known:
    """What there is before a file is added; of private regions only for a private one.

    ``stored`` are the figures in use, ``nation`` the national series, both in base units.
    """

    stored: "pd.DataFrame"
    nation: "pd.DataFrame"
    provinces: "pd.DataFrame"

    def names(self, rows: "pd.DataFrame") -> Mapping[str, Text]:
        """Return names of places by code, those of ``rows`` (code, name) too."""
        import pandas as pd

        from analysis.disputes.regional import names_of

        own = ["code", "name"]
        return names_of(self.provinces, pd.concat([self.stored[own], rows[own]]))


def known_before(*, private: bool) -> Known:
    """Return what a file is held against; data/processed is up to date."""
    from analysis.disputes.regional import national_rows
    from analysis.sources import read_processed

    scopes = regional.scopes()
    task = regional.results_task(scopes[-1] if private else scopes[0])
    nation = national_rows(*(read_processed(path) for path in (DISPUTES, DENOMINATORS)))
    stored = regional.regional_figures(task.inputs, private=bool(task.arguments["private"]))
    return Known(stored, nation, read_processed(task.inputs["provinces"]))


def checked(frame: "pd.DataFrame", totals: "tuple[Figure, ...]", known: Known) -> "list[Finding]":
    """Return what the checks find in a file's cells, errors first.

    ``frame`` has one row a cell: code, year, variable, value, unit, missing_kind, name, cell.
    """
    import pandas as pd

    from analysis.disputes.regional_checks import case_of, check

    columns = ["code", "year", "variable", "value", "unit", "missing_kind", "name", "cell"]
    printed = [tuple(getattr(figure, name) for name in columns) for figure in totals]
    whole = pd.DataFrame(printed, columns=columns).astype({"value": float})
    names = known.names(frame)
    return check(case_of(frame, whole, known.stored, known.nation, names))
