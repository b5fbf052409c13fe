"""Published effects: what may be entered, signs and sizes, pooling and its refusal, the verb."""

import argparse
import csv
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Annotation

from analysis.effects.commands import literature as verb
from analysis.effects.evidence import literature
from analysis.effects.evidence.literature import effect_points, evidence_map, pool, random_effects
from analysis.exhibits.drawing import draw_all
from analysis.exhibits.figures import evidence_map as figure
from analysis.exhibits.style import look
from analysis.files import read_rows
from analysis.loading import load
from analysis.messages import UserError
from analysis.paths import RAW
from analysis.sources import check_folder, read_processed
from analysis.sources.reading import read_table
from analysis.tabular import as_csv

TABLE = load("analysis.sources.tables.literature_effects")
COLUMNS = (
    "study_id,effect_id,citation,doi,year,language,dataset_id,wave,unit,population,n_obs,"
    "n_clusters,outcome,outcome_scale,treatment,contrast,estimator,estimand,controls,estimate,"
    "std_error,t,p_low,p_high,uncertainty_printed_as,where_read,table_page,read_by,checked_by,"
    "preferred,status,sign"
)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("JIELI_LANG", "en")


@pytest.fixture(scope="module")
def effects() -> pd.DataFrame:
    return TABLE.tidy(read_table(RAW / "literature" / "effects.csv", TABLE.SCHEMA))


def simulated(n: int, data_sets: int, seed: int = 20261123) -> pd.DataFrame:
    """Rows as the table has them, with made-up numbers: for the arithmetic only."""
    random = np.random.default_rng(seed)
    errors = random.uniform(0.01, 0.05, n)
    return pd.DataFrame(
        {
            "study_id": [f"simulated_{2000 + i}" for i in range(n)],
            "effect_id": "1",
            "citation": "simulated",
            "year": range(2000, 2000 + n),
            "language": "en",
            "dataset_id": [f"set_{i % data_sets}" for i in range(n)],
            "unit": "worker",
            "population": "",
            "outcome": "wage",
            "outcome_scale": "log_points",
            "treatment": "membership",
            "contrast": "member_vs_nonmember",
            "estimator": "OLS",
            "estimate": random.normal(0.08, 0.05, n) + random.normal(0.0, errors),
            "std_error": errors,
            "preferred": True,
            "status": "table_read",
            "sign": "+",
        }
    )


# --- the raw table ----------------------------------------------------------------------------


def test_columns_are_the_contracts():
    header = (RAW / "literature" / "effects.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == COLUMNS
    assert list(TABLE.SCHEMA.columns) == COLUMNS.split(",")


def test_the_sidecar_describes_the_table():
    assert "effects.csv" in check_folder(RAW / "literature")


def test_an_abstract_gives_no_standard_error_and_no_level(effects):
    abstracts = effects[effects["status"] == "abstract_only"]
    for column in ("std_error", "t", "p_low", "p_high"):
        assert abstracts[column].isna().all(), column


def test_every_effect_names_where_it_was_read_and_nobody_checked_what_nobody_read(effects):
    assert effects["where_read"].str.len().gt(0).all()
    assert effects.loc[effects["status"] == "abstract_only", "checked_by"].isna().all()


def test_a_study_speaks_once_on_each_outcome(effects):
    speaking = effects[effects["preferred"]]
    assert not speaking.duplicated(["study_id", "outcome"]).any()
    assert set(speaking["study_id"]) == set(effects["study_id"])


# --- signs ------------------------------------------------------------------------------------


def sign_of(table, study, outcome) -> str:
    row = table[(table["study"] == study) & (table["outcome"] == outcome)]
    return row["sign"].item()


@pytest.mark.parametrize(
    ("study", "outcome", "sign"),
    [
        ("wei_dong_huang_2013", "labour_share", "-"),
        ("wei_dong_huang_2013", "productivity", "+"),
        ("sun_he_2012", "wage", "0"),
        ("sun_he_2012", "minimum_wage", "+"),
        ("budd_et_al_2014", "wage", "0"),
        ("yao_zhong_2008", "hours", "0"),
        ("shan_zhao_2020", "wage", "0"),
        ("ge_2014", "wage", ""),
    ],
)
def test_signs_are_those_of_the_notes(effects, study, outcome, sign):
    assert sign_of(evidence_map(effects), study, outcome) == sign


def test_the_map_has_a_row_a_study_and_outcome_in_order_of_year(effects):
    table = evidence_map(effects)
    assert list(table.columns) == literature.MAP_COLUMNS
    assert not table.duplicated(["study", "outcome"]).any()
    years = [int(name[-4:]) for name in table["study"] if name[-4:].isdigit()]
    assert years == sorted(years)


def test_preferred_effects_that_differ_are_mixed_and_the_weaker_reading_counts():
    two = simulated(2, 2).assign(
        study_id="a_2000", effect_id=["1", "2"], sign=["+", "-"], estimator=["OLS", "probit"]
    )
    two.loc[0, "status"] = "abstract_only"
    (row,) = evidence_map(two).to_dict("records")
    assert (row["sign"], row["status"]) == ("mixed", "abstract_only")
    assert row["estimator"] == "OLS; probit"
    assert evidence_map(two.assign(preferred=[True, False]))["sign"].item() == "+"


@pytest.mark.parametrize(
    ("study", "citation", "language", "english", "chinese"),
    [
        (
            "yao_zhong_2008",
            "姚洋、钟宁桦 (2008) x",
            "zh",
            "Yao and Zhong 2008",
            "姚洋、钟宁桦 2008",
        ),
        ("liu_et_al_2013", "刘海洋等 (2013) x", "zh", "Liu et al. 2013", "刘海洋等 2013"),
        ("a_b_c_2010", "A, B and C (2010) x", "en", "A, B and C 2010", "A, B and C 2010"),
        ("wei_liu", "魏万青、刘庄 x", "zh", "Wei and Liu n.d.", "魏万青、刘庄，无年份"),
    ],
)
def test_short_citations(study, citation, language, english, chinese):
    assert literature.short_citation(study, citation, language) == (english, chinese)


# --- sizes ------------------------------------------------------------------------------------


def test_percent_effects_become_log_points(effects):
    points = effect_points(effects).set_index(["study", "effect_id"])["log_points"]
    assert len(points) == effects["estimate"].notna().sum() == 6
    assert points["mo_tang_2017", "1"] == pytest.approx(np.log(1.064))
    assert points["li_han_2021", "1"] == pytest.approx(np.log(1.287))


def test_a_percent_effects_standard_error_follows_by_the_delta_method():
    row = simulated(1, 1).assign(outcome_scale="percent", estimate=0.25, std_error=0.05)
    (point,) = effect_points(row).to_dict("records")
    assert point["log_points"] == pytest.approx(np.log(1.25))
    assert point["std_error"] == pytest.approx(0.04)
    draws = np.random.default_rng(1).normal(0.25, 0.005, 200_000)
    assert np.log1p(draws).std() == pytest.approx(0.1 * point["std_error"], rel=0.01)


def test_other_scales_are_left_out_and_a_loss_of_everything_is_refused():
    assert effect_points(simulated(3, 1).assign(outcome_scale="hours")).empty
    with pytest.raises(ValueError, match="logarithm"):
        effect_points(simulated(1, 1).assign(outcome_scale="percent", estimate=-1.0))


# --- pooling ----------------------------------------------------------------------------------


def test_today_nothing_is_pooled_and_the_sentence_says_why(effects):
    table = pool(effects)
    assert not table["pooled"].any()
    assert table["estimate"].isna().all()
    assert (table["n_estimates"] == 0).all()
    assert table["sentence_en"].str.contains("0 estimates with a standard error").all()


@pytest.mark.parametrize(("n", "sets", "pooled"), [(10, 5, True), (9, 5, False), (10, 4, False)])
def test_pooling_takes_ten_estimates_from_five_data_sets(n, sets, pooled):
    row = pool(simulated(n, sets)).iloc[0]
    assert (row["pooled"], row["n_estimates"], row["n_data_sets"]) == (pooled, n, sets)
    assert pd.notna(row["estimate"]) == pooled


def test_estimates_without_error_or_data_set_or_preference_do_not_count():
    rows = simulated(12, 6)
    rows.loc[0, "std_error"] = np.nan
    rows.loc[1, "dataset_id"] = None
    rows.loc[2, "preferred"] = False
    row = pool(rows).iloc[0]
    assert (row["n_printed"], row["n_estimates"], row["pooled"]) == (11, 9, False)


def test_different_contrasts_and_units_are_never_pooled_together():
    rows = simulated(20, 5).assign(contrast=["a", "b"] * 10)
    assert pool(rows)["n_estimates"].tolist() == [10, 10]
    assert not pool(rows.assign(unit=["x", "x", "y", "y"] * 5))["pooled"].any()


def test_without_any_effect_there_is_still_a_sentence():
    empty = simulated(2, 1).assign(estimate=np.nan)
    (row,) = pool(empty).to_dict("records")
    assert (row["pooled"], row["n_printed"]) == (False, 0)


@pytest.mark.parametrize("seed", range(5))
def test_the_random_effects_mean_is_that_of_statsmodels(seed):
    from statsmodels.stats.meta_analysis import combine_effects

    rows = simulated(15, 5, seed)
    effect, variance = rows["estimate"].to_numpy(), rows["std_error"].to_numpy() ** 2
    theirs = combine_effects(effect, variance, method_re="chi2")
    ours = pool(rows).iloc[0]
    assert ours["estimate"] == pytest.approx(theirs.mean_effect_re, rel=1e-10)
    assert ours["std_error"] == pytest.approx(theirs.sd_eff_w_re, rel=1e-10)
    assert ours["tau_squared"] == pytest.approx(max(0.0, theirs.tau2), rel=1e-10)
    assert ours["i_squared_percent"] == pytest.approx(100 * max(0.0, theirs.i2), rel=1e-10)


def test_the_clustered_error_is_that_of_weighted_least_squares_on_a_constant():
    import statsmodels.api as sm

    rows = simulated(15, 5)
    effect, variance = rows["estimate"].to_numpy(), rows["std_error"].to_numpy() ** 2
    clusters = rows["dataset_id"].to_numpy()
    ours = random_effects(effect, variance, clusters)
    weights = 1.0 / (variance + ours.tau_squared)
    fit = sm.WLS(effect, np.ones(15), weights=weights).fit(
        cov_type="cluster",
        cov_kwds={"groups": np.unique(clusters, return_inverse=True)[1]},
        use_t=True,
    )
    assert ours.std_error_clustered == pytest.approx(fit.bse[0], rel=1e-10)
    assert (ours.ci_low, ours.ci_high) == pytest.approx(tuple(fit.conf_int()[0]), rel=1e-8)


def test_equal_effects_have_no_variance_between_them():
    pooled = random_effects(np.full(10, 0.1), np.full(10, 0.01), np.arange(10) % 5)
    assert (pooled.estimate, pooled.tau_squared) == (pytest.approx(0.1), 0.0)
    assert pooled.i_squared_percent == 0.0


# --- the figure -------------------------------------------------------------------------------


def rows_of(effects, folder) -> pd.DataFrame:
    """The plotted rows as the figure gets them: read back from files."""
    tables = {"evidence": evidence_map(effects), "points": effect_points(effects)}
    for name, table in tables.items():
        (folder / f"{name}.csv").write_text(as_csv(table), encoding="utf-8")
    plotted = figure.rows(**{name: read_processed(folder / f"{name}.csv") for name in tables})
    (folder / "rows.csv").write_text(as_csv(plotted), encoding="utf-8")
    return read_processed(folder / "rows.csv")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_map_draws_every_symbol_and_the_finding_counts_them(effects, tmp_path, language):
    rows = rows_of(effects, tmp_path)
    with look(language):
        left, right = figure.draw(rows, language).axes
        # letters of estimators are annotations beside the symbols
        symbols = [text.get_text() for text in left.texts if not isinstance(text, Annotation)]
        letters = {text.get_text() for text in left.texts if isinstance(text, Annotation)}
        assert len(right.collections) == 6
    counts = {mark: symbols.count(mark) for mark in ("+", "0", "−", "")}
    assert sum(counts.values()) == len(evidence_map(effects))
    assert letters == {"", "I", "M", "D", "O"}
    found = figure.finding(rows, language)
    for mark in ("+", "0", "−"):
        assert f"{mark}: {counts[mark]}" in found
    assert re.search(rf": {counts['']}\b", found)


def test_a_map_without_sizes_or_with_zeros_only_is_drawn_too(effects, tmp_path):
    bare = effects.assign(estimate=np.nan, sign="0")
    rows = rows_of(bare, tmp_path)
    assert "0: " in figure.finding(rows, "en")
    assert set(draw_all(figure, rows)) == {"en_png", "en_svg", "zh_png", "zh_svg"}


# --- the verb ---------------------------------------------------------------------------------


@pytest.fixture
def table(raw_folder):
    return raw_folder / "literature" / "effects.csv"


def new_file(folder, *rows: dict[str, str]):
    path = folder / "new.csv"
    base = read_rows(RAW / "literature" / "effects.csv")[0]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(base))
        writer.writeheader()
        writer.writerows({**base, **row} for row in rows)
    return path


def test_check_names_what_each_study_lacks():
    rows = verb.checked_rows(RAW / "literature" / "effects.csv")
    whole, *lines = verb.report(rows, "en")
    assert f"{len(rows)} effects of {len(lines)} studies" in whole
    (line,) = [line for line in lines if "mo_tang_2017" in line]
    assert "std_error" in line
    assert "estimator (1/3)" in line
    assert not re.search(r"\bestimate\b", line)


def test_add_appends_the_rows_and_renews_the_sidecar(table, tmp_path):
    before = table.read_bytes()
    new = new_file(tmp_path, {"study_id": "new_2025", "estimate": "0.050"})
    assert verb.add_effects(new, table) == 1
    assert table.read_bytes().startswith(before)
    assert read_rows(table)[-1]["estimate"] == "0.050"
    assert "1 effects added" in check_folder(table.parent)["effects.csv"].notes[-1]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({}, "appears more than once"),
        ({"study_id": "n", "outcome": "happiness"}, "column outcome"),
        ({"study_id": "n", "sign": "up"}, "column sign"),
        ({"study_id": "n", "std_error": "-0.1"}, "column std_error"),
        ({"study_id": "n", "p_high": "5"}, "column p_high"),
        ({"study_id": "n", "status": "heard"}, "column status"),
        ({"study_id": "n", "where_read": ""}, "column where_read"),
    ],
)
def test_add_refuses_with_one_sentence_and_writes_nothing(table, tmp_path, row, words):
    before = {path: path.read_bytes() for path in table.parent.iterdir()}
    with pytest.raises(UserError, match=words) as refused:
        verb.add_effects(new_file(tmp_path, row), table)
    assert len(str(refused.value).splitlines()) == 1
    assert "new.csv" in str(refused.value)
    assert {path: path.read_bytes() for path in table.parent.iterdir()} == before


def test_add_refuses_an_effect_given_twice_and_a_table_edited_without_a_seal(table, tmp_path):
    with pytest.raises(UserError, match="more than once"):
        verb.add_effects(new_file(tmp_path, {"study_id": "n"}, {"study_id": "n"}), table)
    table.write_bytes(table.read_bytes().replace(b"0.064", b"0.064 "))
    with pytest.raises(UserError, match="sidecar"):
        verb.add_effects(new_file(tmp_path, {"study_id": "n"}), table)


def test_the_verb_reads_its_arguments(capsys):
    parser = argparse.ArgumentParser()
    verb.arguments(parser)
    options = parser.parse_args(["check"])
    options.lang = "zh"
    assert verb.run(options) == 0
    assert "项研究" in capsys.readouterr().out
    options = parser.parse_args(["add"])
    options.lang = "en"
    with pytest.raises(UserError, match="CSV"):
        verb.run(options)
