"""The permit gate's invariants under any run of events, and the signs that follow from its rules."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from analysis.institutions.deposit import predictions
from analysis.institutions.deposit.ledger import (
    Deposit,
    Firm,
    GateClosedError,
    Ledger,
    Terms,
    broken_rules,
    close_permit,
    deposit_due,
    end_of_year,
    open_permit,
    register,
    report_arrears,
)

FIRMS = ("local", "other", "outside", "away")
firms = st.sampled_from(FIRMS)
permits = st.sampled_from([f"p{n}" for n in range(6)])
money = st.floats(0.01, 100.0)


class Gate(RuleBasedStateMachine):
    """Any events in any order; what the gate refuses changes nothing."""

    def __init__(self):
        super().__init__()
        self.ledger = Ledger(Terms())
        for name in FIRMS:
            self.ledger = register(self.ledger, name, name in ("local", "other"), name == "other")

    def attempt(self, action, *arguments):
        before = self.ledger
        try:
            self.ledger = action(before, *arguments)
        except GateClosedError:
            self.ledger = before
        return before

    @rule(name=firms, permit=permits, payroll=money, guarantor=st.booleans())
    def opens(self, name, permit, payroll, guarantor):
        before = self.attempt(open_permit, name, permit, payroll, guarantor)
        if self.ledger is not before:
            # one deposit a permit, and never for an expelled firm
            assert len(self.ledger.firms[name].permits) == len(before.firms[name].permits) + 1
            assert not before.firms[name].expelled
            held = self.ledger.firms[name].permits[permit]
            assert held.amount == held.balance == deposit_due(before, name, payroll)

    @rule(name=firms, permit=permits)
    def closes(self, name, permit):
        self.attempt(close_permit, name, permit)

    @rule(name=firms, permit=permits, amount=money, pays=st.booleans())
    def owes(self, name, permit, amount, pays):
        before = self.attempt(report_arrears, name, permit, amount, pays)
        if self.ledger is before:
            return
        then, now = before.firms[name], self.ledger.firms[name]
        rest = max(0.0, amount - then.permits[permit].balance)
        assert now.clean_years == 0
        assert now.expelled == (rest > 0 and not pays and not then.local)
        assert now.rating == max(0, then.rating - (rest > 0 and not pays))
        assert self.ledger.recovered - before.recovered == pytest.approx(
            amount - (0.0 if pays else rest)
        )

    @rule()
    def year_ends(self):
        before = self.attempt(end_of_year)
        for name, firm in before.firms.items():
            expected = firm.clean_years + (0 if firm.had_arrears else 1)
            assert self.ledger.firms[name].clean_years == expected

    @invariant()
    def no_rule_is_broken(self):
        assert broken_rules(self.ledger) == []


Gate.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestGate = Gate.TestCase


@pytest.mark.parametrize(
    ("firm", "told"),
    [
        (Firm(True, 3, letter=False, permits={"p": Deposit(1, 1)}), "one letter"),
        (Firm(True, 3, letter=True), "one letter"),
        (Firm(False, 3, letter=True, expelled=True, permits={"p": Deposit(1, 1)}), "expelled"),
        (Firm(True, 9), "rating"),
        (Firm(True, 3, letter=True, permits={"p": Deposit(1, 2)}), "deposit"),
    ],
)
def test_a_broken_rule_is_noticed(firm, told):
    assert told in broken_rules(Ledger(Terms(), {"firm": firm}))[0]


def test_a_permit_held_twice_and_lost_money_are_noticed():
    held = Firm(True, 3, letter=True, permits={"p": Deposit(1, 1)})
    assert broken_rules(Ledger(Terms(), {"a": held, "b": held})) == ["a permit is held twice"]
    assert "arrears" in broken_rules(Ledger(Terms(), arrears=5.0, recovered=1.0))[0]


@given(st.integers(0, 12), money)
def test_the_deposit_never_rises_with_clean_years(years, payroll):
    ledger = register(Ledger(Terms()), "firm", local=True)
    for _ in range(years):
        ledger = end_of_year(ledger)
    assert deposit_due(end_of_year(ledger), "firm", payroll) <= deposit_due(ledger, "firm", payroll)


# --- predictions --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def table():
    return predictions.predictions_table().set_index(["prediction", "assumption"])


@pytest.mark.parametrize(
    ("prediction", "assumption", "sign", "without"),
    [
        ("residual_more_than_incidence", "deposit_pays_workers", "+", "-"),
        ("residual_more_than_incidence", "half_of_arrears_for_want_of_cash", "+", "mixed"),
        ("cover_gap", "discount_for_clean_years", "+", "0"),
        ("cover_gap", "record_says_nothing_of_the_shock", "+", "-"),
        ("deposit_and_incidence", "arrears_start_with_the_owner", "0", "-"),
        ("deposit_and_incidence", "a_guarantor_stands_in", "0", "+"),
        ("owner_guarantee_and_incidence", "arrears_start_with_the_owner", "-", "0"),
        ("many_projects_take_guarantors", "locked_cash_costs_more_at_the_margin", "+", "0"),
        ("many_projects_take_guarantors", "one_deposit_a_permit", "+", "0"),
        ("outside_firms_expelled_more", "only_outside_firms_are_expelled", "+", "0"),
    ],
)
def test_each_sign_changes_when_its_assumption_goes(table, prediction, assumption, sign, without):
    row = table.loc[(prediction, assumption)]
    assert (row["sign"], row["sign_without"]) == (sign, without)


def test_every_prediction_has_a_row(table):
    names = {prediction.name for prediction in predictions.PREDICTIONS}
    assert set(table.index.get_level_values(0)) == names
    assert len(names) == 6


@given(st.floats(0.0, 0.9))
def test_a_liquidity_default_is_not_deterred_but_is_covered(deposit):
    shortfall = predictions.SHAPES["even"]
    often, owed = predictions.incidence_and_residual(shortfall, deposit, 0.0, 0.0)
    assert often == 1.0
    # closed form for an even spread: the mean of max(0, A - D) is (1 - D)^2 / 2
    assert owed == pytest.approx((1.0 - deposit) ** 2 / 2.0, abs=1e-3)


@given(st.floats(0.0, 0.9))
def test_a_strategic_default_is_deterred(deposit):
    often, _ = predictions.incidence_and_residual(predictions.SHAPES["even"], deposit, 1.0, 0.0)
    assert often == pytest.approx(1.0 - deposit, abs=3e-3)


def test_the_chain_of_payments_leaves_wages_unpaid_where_the_owner_is_short():
    spare = predictions.VALUE - predictions.MATERIALS - predictions.WAGES + predictions.CASH
    even = predictions.SHAPES["even"]
    found = predictions.incidence(even, even, 0.0, 0.0, predictions.CASH)
    assert found == pytest.approx(1.0 - spare, abs=3e-3)
