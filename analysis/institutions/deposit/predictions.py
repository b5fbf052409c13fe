"""What the deposit's rules imply: five predictions as signs that are computed, not stated.

Each prediction is a number whose sign is asked for. It is computed at every point of a grid of
assumptions (shapes of shortfalls, shares of strategic defaulters, rates) and again with one
assumption dropped. A sign is + or - where no point goes the other way and some are not nil, 0 where
all are nil, mixed otherwise. Nothing here is an estimate: the article gives no rate, discount, fee
or count. Source: the mechanisms are those of the article's section 3.1.

Two kinds of default: a *strategic* firm withholds A if A > D + stakes (rating and the value of
staying in the market); a *liquidity* default follows from the chain of payments,
A = max(0, wages - (receipt - materials + cash)) with receipt = value - owner's shortfall.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from analysis.institutions.deposit.ledger import (
    Ledger,
    Terms,
    deposit_due,
    end_of_year,
    open_permit,
    register,
    report_arrears,
)
from analysis.institutions.signs import NIL, sign_of

Vector = np.ndarray
# evenly spread quantiles stand for a distribution
QUANTILES = (np.arange(400) + 0.5) / 400.0
SHAPES: Mapping[str, Vector] = {
    "even": QUANTILES,
    "mostly_small": QUANTILES**2,
    "mostly_large": np.sqrt(QUANTILES),
}
RATES, STRATEGIC, STAKES = (0.05, 0.15, 0.3), (0.0, 0.25, 0.5), (0.0, 0.1)
CLEAN_YEARS = range(6)


@dataclass(frozen=True)
class Prediction:
    """A number over a grid of assumptions, and the assumptions that can be dropped.

    ``measure(point, dropped)`` returns the number at one point, ``dropped`` naming the assumption
    that is given up, or empty.
    """

    name: str
    points: tuple[tuple, ...]
    measure: Callable[[tuple, str], float]
    assumptions: tuple[str, ...]
    not_given: tuple[str, ...]


# --- 1: what is left owed falls more than how often ---------------------------------------------


def incidence_and_residual(
    shortfall: Vector, deposit: float, strategic: float, stakes: float, paid_out: bool = True
) -> tuple[float, float]:
    """Return how often wages are withheld, and the mean residual, per unit of payroll.

    ``strategic`` is the share of firms that withhold only if it pays, ``deposit`` a share of
    payroll; ``paid_out`` says whether workers are paid from it.
    """
    withholds = (1.0 - strategic) + strategic * (shortfall > deposit + stakes)
    cover = deposit if paid_out else 0.0
    residual = np.maximum(0.0, shortfall - cover)
    return float(withholds.mean()), float((withholds * residual).mean())


def _residual_falls_more(point: tuple, dropped: str) -> float:
    shape, rate, strategic, stakes = point
    paid_out = dropped != "deposit_pays_workers"
    if dropped == "half_of_arrears_for_want_of_cash":
        strategic = 1.0
    before, after = (
        incidence_and_residual(SHAPES[shape], deposit, strategic, stakes, paid_out)
        for deposit in (0.0, rate)
    )
    falls = [(then - now) / then for then, now in zip(before, after, strict=True)]
    return falls[1] - falls[0]


# --- 2: the cover gap ---------------------------------------------------------------------------


def _clean_firms_bear_more(point: tuple, dropped: str) -> float:
    """Return the cleanest firms' share of what a common shock leaves owed, less their share."""
    shape, rate = point
    terms = Terms(rate=rate)
    if dropped == "discount_for_clean_years":
        terms = replace(terms, phi=lambda clean_years: 1.0)
    ledger = register(Ledger(terms), "firm", local=True)
    owed = []
    for clean_years in CLEAN_YEARS:
        hit = 1.0 - 0.15 * clean_years if dropped == "record_says_nothing_of_the_shock" else 1.0
        deposit = deposit_due(ledger, "firm", 1.0)
        owed.append(float(np.maximum(0.0, hit * SHAPES[shape] - deposit).mean()))
        ledger = end_of_year(ledger)
    return owed[-1] / sum(owed) - 1.0 / len(owed)


# --- 3: deposits and arrears that start with the owner -------------------------------------------

VALUE, WAGES, MATERIALS, CASH = 1.0, 0.3, 0.6, 0.05
OWNER = "arrears_start_with_the_owner"


def incidence(
    owner_shortfall: Vector, opportunity: Vector, deposit: float, strategic: float, cash: float
) -> float:
    """Return how often wages go unpaid: the chain of payments, or firms that gain by withholding.

    ``opportunity`` is what a strategic firm could withhold, ``cash`` the firm's own funds.
    """
    receipt = VALUE - owner_shortfall
    unpaid = np.maximum(0.0, WAGES - (receipt - MATERIALS + cash)) > 0.0
    return float((1.0 - strategic) * unpaid.mean() + strategic * (opportunity > deposit).mean())


def _deposit_on_incidence(point: tuple, dropped: str) -> float:
    shape, rate, most = point
    owner, strategic = most * SHAPES[shape], float(dropped == OWNER)
    # a cash deposit is taken from the funds that wages are paid from
    locked = rate * WAGES if dropped == "a_guarantor_stands_in" else 0.0
    before = incidence(owner, SHAPES[shape], 0.0, strategic, CASH)
    return incidence(owner, SHAPES[shape], rate, strategic, CASH - locked) - before


def _owner_guarantee_on_incidence(point: tuple, dropped: str) -> float:
    shape, covered, most = point
    owner, strategic = most * SHAPES[shape], float(dropped == OWNER)
    before = incidence(owner, SHAPES[shape], 0.0, strategic, CASH)
    return incidence((1.0 - covered) * owner, SHAPES[shape], 0.0, strategic, CASH) - before


# --- 4: cash deposits and firms with many projects -----------------------------------------------


def guarantor_share(permits: int, convexity: float, fee: float, per_firm: bool) -> float:
    """Return the share of firms that take a guarantor: locked cash costs them more than the fee.

    Locking D costs r D + convexity D^2, with r spread evenly over firms from 0 to 0.1; the
    guarantor takes fee * D. D is one deposit a permit, or one a firm.
    """
    deposit = 0.1 if per_firm else 0.1 * permits
    cost = 0.1 * QUANTILES * deposit + convexity * deposit**2
    return float((cost > fee * deposit + NIL).mean())


def _many_projects_take_guarantors(point: tuple, dropped: str) -> float:
    convexity, fee, permits = point
    if dropped == "locked_cash_costs_more_at_the_margin":
        convexity = 0.0
    per_firm = dropped == "one_deposit_a_permit"
    one, many = (guarantor_share(n, convexity, fee, per_firm) for n in (1, permits))
    return many - one


# --- 5: firms from outside ----------------------------------------------------------------------


def _outside_firms_expelled_more(point: tuple, dropped: str) -> float:
    """Return expelled (1 or 0) of a firm from outside less that of a local one, arrears equal."""
    amount, rate = point
    outcomes, spared = [], dropped != "only_outside_firms_are_expelled"
    for local in (False, spared):
        ledger = register(Ledger(Terms(rate=rate)), "firm", local=local)
        ledger = open_permit(ledger, "firm", "permit", 1.0)
        ledger = report_arrears(ledger, "firm", "permit", amount, pays_residual=False)
        outcomes.append(float(ledger.firms["firm"].expelled))
    return outcomes[0] - outcomes[1]


PREDICTIONS = (
    Prediction(
        "residual_more_than_incidence",
        tuple(product(SHAPES, RATES, STRATEGIC, STAKES)),
        _residual_falls_more,
        ("deposit_pays_workers", "half_of_arrears_for_want_of_cash"),
        ("rate", "arrears", "stakes"),
    ),
    Prediction(
        "cover_gap",
        tuple(product(SHAPES, RATES)),
        _clean_firms_bear_more,
        ("discount_for_clean_years", "record_says_nothing_of_the_shock"),
        ("rate", "phi", "honour"),
    ),
    Prediction(
        "deposit_and_incidence",
        tuple(product(SHAPES, RATES, (0.3, 0.6))),
        _deposit_on_incidence,
        (OWNER, "a_guarantor_stands_in"),
        ("rate", "owner_shortfall", "government_share"),
    ),
    Prediction(
        "owner_guarantee_and_incidence",
        tuple(product(SHAPES, (0.25, 0.5, 1.0), (0.3, 0.6))),
        _owner_guarantee_on_incidence,
        (OWNER,),
        ("owner_shortfall", "government_share"),
    ),
    Prediction(
        "many_projects_take_guarantors",
        tuple(product((0.05, 0.2), (0.02, 0.05), (3, 8))),
        _many_projects_take_guarantors,
        ("locked_cash_costs_more_at_the_margin", "one_deposit_a_permit"),
        ("rate", "guarantor_fee", "permits"),
    ),
    Prediction(
        "outside_firms_expelled_more",
        tuple(product((0.4, 0.8), RATES)),
        _outside_firms_expelled_more,
        ("only_outside_firms_are_expelled",),
        ("arrears", "permits"),
    ),
)


def predictions_table() -> pd.DataFrame:
    """Return each prediction's sign, and its sign without each assumption.

    Columns: prediction, sign, smallest, largest, points, strict, assumption, sign_without,
    not_given. One row a prediction and assumption. ``strict`` counts the points where the number
    is not nil.
    """
    rows = []
    for prediction in PREDICTIONS:
        kept = [prediction.measure(point, "") for point in prediction.points]
        for assumption in prediction.assumptions:
            lost = [prediction.measure(point, assumption) for point in prediction.points]
            rows.append(
                {
                    "prediction": prediction.name,
                    "sign": sign_of(kept),
                    "smallest": min(kept),
                    "largest": max(kept),
                    "points": len(kept),
                    "strict": sum(abs(value) > NIL for value in kept),
                    "assumption": assumption,
                    "sign_without": sign_of(lost),
                    "not_given": " ".join(prediction.not_given),
                }
            )
    return pd.DataFrame(rows)
