"""The rule that turns a recomputation into a verdict, and how far an input is from a flip."""

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from analysis.claims import could_have_failed, entries, facts_from, flip_table
from analysis.claims.decide import Check, Definition, decide, read
from analysis.claims.flips import nearest_flip, result_at
from analysis.claims.inputs import Input, Range
from analysis.messages import Text
from analysis.sources import process_raw

WORDS = Text("a number", "数")
WHOLE = st.integers(1, 60)
SPANS = st.tuples(WHOLE, st.integers(1, 20)).map(lambda pair: (pair[0], sum(pair)))
AVERAGE_FLIPS = {1996: -15, 1997: 172, 1999: 323, 2005: 693, 2007: 138}


def repeatedly(**strategies):
    """Give examples, the same on every run and however busy the machine."""
    return lambda test: settings(deadline=None, derandomize=True)(given(**strategies)(test))


def number(value, allowed=None, key="x", step=1.0) -> Input:
    return Input(key, WORDS, value, allowed or Range(value, value), "article", step)


def definition(name="default", value=lambda values: values["x"], accepted=None) -> Definition:
    return Definition(name, WORDS, value, accepted)


def check(known, accepted, *definitions) -> Check:
    return Check((known,), definitions or (definition(),), accepted)


def verdict(known, accepted, *definitions) -> str:
    return decide(check(known, accepted, *definitions)).verdict


@pytest.fixture(scope="module")
def tables():
    return process_raw().tables


def ledger(tables, disputes=None):
    names = ("article_claims", "national_disputes", "national_denominators")
    frames = [tables[name] for name in names]
    if disputes is not None:
        frames[1] = disputes
    return {entry.statement.claim_id: entry for entry in entries(facts_from(*frames))}


@pytest.fixture(scope="module")
def claims(tables):
    return ledger(tables)


@pytest.fixture(scope="module")
def flips(claims):
    return flip_table(claims.values())


def with_cases(tables, year, value):
    disputes = tables["national_disputes"].copy()
    disputes.loc[
        (disputes["variable"] == "cases_accepted") & (disputes["year"] == year), "value"
    ] = value
    return disputes


def known_of(entry, year):
    return next(k for k in entry.check.inputs if k.key == f"cases_accepted {year}")


def share_inside(low, high, accepted):
    """All, some or none of [low, high) or (low, high] in [accepted[0], accepted[1])."""
    if accepted[0] <= low and high <= accepted[1]:
        return "reproduced"
    if high <= accepted[0] or accepted[1] <= low:
        return "not_reproduced"
    return "reproduced_under_definition"


@repeatedly(allowed=SPANS, accepted=SPANS)
def test_share_of_allowed_values_that_satisfy_gives_the_verdict(allowed, accepted):
    known = number(allowed[0], Range(*allowed))
    assert verdict(known, Range(*accepted)) == share_inside(*allowed, accepted)


@repeatedly(allowed=SPANS, accepted=SPANS)
def test_a_falling_definition_is_read_over_its_corners_too(allowed, accepted):
    low, high = 100 - allowed[1], 100 - allowed[0]
    assume(high != accepted[1] and high != accepted[0])  # the closed end is now the upper one
    known = number(allowed[0], Range(*allowed))
    fall = definition(value=lambda values: 100.0 - values["x"])
    assert verdict(known, Range(*accepted), fall) == share_inside(low, high, accepted)


@repeatedly(value=WHOLE, accepted=SPANS)
def test_an_exact_value_satisfies_from_the_lower_end_to_below_the_upper(value, accepted):
    inside = accepted[0] <= value < accepted[1]
    expected = "reproduced" if inside else "not_reproduced"
    assert verdict(number(value), Range(*accepted)) == expected


@repeatedly(shift=st.integers(1, 50), others=st.lists(st.booleans(), max_size=4))
def test_another_definition_that_satisfies_is_named(shift, others):
    definitions = [
        definition(f"other {n}", lambda values, good=good: values["x"] + (0 if good else shift))
        for n, good in enumerate(others)
    ]
    default = definition(value=lambda values: values["x"] + shift)
    decision = decide(check(number(10.0), Range(9.5, 10.5), default, *definitions))
    if any(others):
        assert decision.verdict == "reproduced_under_definition"
        assert decision.reading.definition.name == f"other {others.index(True)}"
    else:
        assert decision.verdict == "not_reproduced"
        assert decision.reading.definition.name == "default"


def test_a_definition_of_which_all_values_satisfy_is_named_before_one_of_which_some_do():
    known = number(10.0, Range(9.0, 11.0))
    wide, narrow, off = (
        definition(name, lambda values, k=k, c=c: c + k * (values["x"] - 10.0))
        for name, k, c in (("some", 1.0, 10.0), ("all", 0.1, 10.0), ("none", 1.0, 50.0))
    )
    decision = decide(check(known, Range(9.5, 10.5), off, wide, narrow))
    assert decision.reading.definition.name == "all"
    assert decide(check(known, Range(9.5, 10.5), off, wide)).reading.definition.name == "some"
    assert decide(check(known, Range(9.5, 10.5), wide, narrow)).reading.definition.name == "some"


def test_without_an_accepted_range_or_a_definition_nothing_is_checkable():
    assert verdict(number(10.0), None) == "not_checkable"
    assert decide(Check((number(10.0),), (), Range(9.5, 10.5))).verdict == "not_checkable"


@pytest.mark.parametrize("allowed", [Range(high=12.0), Range(8.0)])
def test_a_bound_that_leaves_the_statement_open_is_not_checkable(allowed):
    assert verdict(number(10.0, allowed), Range(9.5, 10.5)) == "not_checkable"


@pytest.mark.parametrize("allowed", [Range(high=9.0), Range(11.0)])
def test_a_bound_that_excludes_the_statement_decides_it(allowed):
    assert verdict(number(10.0, allowed), Range(9.5, 10.5)) == "not_reproduced"


@pytest.mark.parametrize(
    ("allowed", "accepted"), [(Range(11.0), Range(9.5)), (Range(high=9.0), Range(high=10.5))]
)
def test_a_bound_within_an_open_statement_reproduces_it(allowed, accepted):
    assert verdict(number(10.0, allowed), accepted) == "reproduced"


@repeatedly(low=st.integers(-60, 59), width=st.integers(1, 20))
@example(low=-10, width=5)
@example(low=-1, width=1)
def test_the_upper_corner_of_a_range_lies_in_it(low, width):
    allowed = Range(float(low), float(low + width))
    assert allowed.contains(allowed.last)
    assert not allowed.contains(allowed.high)


def test_a_single_accepted_value_is_met_up_to_rounding_error():
    adds = definition(value=lambda values: values["x"] + 0.2)
    assert verdict(number(0.1), Range(0.3, 0.3), adds) == "reproduced"
    assert verdict(number(0.11), Range(0.3, 0.3), adds) == "not_reproduced"
    some = read(check(number(0.2, Range(0.0, 1.1)), Range(0.3, 0.3), adds), adds)
    assert some.outcome == "some"


def test_a_single_accepted_value_at_the_end_of_a_range_is_met_up_to_rounding_error():
    adds = definition(value=lambda values: values["x"] + 0.2)
    known = number(0.1, Range(0.1, 1.1))
    assert verdict(known, Range(0.3, 0.3), adds) == "reproduced_under_definition"


def test_a_definition_may_have_a_range_of_its_own():
    twice = definition("twice", lambda values: 2.0 * values["x"], Range(19.5, 20.5))
    decision = decide(check(number(10.0), Range(11.5, 12.5), definition(), twice))
    assert (decision.verdict, decision.reading.definition.name) == (
        "reproduced_under_definition",
        "twice",
    )


@pytest.mark.parametrize(("year", "change"), AVERAGE_FLIPS.items())
def test_the_average_is_on_a_knife_edge(flips, year, change):
    row = flips.set_index(["claim_id", "input"]).loc[("disp-avg-growth", f"cases_accepted {year}")]
    assert row["flip"] == change
    assert row["new_verdict"] == "not_reproduced"


@pytest.mark.parametrize(
    ("claim_id", "year"),
    [("disp-avg-growth", 2007), ("disp-avg-growth", 1999), ("disp-2008-growth", 2007)],
)
def test_search_agrees_with_trying_every_case_in_turn(claims, claim_id, year):
    entry = claims[claim_id]
    known = known_of(entry, year)
    before = result_at(entry.check, known, 0)
    tried = (sign * size for size in range(1, 2000) for sign in (-1, 1))
    nearest = next(change for change in tried if result_at(entry.check, known, change) != before)
    assert nearest_flip(entry.check, known).change == nearest


def test_every_flip_alters_the_result_and_one_step_less_does_not(claims, flips):
    found = flips[flips["flip"].notna()]
    assert len(found) > 60
    for row in found.itertuples():
        entry = claims[row.claim_id]
        known = next(k for k in entry.check.inputs if k.key == row.input)
        before, after = (result_at(entry.check, known, c) for c in (0.0, row.flip))
        assert after == (row.new_verdict, row.new_definition) != before
        step = known.step if row.flip > 0 else -known.step
        shorter = round(row.flip / step - 1) * step
        assert result_at(entry.check, known, shorter) == before, (row.claim_id, row.input)


def test_only_scored_claims_have_flip_distances(claims, flips):
    scored = [key for key, entry in claims.items() if could_have_failed(entry.verdict)]
    assert list(dict.fromkeys(flips["claim_id"])) == scored
    assert len(flips) == sum(len(claims[key].check.inputs) for key in scored)


@repeatedly(value=st.integers(20, 3000), share=st.floats(0.01, 0.85), sign=st.sampled_from([-1, 1]))
def test_nearest_flip_is_found_exactly(value, share, sign):
    distance = max(1, int(share * value))
    edge = value + sign * distance
    accepted = Range(high=edge) if sign > 0 else Range(edge + 0.5)
    flip = nearest_flip(check(number(float(value)), accepted), number(float(value)))
    assert flip.change == sign * distance


@pytest.mark.parametrize("distance", [56, 58, 59])
def test_a_flip_just_short_of_the_inputs_own_size_is_found(distance):
    flip = nearest_flip(check(number(60.0), Range(high=60.0 + distance)), number(60.0))
    assert flip is not None
    assert flip.change == distance


def test_a_flip_into_a_narrow_range_far_away_is_found(tables):
    entry = ledger(tables, with_cases(tables, 2008, 600000.0))["disp-2008-level"]
    assert entry.verdict == "not_reproduced"
    flip = nearest_flip(entry.check, known_of(entry, 2008))
    assert flip is not None
    assert (flip.change, flip.verdict) == (92500.0, "reproduced")
