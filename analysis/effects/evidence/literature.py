"""Published effects of unions in China: which signs, which sizes, and whether they can be pooled.

An effect is entered as printed. Pooling waits for standard errors: a mean of effects without
them would weigh a small survey like a census.
"""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from analysis.effects.evidence.small_study import SmallStudy, funnel, pet_peese
from analysis.messages import Text

MIN_ESTIMATES, MIN_DATA_SETS = 10, 5
MAP_COLUMNS = ["study", "outcome", "sign", "estimator", "status", "study_en", "study_zh"]
POINT_COLUMNS = [
    "study", "effect_id", "outcome", "unit", "contrast", "treatment", "estimator", "population",
    "log_points", "std_error", "dataset_id", "preferred", "status", "study_en", "study_zh",
]  # fmt: skip
COMPARED = ["outcome", "unit", "contrast"]
MIXED = "mixed"
TOO_FEW = Text(
    "Not pooled: {n} estimates with a standard error, from {sets} data sets; it takes "
    f"{MIN_ESTIMATES} from {MIN_DATA_SETS}.",
    "未合并：有标准误的估计值 {n} 个，来自 {sets} 个数据集；"
    f"至少需要 {MIN_DATA_SETS} 个数据集的 {MIN_ESTIMATES} 个。",
)
POOLED = Text(
    "Pooled: {n} estimates from {sets} data sets.", "已合并：{sets} 个数据集的 {n} 个估计值。"
)


# --- names ------------------------------------------------------------------------------------


def short_citation(study: str, citation: str, language: str) -> Text:
    """Return a study's label: from its key in English, from a Chinese citation in Chinese."""
    english = _label_of_key(study)
    if language != "zh":
        return Text(english, english)
    authors, opened, rest = citation.partition(" (")
    if opened and rest[:4].isdigit():
        return Text(english, f"{authors} {rest[:4]}")
    return Text(english, f"{citation.split(' ')[0]}，无年份")


def _label_of_key(study: str) -> str:
    parts = study.split("_")
    year = [part for part in parts if part[:4].isdigit()]
    names = [part.capitalize() for part in parts if part not in (*year, "et", "al")]
    if "al" in parts:
        authors = f"{names[0]} et al."
    else:
        authors = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return " ".join([authors, *(year or ["n.d."])])


def _with_names(effects: pd.DataFrame) -> pd.DataFrame:
    """Add study, study_en, study_zh, and put the studies in order of year, undated ones last."""
    names = [
        short_citation(row.study_id, row.citation, row.language) for row in effects.itertuples()
    ]
    named = effects.assign(
        study=effects["study_id"],
        study_en=[name.en for name in names],
        study_zh=[name.zh for name in names],
    )
    return named.sort_values(["year", "study"], kind="stable", na_position="last")


# --- signs and sizes --------------------------------------------------------------------------


def evidence_map(effects: pd.DataFrame) -> pd.DataFrame:
    """Return one row a study and outcome (columns ``MAP_COLUMNS``), studies by year.

    A study's preferred effects speak for it, or all where none is preferred. ``sign`` is +, 0, -,
    mixed where they differ, or empty where none is stated. ``status`` is the weaker of theirs.
    """
    rows = [
        {"study": study, "outcome": outcome, **_summary(group)}
        for (study, outcome), group in _with_names(effects).groupby(
            ["study", "outcome"], sort=False
        )
    ]
    return pd.DataFrame(rows, columns=MAP_COLUMNS)


def _summary(group: pd.DataFrame) -> dict[str, object]:
    speaking = group[group["preferred"].astype(bool)] if group["preferred"].any() else group
    signs = sorted(set(speaking["sign"].dropna().map(_as_sign)))
    statuses = set(speaking["status"])
    return {
        "sign": MIXED if len(signs) > 1 else "".join(signs),
        "estimator": "; ".join(dict.fromkeys(speaking["estimator"].dropna())),
        "status": "abstract_only" if "abstract_only" in statuses else "table_read",
        "study_en": speaking["study_en"].iloc[0],
        "study_zh": speaking["study_zh"].iloc[0],
    }


def _as_sign(value: object) -> str:
    # a column of zeros only comes back from a CSV file as numbers
    return value if isinstance(value, str) else "0"


def effect_points(effects: pd.DataFrame) -> pd.DataFrame:
    """Return printed effects in log points (columns ``POINT_COLUMNS``), by contrast and unit.

    Percent effects x become ln(1 + x); their standard errors s become s / (1 + x) (delta method).
    Effects on any other scale cannot be put beside them and are left out.

    Raises
    ------
    ValueError
        If a percent effect is -100 % or less.
    """
    scales = effects["outcome_scale"].isin(["percent", "log_points"])
    printed = _with_names(effects[scales & effects["estimate"].notna()])
    fraction = printed["estimate"].where(printed["outcome_scale"] == "percent")
    if (fraction <= -1.0).any():
        raise ValueError("a percent effect of -100 % or less has no logarithm")
    points = printed.assign(
        log_points=np.log1p(fraction).fillna(printed["estimate"]),
        std_error=printed["std_error"].astype(float) / (1.0 + fraction.fillna(0.0)),
    )
    order = ["contrast", "unit", "year", "study", "effect_id"]
    return points.sort_values(order, kind="stable", ignore_index=True)[POINT_COLUMNS]


# --- pooling ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pooled:
    """A random-effects mean in log points; ``std_error_clustered`` counts data sets, not rows."""

    estimate: float
    std_error: float
    std_error_clustered: float
    ci_low: float
    ci_high: float
    tau_squared: float
    i_squared_percent: float


POOL_COLUMNS = [
    *COMPARED, "pooled", "n_printed", "n_estimates", "n_data_sets", *Pooled.__annotations__,
    *SmallStudy.__annotations__,
    "sentence_en", "sentence_zh",
]  # fmt: skip


def pool(effects: pd.DataFrame) -> pd.DataFrame:
    """Return one row an outcome, unit and contrast: the pooled effect, or why there is none.

    Only preferred effects in log points with a standard error and a known data set count; other
    specifications of a study are no further evidence. Below ``MIN_ESTIMATES`` of them or
    ``MIN_DATA_SETS`` the row holds the counts and a sentence, and no estimate.
    """
    points = effect_points(effects)
    groups = points[points["preferred"].astype(bool)].groupby(COMPARED, dropna=False, sort=True)
    rows = [
        dict(zip(COMPARED, key, strict=True)) | _pooled_or_refused(group) for key, group in groups
    ]
    return pd.DataFrame(rows or [_refusal(0, 0, 0)], columns=POOL_COLUMNS)


def _pooled_or_refused(group: pd.DataFrame) -> dict[str, object]:
    usable = group[(group["std_error"] > 0.0) & group["dataset_id"].notna()]
    n, sets = len(usable), usable["dataset_id"].nunique()
    if n < MIN_ESTIMATES or sets < MIN_DATA_SETS:
        return _refusal(len(group), n, sets)
    effects, errors = (usable[name].to_numpy(float) for name in ("log_points", "std_error"))
    data_sets = usable["dataset_id"].to_numpy()
    pooled = random_effects(effects, errors**2, data_sets)
    # without spread in the errors there is no funnel to look along
    small = pet_peese(effects, errors, data_sets) if np.ptp(errors) > 0.0 else None
    counts = _counts(POOLED, len(group), n, sets)
    return {"pooled": True, **counts, **asdict(pooled), **(asdict(small) if small else {})}


def funnels(effects: pd.DataFrame) -> pd.DataFrame:
    """Return the funnel of every group that can be pooled; no row where none can.

    Columns: outcome, unit, contrast, effect, std_error, low, high (log points; the limits are
    those of sampling alone around the pooled mean).
    """
    pooled = pool(effects)
    points = effect_points(effects)
    parts = []
    for row in pooled[pooled["pooled"].astype(bool)].to_dict("records"):
        same = [
            points[key].fillna("") == ("" if pd.isna(row[key]) else row[key]) for key in COMPARED
        ]
        mine = points[np.logical_and.reduce(same) & points["std_error"].gt(0.0)]
        effect, error = (mine[name].to_numpy(float) for name in ("log_points", "std_error"))
        keys = {key: row[key] for key in COMPARED}
        parts.append(funnel(effect, error, row["estimate"]).assign(**keys))
    columns = [*COMPARED, "effect", "std_error", "low", "high"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _refusal(printed: int, n: int, sets: int) -> dict[str, object]:
    return {"pooled": False, **_counts(TOO_FEW, printed, n, sets)}


def _counts(words: Text, printed: int, n: int, sets: int) -> dict[str, object]:
    return {
        "n_printed": printed,
        "n_estimates": n,
        "n_data_sets": sets,
        "sentence_en": words.en.format(n=n, sets=sets),
        "sentence_zh": words.zh.format(n=n, sets=sets),
    }


def random_effects(effects: np.ndarray, variances: np.ndarray, clusters: np.ndarray) -> Pooled:
    """Return DerSimonian and Laird's (1986) mean of k effects, their variances, their clusters.

    The interval uses the cluster-robust error with the factor G / (G - 1) and t with G - 1
    degrees of freedom, G data sets, as estimates from one data set are not independent.
    """
    from scipy.stats import t

    tau_squared, q = _between_variance(effects, variances)
    weights = 1.0 / (variances + tau_squared)
    mean = float(weights @ effects / weights.sum())
    names, members = np.unique(clusters, return_inverse=True)
    g = len(names)
    scores = np.bincount(members, weights * (effects - mean), minlength=g)
    clustered = float(np.sqrt(g / (g - 1.0) * scores @ scores) / weights.sum())
    reach = float(t.ppf(0.975, g - 1)) * clustered
    i_squared = 100.0 * max(0.0, 1.0 - (len(effects) - 1) / q) if q > 0.0 else 0.0
    return Pooled(mean, float(weights.sum() ** -0.5), clustered, mean - reach, mean + reach,
                  tau_squared, i_squared)  # fmt: skip


def _between_variance(effects: np.ndarray, variances: np.ndarray) -> tuple[float, float]:
    """Return the moment estimate of the variance between effects, and Cochran's Q."""
    weights = 1.0 / variances
    total = weights.sum()
    q = float(weights @ (effects - weights @ effects / total) ** 2)
    spare = total - (weights @ weights) / total
    return max(0.0, (q - len(effects) + 1) / float(spare)), q
