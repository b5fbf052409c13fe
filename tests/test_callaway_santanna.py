"""Group-time effects: the published example, three other programs, and what must hold exactly."""

import json
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.effects.estimators import callaway_santanna
from analysis.effects.fitting import estimates, sample_of
from analysis.effects.inference.covariance import covariance
from analysis.effects.staggered.four_cells import FourCells, effect_across
from analysis.effects.staggered.two_by_two import Comparison, effect
from analysis.effects.study import Equation, Study, read_study
from analysis.messages import UserError
from analysis.sources.data_sets import teaching_data_sets


def counties():
    return teaching_data_sets()["mpdta"]()


def fitted(frame, outcome="lemp", entity="countyreal", time="year", cohort="first_treat",
           vcov="HC1", **more):  # fmt: skip
    parts = {name: more.pop(name) for name in
             ("controls", "cluster", "weights", "treatments", "where", "draws", "seed")
             if name in more}  # fmt: skip
    equation = Equation(id="e", outcomes=(outcome,), estimator="callaway_santanna", vcov=vcov,
                        options={**({"cohort": cohort} if cohort else {}), **more},
                        **{"treatments": (), "controls": (), **parts})  # fmt: skip
    study = Study(id="s", data="d", equations=(equation,), entity=entity, time=time)
    return estimates(study, frame).set_index("component")


def drawn(n=400, periods=6, cohorts=(np.inf, 3, 5), effect=lambda g, t: 1.0, seed=1, trend=0.0):
    """Units with a covariate x that shifts trends by ``trend`` and selects into treatment."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    g = np.array(cohorts, dtype=float)[rng.integers(0, len(cohorts), n)]
    g = np.where((trend > 0) & (x < -0.5) & (rng.random(n) < 0.8), np.inf, g)
    unit, t = np.repeat(np.arange(n), periods), np.tile(np.arange(1, periods + 1), n)
    treated = np.where(t >= g[unit], effect(g[unit], t), 0.0)
    y = (
        rng.normal(size=n)[unit]
        + 0.2 * t
        + trend * x[unit] * t
        + treated
        + rng.normal(size=n * periods)
    )
    return pd.DataFrame({"unit": unit, "t": t, "g": g[unit], "x": x[unit], "y": y})


def own(frame, **more):
    return fitted(frame, "y", "unit", "t", "g", **{"bands": "none", **more})


# --- against others -----------------------------------------------------------------------------


def test_minimum_wages_d18(shared_facts):
    table = pd.read_csv(shared_facts / "published_benchmarks.csv", dtype={"published": str})
    table = table[(table["benchmark"] == "D18") & (table["quantity"] != "TWFE")]
    rows = fitted(counties())
    assert len(table) == 10
    for row in table.to_dict("records"):
        value = rows.loc[row["quantity"].replace("ATT", "att"), "estimate"]
        assert f"{value:.4f}".replace("0.", ".") == row["published"]
        assert value == pytest.approx(float(row["reference_value"]), rel=1e-10)


@pytest.mark.parametrize(("controls", "control", "base", "method", "anticipation"), [
    ((), "never", "varying", "dr", 0), ((), "not_yet", "universal", "reg", 0),
    ((), "not_yet", "varying", "dr", 1), (("lpop",), "never", "varying", "dr", 0),
    (("lpop",), "not_yet", "universal", "dr", 0), (("lpop",), "never", "varying", "reg", 0),
    (("lpop",), "not_yet", "varying", "ipw", 0), (("lpop",), "never", "universal", "ipw", 1),
])  # fmt: skip
def test_effects_averages_and_errors_are_moderndids(controls, control, base, method, anticipation):
    from moderndid import load_mpdta

    rows = fitted(counties(), controls=controls, control=control, base=base, method=method,
                  anticipation=anticipation, bands="none")  # fmt: skip
    other = moderndid(load_mpdta(), xformla="~lpop" if controls else "~1", base_period=base,
                      control_group={"never": "nevertreated", "not_yet": "notyettreated"}[control],
                      est_method=method, anticipation=anticipation)  # fmt: skip
    assert set(rows.index) == set(other.index)
    other = other.loc[rows.index]
    np.testing.assert_allclose(rows["estimate"], other["estimate"], atol=1e-11)
    np.testing.assert_allclose(rows["std_error"], other["std_error"], rtol=1e-9)


def moderndid(frame, **options):
    """Return moderndid's estimates and analytic errors; reference periods have none."""
    from moderndid import aggte, att_gt

    names = {"yname": "lemp", "tname": "year", "gname": "first.treat"}
    options = {"idname": "countyreal", **options}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = att_gt(frame, **names, **options, cband=False)
        rows = {
            f"att({g:g},{t:g})": pair
            for g, t, *pair in zip(
                found.groups, found.times, found.att_gt, found.se_gt, strict=True
            )
        }
        for kind, letter in (("simple", ""), ("dynamic", "e"), ("group", "g"), ("calendar", "t")):
            average = aggte(found, type=kind, cband=False)
            rows[kind] = (average.overall_att, average.overall_se)
            if letter:
                parts = (average.event_times, average.att_by_event, average.se_by_event)
                rows |= {f"{letter}={e:g}": pair for e, *pair in zip(*parts, strict=True)}
    table = pd.DataFrame(rows, index=["estimate", "std_error"]).T
    return table[table["std_error"].notna() & (table["std_error"] > 0)]


def test_weights_and_covariates_are_csdids():
    # csdid 0.4.3, Python: ATTgt(yname="lemp", gname="first_treat", idname="countyreal",
    # tname="year", xformla="lemp~lpop", weights_name="w", panel=True)
    # .fit(est_method="dr", bstrap=False).aggte(kind, bstrap=False); w = exp(lpop)
    golden = {
        "simple": (-0.01813271086580285, 0.014049986950079694),
        "dynamic": (-0.030257749319815775, 0.019505794487131058),
        "group": (-0.025857891383229428, 0.012773669819379444),
        "calendar": (-0.009606428027502978, 0.013069272958136816),
    }
    rows = fitted(counties(), controls=("lpop",), weights="exp(lpop)", bands="none")
    for kind, (estimate, error) in golden.items():
        assert rows.loc[kind, "estimate"] == pytest.approx(estimate, rel=1e-7)
        assert rows.loc[kind, "std_error"] == pytest.approx(error, rel=1e-7)


# --- what must hold exactly ---------------------------------------------------------------------


def test_one_cohort_and_two_periods_is_the_difference_of_differences():
    frame = drawn(80, 2, (np.inf, 2))
    rows = own(frame)
    change = frame.groupby("unit")["y"].diff().dropna().to_numpy()
    treated = np.isfinite(frame["g"].to_numpy()[::2])
    a, b = change[treated], change[~treated]
    for name in ("att(2,2)", "e=0", "g=2", "t=2", "simple", "dynamic", "group", "calendar"):
        assert rows.loc[name, "estimate"] == pytest.approx(a.mean() - b.mean(), rel=1e-12)
        error = np.sqrt(a.var() / len(a) + b.var() / len(b))
        assert rows.loc[name, "std_error"] == pytest.approx(error, rel=1e-12)


def test_the_not_yet_treated_are_the_never_treated_where_there_is_one_cohort():
    frame = drawn(cohorts=(np.inf, 4))
    same = ["estimate", "std_error"]
    pd.testing.assert_frame_equal(own(frame)[same], own(frame, control="not_yet")[same])
    three = drawn()
    gaps = own(three)["estimate"] - own(three, control="not_yet")["estimate"]
    assert gaps["att(3,3)"] != 0 and gaps["att(5,5)"] == 0


def test_constant_effects_without_noise_make_every_effect_and_average_agree():
    frame = drawn(seed=3)
    frame["y"] = frame["unit"] % 7 + 0.3 * frame["t"] + 2.0 * (frame["t"] >= frame["g"])
    rows = own(frame, control="not_yet")
    np.testing.assert_allclose(rows.loc[rows["quantity"] == "att", "estimate"], 2.0, atol=1e-12)
    np.testing.assert_allclose(rows.loc[rows["quantity"] == "test", "estimate"], 0.0, atol=1e-12)


def test_event_times_weight_cohorts_by_their_weighted_shares():
    frame = drawn(effect=lambda g, t: g)
    frame["w"] = 1.0 + frame["unit"] % 5
    rows = own(frame, weights="w")
    share = frame[frame["t"] == 1].groupby("g")["w"].sum()
    both = rows.loc[["att(3,3)", "att(5,5)"], "estimate"]
    assert rows.loc["e=0", "estimate"] == pytest.approx(
        np.average(both, weights=[share[3], share[5]]), rel=1e-12
    )
    after = [f"e={e}" for e in range(4)]
    assert rows.loc["dynamic", "estimate"] == pytest.approx(rows.loc[after, "estimate"].mean())
    assert rows.loc["g=5", "estimate"] == pytest.approx(
        rows.loc[["att(5,5)", "att(5,6)"], "estimate"].mean()
    )


def test_a_weight_of_two_is_an_entity_twice():
    frame = drawn(60)
    frame["w"] = 1.0 + frame["unit"] % 2
    twice = pd.concat([frame, frame[frame["w"] == 2.0].assign(unit=lambda t: t["unit"] + 1000)])
    for controls in ((), ("x",)):
        weighted, long = own(frame, weights="w", controls=controls), own(twice, controls=controls)
        np.testing.assert_allclose(weighted["estimate"], long["estimate"], atol=1e-9)


def test_the_order_of_rows_and_the_name_of_never_do_not_matter():
    frame = drawn()
    rows = own(frame)
    for never in (0.0, np.nan, np.inf, 99.0):
        other = own(
            frame.assign(g=frame["g"].replace(np.inf, never)).sample(frac=1, random_state=2)
        )
        np.testing.assert_allclose(other["std_error"], rows["std_error"], rtol=1e-10)
        np.testing.assert_allclose(other["estimate"], rows["estimate"], atol=1e-12)
    assert json.loads(rows["extras"].iloc[0])["n_never"] == (frame["g"] == np.inf).sum() / 6


def test_clusters_of_single_entities_add_the_factor_and_nothing_else():
    frame = drawn(100)
    ratio = own(frame, vcov="cluster", cluster=("unit",))["std_error"] / own(frame)["std_error"]
    np.testing.assert_allclose(ratio, np.sqrt(100 / 99), rtol=1e-10)


def test_holes_are_compared_pair_by_pair_or_their_entities_left_out():
    frame = drawn(200)
    holes = frame.drop(frame.sample(60, random_state=1).index)
    wide = holes.pivot(index="unit", columns="t", values="y")
    g = holes.groupby("unit")["g"].first()
    change = wide[5] - wide[4]
    expected = change[g == 5].mean() - change[np.isinf(g)].mean()
    assert own(holes).loc["att(5,5)", "estimate"] == pytest.approx(expected, rel=1e-12)
    whole = holes[holes.groupby("unit")["t"].transform("size") == 6]
    balanced = own(holes, panel="balanced")
    np.testing.assert_allclose(balanced["std_error"], own(whole)["std_error"], rtol=1e-12)
    assert "not seen in every period: left out" in balanced["note"].iloc[0]
    assert json.loads(balanced["extras"].iloc[0])["n_not_balanced"] > 0


def test_the_base_of_a_cohort_is_the_last_period_before_it_whatever_the_gaps():
    frame = drawn(200, 6, (np.inf, 4, 5)).query("t != 3")
    rows = own(frame, base="universal")
    wide = frame.pivot(index="unit", columns="t", values="y")
    g = frame.groupby("unit")["g"].first()
    change = wide[4] - wide[2]
    expected = change[g == 4].mean() - change[np.isinf(g)].mean()
    assert rows.loc["att(4,4)", "estimate"] == pytest.approx(expected, rel=1e-12)
    assert "att(4,2)" not in rows.index
    assert own(frame.assign(g=frame["g"].replace(4, 3))).loc["att(3,4)", "estimate"] == (
        pytest.approx(expected, rel=1e-12)
    )


# --- influence, repeated cross-sections ---------------------------------------------------------


@pytest.mark.parametrize("method", ["dr", "reg", "ipw"])
@pytest.mark.parametrize("across", [False, True])
def test_an_influence_is_the_derivative_of_the_estimate_by_the_weight(method, across):
    rng = np.random.default_rng(0)
    m = 120
    x, after = rng.normal(size=(m, 2)), rng.integers(0, 2, m) * 1.0
    treated = (rng.random(m) < 1 / (1 + np.exp(-x[:, 0]))) * 1.0
    y = x[:, 0] + after * (1 + x[:, 1] ** 2) + treated * after * x[:, 0] + rng.normal(size=m)
    weight = rng.uniform(0.5, 2, m)

    def value(weight):
        if across:
            return effect_across(FourCells(y, treated, after, weight, x), method)
        return effect(Comparison(y, treated, weight, x), method)

    _, f, trimmed = value(weight)
    assert trimmed == 0
    for i in range(0, m, 9):
        step = np.zeros(m)
        step[i] = 1e-5 * weight[i]
        slope = (value(weight + step)[0] - value(weight - step)[0]) / 2e-5
        assert f[i] == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize(("controls", "method", "control"), [
    ((), "dr", "never"), (("lpop",), "reg", "not_yet"), (("lpop",), "ipw", "never"),
    (("lpop",), "dr", "never"),
])  # fmt: skip
def test_repeated_cross_sections_are_moderndids(controls, method, control):
    import polars as pl

    frame = counties().sample(frac=0.8, random_state=2)
    rows = fitted(frame, entity="", panel="cross_sections", controls=controls, method=method,
                  control=control, bands="none")  # fmt: skip
    named = frame.rename(columns={"first_treat": "first.treat"}).drop(columns="countyreal")
    other = moderndid(pl.from_pandas(named), idname=None, panel=False, est_method=method,
                      xformla="~lpop" if controls else "~1",
                      control_group={"never": "nevertreated", "not_yet": "notyettreated"}[control])  # fmt: skip
    other = other.loc[rows.index]
    np.testing.assert_allclose(rows["estimate"], other["estimate"], atol=1e-10)
    # doubly robust errors: moderndid adds the regressions of the period before with the sign of
    # those after, which vanishes in large samples; ours is the exact derivative (above)
    robust = controls and method == "dr"
    np.testing.assert_allclose(rows["std_error"], other["std_error"], rtol=2e-2 if robust else 1e-9)


def test_cross_sections_without_covariates_are_four_means():
    frame = drawn(90, 4, (np.inf, 3)).drop(index=[1, 8, 40])
    rows = own(frame, panel="cross_sections")
    means = frame.groupby(["g", "t"])["y"].mean()
    expected = means[3, 4] - means[3, 2] - means[np.inf, 4] + means[np.inf, 2]
    assert rows.loc["att(3,4)", "estimate"] == pytest.approx(expected, rel=1e-12)
    cells = [frame[(frame["g"] == g) & (frame["t"] == t)]["y"] for g in (3, np.inf) for t in (2, 4)]
    error = np.sqrt(sum(cell.var(ddof=0) / len(cell) for cell in cells))
    assert rows.loc["att(3,4)", "std_error"] == pytest.approx(error, rel=1e-12)
    assert "rows of one unit taken as independent" in rows["note"].iloc[0]
    twice = pd.concat([frame, frame])  # two rows a period are no duplicates here
    assert own(twice, panel="cross_sections").loc["att(3,4)", "estimate"] == pytest.approx(expected)
    clustered = own(frame, panel="cross_sections", vcov="cluster", cluster=("unit",))
    panel = own(frame, vcov="cluster", cluster=("unit",))
    ratio = clustered.loc["att(3,4)", "std_error"] / panel.loc["att(3,4)", "std_error"]
    assert ratio == pytest.approx(1.0, abs=0.1)


# --- left out, said -----------------------------------------------------------------------------


def test_those_treated_from_the_start_are_left_out_and_counted():
    frame = drawn(cohorts=(np.inf, 1, 3))
    rows, without = own(frame), own(frame[frame["g"] != 1])
    np.testing.assert_allclose(rows["std_error"], without["std_error"], rtol=1e-12)
    count = int((frame["g"] == 1).sum() / 6)
    assert f"{count} entities without a period before treatment: left out" in rows["note"].iloc[0]
    assert json.loads(rows["extras"].iloc[0])["n_treated_at_start"] == count
    early = own(frame, anticipation=1)
    assert "att(3,2)" in early.index and early.loc["att(3,2)", "quantity"] == "att"


def test_a_cohort_of_one_is_estimated_and_named():
    frame = drawn(101)
    frame.loc[frame["unit"] == 100, "g"] = 4.0
    rows = own(frame)
    assert "cohorts of one entity: 4; their errors" in rows["note"].iloc[0]
    never = frame[np.isinf(frame["g"])].pivot(index="unit", columns="t", values="y")
    change = never[4] - never[3]
    assert rows.loc["att(4,4)", "std_error"] == pytest.approx(
        change.std(ddof=0) / len(change) ** 0.5
    )


def test_comparisons_without_controls_are_left_out_and_named():
    rows = own(drawn(cohorts=(3, 5)), control="not_yet")
    assert "att(5,5)" not in rows.index and "att(3,4)" in rows.index
    assert "comparisons without controls left out: att(3,5), att(3,6)" in rows["note"].iloc[0]


def change_cohort(frame):
    frame.loc[3, "g"] = 4.0
    return frame


REFUSALS = [
    (lambda f: f, {"control": "nver"}, "control = never | not_yet"),
    (lambda f: f, {"metod": "dr"}, "metod"),
    (lambda f: f, {"anticipation": -1}, "anticipation"),
    (lambda f: f, {"bands": "webb"}, "bands"),
    (lambda f: f, {"treatments": ("x",)}, "in place of a treatment"),
    (lambda f: f[f["g"] < 9], {}, "never-treated entities, or options.control"),
    (change_cohort, {}, "one cohort an entity .that of entity 0 changes"),
    (lambda f: pd.concat([f, f.iloc[[8]]]), {}, "entity 1 has two in 3"),
    (lambda f: f[f["g"] > 9], {}, "first treated after the first period"),
    (lambda f: f.query("t == 2"), {}, "two periods"),
    (lambda f: f.assign(g="from " + f["g"].astype(str)), {}, "g holds text"),
    (lambda f: f.assign(t=f["t"].astype(str)), {}, "numeric periods"),
    (lambda f: f.assign(t=f["t"] - 3), {}, "periods without 0"),
    (lambda f: f.assign(x=np.isfinite(f["g"]) * 1.0), {"controls": ("x",)}, r"not collinear within a group.*att\(3"),
    (lambda f: f.assign(x=np.isfinite(f["g"]) + f["x"] / 99), {"controls": ("x",)}, "perfectly"),
    (lambda f: f, {"cluster": ("t",), "vcov": "cluster"}, "hold entities whole"),
    (lambda f: f, {"weights": "x"}, "positive weights"),
    (lambda f: f, {"vcov": "HC3"}, "HC3"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "more", "text"), REFUSALS, ids=[text for *_, text in REFUSALS])
def test_refusals(change, more, text):
    with pytest.raises(UserError, match=text):
        own(change(drawn(60)), **more)


def test_who_and_when_and_the_cohort_are_asked_for():
    for missing, text in (
        ("entity", "entity"),
        ("time", "time in the study"),
        ("cohort", "cohort"),
    ):
        with pytest.raises(UserError, match=text):
            fitted(drawn(20), "y", **{"entity": "unit", "time": "t", "cohort": "g", missing: ""})


# --- bands, bootstrap, study files --------------------------------------------------------------


def test_bands_are_seeded_and_wider_than_pointwise_and_narrower_than_bonferroni():
    found = [json.loads(fitted(counties(), **more)["extras"].iloc[0]) for more in
             ({}, {"seed": 5}, {"seed": 5}, {"bands": "rademacher", "seed": 5, "draws": 2999})]  # fmt: skip
    first, second, again, other = (extras["critical_value_att"] for extras in found)
    assert first != second and second == again
    assert other == pytest.approx(first, abs=0.15)
    for extras in found:
        for family, count in (("att", 12), ("dynamic", 7), ("group", 3), ("calendar", 4)):
            critical = extras[f"critical_value_{family}"]
            assert 1.96 < critical < stats.norm.isf(0.025 / count) + 0.15
    alone = own(drawn(300, 2, (np.inf, 2)), bands="rademacher", draws=4999)
    assert json.loads(alone["extras"].iloc[0])["critical_value_att"] == pytest.approx(
        1.96, abs=0.05
    )


def test_bands_follow_the_clusters():
    frame = drawn(120)
    pairs = frame.assign(pair=frame["unit"] // 4)
    plain, clustered = (
        json.loads(own(pairs, bands="mammen", vcov=vcov, cluster=cluster)["extras"].iloc[0])
        for vcov, cluster in (("HC1", ()), ("cluster", ("pair",)))
    )
    assert plain["critical_value_dynamic"] != clustered["critical_value_dynamic"]


@pytest.mark.slow
def test_the_bootstrap_of_entities_finds_the_same_errors():
    frame = drawn(250, 4, (np.inf, 3, 4), effect=lambda g, t: t - g + 1)
    analytic, resampled = own(frame, controls=("x",)), own(frame, controls=("x",), vcov="bootstrap",
                                                          draws=400, seed=1)  # fmt: skip
    np.testing.assert_allclose(resampled["std_error"], analytic["std_error"], rtol=0.15)


def test_a_study_file(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nid = "s"\ndata = "mpdta"\nentity = "countyreal"\ntime = "year"\n'
        '[[equation]]\nid = "e"\noutcome = "lemp"\ncontrols = ["lpop"]\n'
        'estimator = "callaway_santanna"\n[equation.options]\ncohort = "first_treat"\n'
        'control = "not_yet"\ndraws = 99\nseed = 1\n'
    )
    rows = estimates(read_study(path), counties())
    assert rows.iloc[0][["term", "component", "quantity", "vcov"]].tolist() == (
        ["att", "att(2004,2004)", "att", "HC1"]
    )  # fmt: skip
    assert json.loads(rows["extras"].iloc[0])["draws"] == 99


# --- known truths -------------------------------------------------------------------------------


def test_covariates_take_out_trends_that_differ_with_them():
    frame = drawn(4000, 4, (np.inf, 3), trend=0.5, seed=8)
    assert abs(own(frame).loc["simple", "estimate"] - 1.0) > 0.3
    for method in ("dr", "reg", "ipw"):
        row = own(frame, controls=("x",), method=method).loc["simple"]
        assert abs(row["estimate"] - 1.0) < 3 * row["std_error"] < 0.3


# the simple average is that of (2,2) (2,3) (2,4) (3,3) (3,4), cohorts being equally likely
TRUTH = {"simple": (1 + 2 + 3 + 1 + 2) / 5, "dynamic": 2.0, "group": 1.75, "e=0": 1.0, "e=1": 2.0,
         "e=2": 3.0, "e=-1": 0.0, "att(3,4)": 2.0}  # fmt: skip


def growing(seed):
    return drawn(200, 4, (np.inf, 2, 3), effect=lambda g, t: t - g + 1, seed=seed)


def in_binomial_band(count, reps):
    low, high = stats.binom.interval(0.999, reps, 0.95)
    return low <= count <= high


def refitted(reps, **options):
    """Yield |t| by component around the truth, and extras, over new panels of one shape."""
    equation = Equation(id="e", outcomes=("y",), treatments=(), controls=(), vcov="HC1", draws=199,
                        estimator="callaway_santanna", options={"cohort": "g", **options})  # fmt: skip
    study = Study(id="s", data="d", equations=(equation,), entity="unit", time="t")
    shape = sample_of(study, equation, "y", growing(0))
    for rep in range(reps):
        frame = growing(rep)
        sample = replace(shape, outcome=frame["y"].to_numpy(), terms={"cohort": frame[["g"]]})
        fit = callaway_santanna.fit(sample, equation)
        error = np.sqrt(np.diag(covariance(fit, "HC1", sample.clusters).matrix))
        t = dict(zip(fit.components, zip(fit.estimate, error, strict=True), strict=True))
        yield {k: abs(t[k][0] - value) / t[k][1] for k, value in TRUTH.items()}, fit.extras


@pytest.mark.slow
def test_intervals_cover():
    reps, covered = 1000, dict.fromkeys(TRUTH, 0)
    for t, _ in refitted(reps, bands="none"):
        covered = {name: count + (t[name] <= 1.959964) for name, count in covered.items()}
    assert all(in_binomial_band(count, reps) for count in covered.values()), covered


@pytest.mark.slow
def test_bands_cover_all_at_once():
    reps, covered, pointwise = 600, 0, 0
    for t, extras in refitted(reps):
        largest = max(size for name, size in t.items() if name.startswith("e="))
        covered += largest <= extras["critical_value_dynamic"]
        pointwise += largest <= 1.959964
    assert in_binomial_band(covered, reps) and not in_binomial_band(pointwise, reps)
