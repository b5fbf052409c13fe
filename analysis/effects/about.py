"""What an estimator says of itself in ``estimators``: what it fits, needs and reports."""

from typing import NamedTuple


class About(NamedTuple):
    """One line each, for the list."""

    fits: str
    needs: str
    reports: str
