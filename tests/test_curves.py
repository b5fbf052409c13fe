"""Specification curves drawn: rows of the contract, the null's band, a dashboard at any number."""

import numpy as np
import pandas as pd
import pytest

from analysis.exhibits.curves import MOST_COLUMNS, curve_rows, draw_curve
from analysis.exhibits.style import look


def contract(count, band=True):
    estimate = np.linspace(-0.1, 0.3, count)
    each = pd.DataFrame({
        "component": [f"spec={j}; controls={'a' if j % 2 else 'a+b'}" for j in range(count)],
        "estimate": estimate, "ci_low": estimate - 0.1, "ci_high": estimate + 0.1, "p_value": 0.2,
    })  # fmt: skip
    edges = [{"component": f"{name}={share}", "estimate": value + share}
             for name, value in (("null_low", -1.0), ("null_high", 1.0)) for share in (0, 0.5, 1)]  # fmt: skip
    return pd.concat([each[::-1], pd.DataFrame(edges if band else [])], ignore_index=True)


def test_rows_stand_in_order_with_the_band_at_their_place():
    rows = curve_rows(contract(5))
    assert list(rows["place"]) == [1, 2, 3, 4, 5]
    assert rows["estimate"].is_monotonic_increasing
    np.testing.assert_allclose(rows["null_low"], [-1.0, -0.75, -0.5, -0.25, 0.0])
    np.testing.assert_allclose(rows["null_high"] - rows["null_low"], 2.0)
    assert curve_rows(contract(5, band=False))["null_low"].isna().all()


@pytest.mark.parametrize("count", [9, 4096])
@pytest.mark.parametrize("band", [True, False])
def test_the_dashboard_is_one_image_of_shares(count, band):
    import matplotlib.pyplot as plt

    with look("en"):
        figure = draw_curve(curve_rows(contract(count, band)), {"a": "A", "b": "B"}, "effect", "en")
        curve, board = figure.axes
        shares = board.images[0].get_array()
        assert shares.shape == (2, min(count, MOST_COLUMNS))
        assert (shares[0] == 1.0).all()
        assert shares[1].mean() == pytest.approx((count + 1) // 2 / count)
        assert len(curve.collections) == 1 + band
        plt.close(figure)
