"""Learners and folds of double machine learning, the same for the same seed on any machine."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
LASSO, FOREST, BOOSTING, LINEAR = "lasso", "random_forest", "gradient_boosting", "linear"
LEARNERS = (LASSO, FOREST, BOOSTING, LINEAR)


def learner_of(name: str, seed: int) -> Any:
    """Return a regression learner of scikit-learn that runs in one thread.

    lasso: columns standardised, penalty by five-fold cross-validation; random_forest: 200 trees, 5
    rows in a leaf; gradient_boosting: histogram trees, 100 rounds of rate 0.1, 15 leaves.
    """
    from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
    from sklearn.linear_model import LassoCV, LinearRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if name == LASSO:
        return make_pipeline(StandardScaler(), LassoCV(cv=5, random_state=seed, n_jobs=1))
    if name == FOREST:
        return RandomForestRegressor(
            n_estimators=200, min_samples_leaf=5, random_state=seed, n_jobs=1
        )
    if name == BOOSTING:
        return HistGradientBoostingRegressor(
            max_iter=100, learning_rate=0.1, max_leaf_nodes=15, random_state=seed
        )
    return LinearRegression(n_jobs=1)


def folds_of(units: Codes, folds: int, generator: np.random.Generator) -> list[tuple[Codes, Codes]]:
    """Return (training rows, test rows) of each fold; a unit's rows are never in both.

    ``units`` (n,): codes of clusters, or of rows.
    """
    count = int(units.max()) + 1
    fold = np.empty(count, dtype=np.int64)
    fold[generator.permutation(count)] = np.arange(count) % folds
    of_row = fold[units]
    return [(np.flatnonzero(of_row != k), np.flatnonzero(of_row == k)) for k in range(folds)]
