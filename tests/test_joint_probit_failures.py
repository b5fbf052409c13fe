"""What the joint probit estimators refuse."""

import numpy as np
import pytest
from test_joint_probit import fitted, simulated

from analysis.messages import UserError


def refused(frame, name, words, **more):
    with pytest.raises(UserError, match=words):
        fitted(frame, name, **more)


def test_what_cannot_be_fitted_is_refused(monkeypatch):
    monkeypatch.setenv("JIELI_LANG", "en")
    frame = simulated(600)
    frame["settles"] = ((frame["x"] > 0) & (frame["y"] == 0)) * 1.0
    frame["sold"] = ((frame["x"] > 0) & (frame["bought"] == 0)) * 1.0
    frame["sure"] = ((frame["x"] > 0) & (frame["d"] == 1)) * 1.0
    both = "bivariate_probit", "iv_probit"
    refused(frame, both[0], "settles predicts the outcome of", terms=("x", "settles"))
    refused(frame, both[1], "sold predicts the outcome of", terms=("x", "sold"))
    refused(frame, both[0], "d: sure predicts", instruments=("z", "sure"))
    refused(frame[(frame["y"] == 0) | (frame["d"] == 1)], both[0], "none with outcome 1, d 0")
    refused(frame.assign(d=frame["w"]), both[0], "of 0 and 1 .d is not")
    refused(frame, both[1], "two values: bivariate_probit", endogenous=("d",))
    refused(frame, both[1], "instruments = ", instruments=())
    refused(frame, both[1], "instruments = ", instruments=("2 * x",))
    refused(frame.head(7), both[1], "7 rows for")
    for name in both:
        holds = "d * x" if name == both[0] else "w ** 2"
        refused(frame, name, "holds it", terms=("x", holds))
        refused(frame, name, "one term", endogenous=("d", "w"))
        refused(frame, name, "outcome of 0 and 1", outcome="x")
        refused(frame, name, "no option alpha", options={"alpha": 1})
        refused(frame, name, "no weights", weights="w")
        refused(frame, name, "does not use absorb", absorb=("city",))
        refused(frame, name, "is for linear", vcov="HC3")
    v = np.random.default_rng(4).normal(size=600)  # the same error twice: rho = 1
    one = frame.assign(d=(frame["z"] + v > 0) * 1.0)
    one["y"] = (0.3 * one["x"] + 0.5 * one["d"] + v > 0) * 1.0
    refused(one, both[0], "rises to rho = 1")
