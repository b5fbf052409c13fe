"""Dynamic panels with fewer entities than coefficients: refused with the reason, never a crash."""

import numpy as np
import pytest
from test_arellano_bond import dynamic, panel

from analysis.messages import UserError

NINE_PERIODS = {"entities": 6, "periods": 9}


@pytest.mark.parametrize("estimator", ["arellano_bond", "system_gmm"])
@pytest.mark.parametrize("two_step", [True, False])
def test_time_dummies_of_more_periods_than_entities_are_refused(monkeypatch, estimator, two_step):
    monkeypatch.setenv("JIELI_LANG", "en")
    asked = {"estimator": estimator, "time_dummies": True, "two_step": two_step}
    with pytest.raises(UserError, match="6 entities give the second step's weights a rank of 6"):
        dynamic(panel(**NINE_PERIODS), **asked)
    monkeypatch.setenv("JIELI_LANG", "zh")
    with pytest.raises(UserError, match="6 个个体使第二步权重矩阵的秩至多为 6"):
        dynamic(panel(**NINE_PERIODS), **asked)


def test_as_many_entities_as_needed_are_enough():
    rows, _ = dynamic(panel(entities=14, periods=9), time_dummies=True)
    assert np.isfinite(rows["estimate"]).all() and len(rows) == 10
