"""Is a coefficient the same in two groups? Interaction, stacked fits, permuted labels.

- interaction: both groups in one fit, every term (and absorbed effect) interacted;
- stacked: two fits, the covariance of their estimates through shared clusters counted;
- permutation: labels permuted over rows, or over clusters (entities) where the group is theirs
  (Fisher's test; Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 15).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.effects.about import About
from analysis.effects.estimates import Fitted
from analysis.effects.findings import SEED, Asked, Finding
from analysis.effects.fit import Linear
from analysis.effects.inference.bootstrap import keys_of
from analysis.effects.inference.resampling import replicate, units_of
from analysis.effects.linear_models.panel import is_nested
from analysis.effects.multiplicity.assignments import Units, shuffler, units_of_values
from analysis.effects.multiplicity.groups import (
    Pair,
    error_of_difference,
    estimates_of,
    fit_group,
    interacted,
    pairs_of,
    times_group,
)
from analysis.effects.multiplicity.permuted_groups import permuted_differences
from analysis.effects.multiplicity.projected import effects_of
from analysis.effects.multiplicity.reassigned import p_value
from analysis.effects.multiplicity.tested import tested_of
from analysis.messages import UserError, message

Array = NDArray[np.float64]
Keys = list[tuple[str, str]]
DRAWS, LEVEL = 500, 0.95
FAILURES_ALLOWED = 0.05
ROUNDING = 1.0 - 1e-9
ABOUT = About(
    fits="the difference of a coefficient between groups",
    needs="option by (an expression of 2 to 10 values); draws (500), seed",
    reports="the difference with p by full interaction, by stacked fits, by permuted labels",
)


def find(asked: Asked) -> list[Finding]:
    """Return three rows a value of ``by`` (against its lowest), outcome and treatment term.

    Raises
    ------
    UserError
        If ``by`` is not given, has one value or more than ten, a group cannot be fitted, or more
        than 5 % of the permutations cannot.
    """
    asked.require("by", "draws", "seed")
    by = asked.options.get("by")
    if not isinstance(by, str) or not by:
        raise asked.needs("by: an expression", "by：一个表达式")
    return [
        finding
        for fitted in asked.fitted
        for pair in pairs_of(asked, by, fitted)
        for finding in _findings(asked, pair)
    ]


def _findings(asked: Asked, pair: Pair) -> list[Finding]:
    terms = asked.terms()
    keys = [key for key in keys_of(pair.pooled.fit) if key[0] in terms]
    apart = (fit_group(asked, pair, pair.frame, 1), fit_group(asked, pair, pair.frame, 0))
    observed = estimates_of(apart[0], keys) - estimates_of(apart[1], keys)
    return [
        *_interaction(asked, pair, keys),
        *_stacked(pair, keys, *apart),
        *_permutation(asked, pair, keys, observed),
    ]


def _detail(method: str, pair: Pair, component: str) -> str:
    return " ".join(part for part in (f"{method}:{pair.name}", component) if part)


# --- interaction ------------------------------------------------------------------------------


def _interaction(asked: Asked, pair: Pair, keys: Keys) -> list[Finding]:
    """Return the interactions' rows; empty ones with the reason where the estimator takes none."""
    try:
        whole = interacted(asked, pair)
    except UserError as error:
        return [
            _no_interaction(pair, key, message(error.key, "en", **error.fields)) for key in keys
        ]
    return [_of_interaction(whole, pair, key) for key in keys]


def _no_interaction(pair: Pair, key: tuple[str, str], reason: str) -> Finding:
    detail = _detail("interaction", pair, key[1])
    return Finding(key[0], None, detail=detail, outcome=pair.pooled.outcome, note=reason)


def _of_interaction(whole: Fitted, pair: Pair, key: tuple[str, str]) -> Finding:
    term, component = key
    name = times_group(term, whole.fit.terms)
    found = [test for test in tested_of(whole, [name]) if test.component == component]
    if not found:
        return _no_interaction(pair, key, "the interaction was not estimated")
    test = found[0]
    return Finding(
        term, test.estimate, detail=_detail("interaction", pair, component),
        outcome=pair.pooled.outcome, std_error=test.std_error, statistic=test.statistic,
        p_value=test.p_value, ci_low=test.ci_low, ci_high=test.ci_high,
        extras={"n_obs": whole.sample.n_obs},
    )  # fmt: skip


# --- stacked ----------------------------------------------------------------------------------


def _stacked(pair: Pair, keys: Keys, one: Fitted, reference: Fitted) -> list[Finding]:
    findings = []
    for term, component in keys:
        i, j = (_place(fitted, (term, component)) for fitted in (one, reference))
        if i is None or j is None:
            reason = "not estimated in a group"
            detail = _detail("stacked", pair, component)
            findings.append(Finding(term, None, detail=detail, outcome=one.outcome, note=reason))
            continue
        difference = float(one.fit.estimate[i] - reference.fit.estimate[j])
        error = error_of_difference(one, reference, i, j)
        findings.append(_of_stack(pair, (term, component), difference, error, one, reference))
    return findings


def _place(fitted: Fitted, key: tuple[str, str]) -> int | None:
    keys = keys_of(fitted.fit)
    return keys.index(key) if key in keys else None


def _of_stack(
    pair: Pair,
    key: tuple[str, str],
    difference: float,
    error: float,
    one: Fitted,
    reference: Fitted,
) -> Finding:
    extras = {"n_obs": one.sample.n_obs, "n_obs_reference": reference.sample.n_obs}
    detail, outcome = _detail("stacked", pair, key[1]), pair.pooled.outcome
    if not error > 0.0:
        note = "no standard error: the variance is not positive"
        return Finding(key[0], difference, detail=detail, outcome=outcome, extras=extras, note=note)
    reach = float(stats.norm.ppf(0.5 + LEVEL / 2.0)) * error
    return Finding(
        key[0], difference, detail=detail, outcome=outcome, std_error=error,
        statistic=difference / error,
        p_value=float(2.0 * stats.norm.sf(abs(difference / error))),
        ci_low=difference - reach, ci_high=difference + reach, extras=extras,
    )  # fmt: skip


# --- permutation ------------------------------------------------------------------------------


def _permutation(asked: Asked, pair: Pair, keys: Keys, observed: Array) -> list[Finding]:
    draws = int(asked.number("draws", DRAWS, 1))
    seed = int(asked.number("seed", SEED, 0))
    units, kind = _units(pair)
    linear = _linear(pair, units, kind)
    if linear is None:
        drawn = _refitted(asked, pair, keys, units, draws, seed)
    else:
        places = [keys_of(pair.pooled.fit).index(key) for key in keys]
        drawn = permuted_differences(linear, units, draws, seed, places)
    extras: dict[str, float | str] = {"draws": draws, "seed": seed, "units": kind}
    return [
        _of_permutation(asked, pair, key, float(value), drawn[:, j], dict(extras))
        for j, (key, value) in enumerate(zip(keys, observed, strict=True))
    ]


def _units(pair: Pair) -> tuple[Units, str]:
    """Return what is permuted: clusters or entities if the group is theirs, else rows in them."""
    sample, labels = pair.pooled.sample, pair.labels
    codes = units_of(sample)
    name = "cluster" if sample.clusters.shape[1] else "entity"
    whole = units_of_values(labels, codes, None, None)
    if whole is not None:
        return whole, "row" if len(whole.path) == sample.n_obs else name
    rows = np.arange(sample.n_obs)
    inside = Units(rows, np.zeros_like(rows), np.array([[0.0], [1.0]]), labels.astype(int), codes)
    return inside, f"row within {name}"


def _linear(pair: Pair, units: Units, kind: str) -> Linear | None:
    """Return the pooled least-squares problem if each group's is a part of it, else None.

    Absorbed effects must lie within what is permuted.
    """
    fit, sample = pair.pooled.fit, pair.pooled.sample
    if fit.linear is None or not fit.fixed_effects:
        return (
            fit.linear if pair.pooled.equation.estimator in ("ols", "pooled_ols", "wls") else None
        )
    effects = effects_of(sample)
    nested = all(is_nested(effects[name].to_numpy(), units.codes) for name in effects)
    return fit.linear if nested and " within " not in kind else None


def _refitted(asked: Asked, pair: Pair, keys: Keys, units: Units, draws: int, seed: int) -> Array:
    shuffled = shuffler(units.path, units.block)

    def draw(generator: np.random.Generator) -> Array:
        frame = pair.with_labels(units.values(shuffled(generator)))
        try:
            one, other = (fit_group(asked, pair, frame, group) for group in (1, 0))
        except (UserError, np.linalg.LinAlgError):
            return np.full(len(keys), np.nan)
        return estimates_of(one, keys) - estimates_of(other, keys)

    return np.array(replicate(draw, draws, seed, f"{asked.tool} {asked.equation.id}"))


def _of_permutation(
    asked: Asked,
    pair: Pair,
    key: tuple[str, str],
    observed: float,
    drawn: Array,
    extras: dict[str, float | str],
) -> Finding:
    fitted = drawn[np.isfinite(drawn)]
    failed = len(drawn) - len(fitted)
    if failed > FAILURES_ALLOWED * len(drawn):
        raise asked.needs(
            f"groups that can be fitted: {failed} of {len(drawn)} permutations could not",
            f"可拟合的分组：{len(drawn)} 次置换中有 {failed} 次不可拟合",
        )
    beyond = np.abs(fitted) >= abs(observed) * ROUNDING
    extras |= {"not_fitted": failed, "permutation_sd": float(fitted.std())}
    return Finding(
        key[0], observed, detail=_detail("permutation", pair, key[1]),
        outcome=pair.pooled.outcome, p_value=p_value(beyond, complete=False), extras=extras,
    )  # fmt: skip
