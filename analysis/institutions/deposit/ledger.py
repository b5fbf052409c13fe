"""The permit gate as a small ledger: one deposit a permit, one letter a firm.

    deposit = rate * project payroll * phi(clean years) * (1 - honour discount), paid by the firm or
    by a guarantor; recovered = min(arrears, deposit); residual = arrears - deposit where above 0.

Arrears set the clean years back to none. A residual is demanded of the firm: it pays, or it is
downgraded, and a firm from outside is expelled. Source: the article, section 3.1, which gives the
rules and none of the numbers; those here are the caller's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Terms:
    """The scheme's numbers; the article gives none of them.

    Attributes
    ----------
    rate
        Of project payroll (delta).
    phi
        Clean years to the factor on the deposit: phi(0) = 1, never rising.
    honour_discount
        Taken off for a firm on the honour list (h).
    top_rating
        Where firms start; 0 is the lowest.
    """

    rate: float = 0.1
    phi: Callable[[int], float] = lambda clean_years: max(0.4, 1.0 - 0.2 * clean_years)
    honour_discount: float = 0.1
    top_rating: int = 3


@dataclass(frozen=True)
class Deposit:
    """What stands behind one permit, and who paid it in."""

    amount: float
    balance: float
    guarantor: bool = False


@dataclass(frozen=True)
class Firm:
    """A construction firm at the counter."""

    local: bool
    rating: int
    clean_years: int = 0
    honour: bool = False
    letter: bool = False
    expelled: bool = False
    had_arrears: bool = False
    permits: Mapping[str, Deposit] = field(default_factory=dict)


@dataclass(frozen=True)
class Ledger:
    """All firms by name, and what has been paid out to workers and what is still owed."""

    terms: Terms
    firms: Mapping[str, Firm] = field(default_factory=dict)
    arrears: float = 0.0
    recovered: float = 0.0
    residual: float = 0.0


class GateClosedError(ValueError):
    """The gate does not open: the firm is expelled, unknown, or the permit is not what is said."""


def register(ledger: Ledger, name: str, local: bool, honour: bool = False) -> Ledger:
    """Add a firm at the top rating."""
    if name in ledger.firms:
        raise GateClosedError(f"{name} is registered")
    return _with(ledger, name, Firm(local, ledger.terms.top_rating, honour=honour))


def deposit_due(ledger: Ledger, name: str, payroll: float) -> float:
    """Return the deposit that a permit for a project of that payroll takes."""
    firm, terms = _firm(ledger, name), ledger.terms
    discount = terms.honour_discount if firm.honour else 0.0
    return terms.rate * payroll * terms.phi(firm.clean_years) * (1.0 - discount)


def open_permit(
    ledger: Ledger, name: str, permit: str, payroll: float, guarantor: bool = False
) -> Ledger:
    """Take the deposit, and the letter with a firm's first open permit, and give the permit."""
    firm = _firm(ledger, name)
    taken = any(permit in other.permits for other in ledger.firms.values())
    if firm.expelled or taken or payroll <= 0.0:
        raise GateClosedError(f"no permit {permit} for {name}")
    due = deposit_due(ledger, name, payroll)
    permits = {**firm.permits, permit: Deposit(due, due, guarantor)}
    return _with(ledger, name, replace(firm, letter=True, permits=permits))


def close_permit(ledger: Ledger, name: str, permit: str) -> Ledger:
    """End a project: what is left of its deposit goes back, and the letter with the last permit."""
    firm = _firm(ledger, name)
    if permit not in firm.permits:
        raise GateClosedError(f"{name} holds no permit {permit}")
    permits = {key: kept for key, kept in firm.permits.items() if key != permit}
    return _with(ledger, name, replace(firm, letter=bool(permits), permits=permits))


def report_arrears(
    ledger: Ledger, name: str, permit: str, amount: float, pays_residual: bool
) -> Ledger:
    """Pay workers from the permit's deposit, demand the rest, and sanction who does not pay it."""
    firm = _firm(ledger, name)
    if permit not in firm.permits or amount <= 0.0:
        raise GateClosedError(f"no arrears on {permit} of {name}")
    deposit = firm.permits[permit]
    paid = min(amount, deposit.balance)
    rest = amount - paid
    permits = {**firm.permits, permit: replace(deposit, balance=deposit.balance - paid)}
    firm = replace(firm, permits=permits, clean_years=0, had_arrears=True)
    if rest > 0.0 and not pays_residual:
        firm = _sanctioned(firm)
    ledger = replace(
        ledger,
        arrears=ledger.arrears + amount,
        recovered=ledger.recovered + paid + (rest if pays_residual else 0.0),
        residual=ledger.residual + (0.0 if pays_residual else rest),
    )
    return _with(ledger, name, firm)


def _sanctioned(firm: Firm) -> Firm:
    """Downgrade; a firm from outside leaves with its permits and may not come back."""
    firm = replace(firm, rating=max(0, firm.rating - 1), honour=False)
    return firm if firm.local else replace(firm, expelled=True, letter=False, permits={})


def end_of_year(ledger: Ledger) -> Ledger:
    """Count a clean year for every firm that had no arrears in the year."""
    firms = {
        name: replace(
            firm,
            clean_years=firm.clean_years + (not firm.had_arrears),
            had_arrears=False,
        )
        for name, firm in ledger.firms.items()
    }
    return replace(ledger, firms=firms)


def _firm(ledger: Ledger, name: str) -> Firm:
    if name not in ledger.firms:
        raise GateClosedError(f"{name} is not registered")
    return ledger.firms[name]


def _with(ledger: Ledger, name: str, firm: Firm) -> Ledger:
    return replace(ledger, firms={**ledger.firms, name: firm})


def broken_rules(ledger: Ledger) -> list[str]:
    """Return the invariants that do not hold; empty for every ledger made by the functions here."""
    broken = []
    for name, firm in ledger.firms.items():
        if firm.letter != bool(firm.permits):
            broken.append(f"{name}: one letter for a firm with permits, none without")
        if firm.expelled and (firm.permits or firm.local):
            broken.append(f"{name}: expelled with permits, or from its own place")
        if not 0 <= firm.rating <= ledger.terms.top_rating:
            broken.append(f"{name}: rating out of its scale")
        if any(not 0.0 <= held.balance <= held.amount for held in firm.permits.values()):
            broken.append(f"{name}: a deposit below nothing or above what was paid in")
    permits = [key for firm in ledger.firms.values() for key in firm.permits]
    if len(set(permits)) < len(permits):
        broken.append("a permit is held twice")
    if abs(ledger.arrears - ledger.recovered - ledger.residual) > 1e-6 * max(1.0, ledger.arrears):
        broken.append("arrears are neither recovered nor owed")
    return broken
