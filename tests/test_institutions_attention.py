"""What the article's order implies: linear programs against draws, and what each statement brings."""

import numpy as np
import pytest

from analysis.institutions.attention import rankings
from analysis.institutions.attention.rankings import (
    GOALS,
    MARGIN,
    SCORES,
    TASKS,
    Program,
    power_table,
    program,
    rankings_table,
    relation,
    score,
    smallest,
    stated,
)


@pytest.fixture(scope="module")
def table():
    return rankings_table().set_index("statement")


def draws(n, seed=0):
    """Return (w, z, y) of random cases of the model, one a row: products, as the model says."""
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.full(len(GOALS), 0.5), n)
    loadings = rng.beta(0.5, 0.5, (n, len(TASKS), len(GOALS)))
    costs = rng.beta(0.5, 0.5, (n, len(TASKS)))
    served = (weights[:, None, :] * loadings).reshape(n, -1)
    return np.hstack([weights, served, weights[:, :1] * costs])


@pytest.fixture(scope="module", params=rankings.READINGS)
def admissible(request):
    cases = draws(400_000)
    kept = np.all([cases @ row >= MARGIN for row in stated(request.param)], axis=0)
    assert kept.sum() > 500
    return request.param, cases[kept]


def test_no_draw_contradicts_what_is_implied_or_excluded(admissible, table):
    reading, cases = admissible
    for name, row in rankings.comparisons().items():
        values = cases @ row
        low, high = table.loc[name, f"{reading}_min"], table.loc[name, f"{reading}_max"]
        assert values.min() >= low - 1e-9, name
        assert values.max() <= high + 1e-9, name


def test_what_is_open_is_drawn_both_ways(admissible, table):
    reading, cases = admissible
    open_orders = [name for name in table.index[table[reading] == "open"] if ":" not in name]
    assert open_orders
    for name in open_orders:
        values = cases @ rankings.comparisons()[name]
        assert values.min() < 0 < values.max(), name


def test_what_the_article_says_is_implied_and_its_exposition_is_not(table):
    assert table.loc["arrears>fees", ["lowest", "low_only"]].tolist() == ["implied"] * 2
    # the order in which fees and founding are told is no ranking
    assert table.loc["fees>founding_before", "low_only"] == "open"
    assert table.loc["fees>founding_after", "lowest"] == "open"
    assert table.loc["fees>bargaining", ["lowest", "low_only"]].tolist() == ["implied", "open"]


def test_only_two_weights_are_implied(table):
    weights = table[table.index.str.startswith("weight:")]
    implied = weights.index[weights["low_only"] == "implied"].tolist()
    assert implied == ["weight:growth", "weight:career"]
    assert (table.filter(like="weight:", axis=0)["without_statements"] == "open").all()


def test_a_weight_is_open_again_without_the_statement_that_implies_it():
    whole = program("low_only")
    before = -score("founding_before")
    kept = ~np.all(whole.rows == -before, axis=1)
    assert kept.sum() == len(kept) - 1
    without = Program(whole.rows[kept], whole.bounds[kept])
    assert relation(rankings._weight("growth"), whole)[0] == "implied"
    assert relation(rankings._weight("growth"), without)[0] == "open"


def test_statements_that_contradict_each_other_are_noticed():
    whole = program("low_only")
    against = score("fees") - score("arrears")
    rows, bounds = np.vstack([whole.rows, -against]), np.append(whole.bounds, -MARGIN)
    with pytest.raises(ValueError, match="contradict"):
        smallest(score("fees"), Program(rows, bounds))


def test_scores_differ_before_and_after_by_what_serves_the_career_alone():
    difference = score("founding_after") - score("founding_before")
    assert np.count_nonzero(difference) == 1
    assert set(SCORES) == {"arrears", "fees", "bargaining", "founding_before", "founding_after"}


def test_power_follows_attention_only_where_agencies_reach_alike_and_the_tension_stands():
    found = power_table().set_index("statement")["verdict"]
    assert found["power_follows_score:same_reach"] == "implied"
    assert found["power_follows_score:own_reach"] == "open"
    assert found["growth_demand_gets_power:limit_passed_on"] == "excluded"
    assert found["growth_demand_gets_power:limit_lifted"] == "open"
