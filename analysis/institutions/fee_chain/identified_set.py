"""What one year's collection says of base ratio, exemption and quota slack: their product only.

C = levy * s * b * (1 - e) * q * payroll gives b * (1 - e) * q = C / due = P. Each factor lies in
(0, 1], so the identified set is the surface b * (1 - e) * q = P within the unit cube. Its
projections: b, 1 - e and q each range over [P, 1]. Source: M2 of the article's section 3.2.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

QUOTAS = (1.0, 0.8, 0.6, 0.4)
POINTS = 61


def bounds(product: float) -> dict[str, tuple[float, float]]:
    """Return what each unknown can be when nothing is known of the others.

    Raises
    ------
    ValueError
        If the product is not in (0, 1]: more was collected than is due.
    """
    if not 0.0 < product <= 1.0:
        raise ValueError(f"product {product} is not in (0, 1]")
    return {
        "base_ratio": (product, 1.0),
        "exempt_share": (0.0, 1.0 - product),
        "quota": (product, 1.0),
    }


def contour(product: float, quota: float, points: int = POINTS) -> pd.DataFrame:
    """Return base_ratio and exempt_share along the curve b * (1 - e) = P / q; empty if P > q."""
    target = product / quota
    if target > 1.0:
        return pd.DataFrame({"base_ratio": [], "exempt_share": []}, dtype=float)
    ratio = np.linspace(target, 1.0, points)
    return pd.DataFrame({"base_ratio": ratio, "exempt_share": 1.0 - target / ratio})


def identified_set(
    product: float, low: float, high: float, quotas: Sequence[float] = QUOTAS
) -> pd.DataFrame:
    """Return the curves: at the face value for each quota, and the frontier at both ends.

    Columns: curve (value, low, high), quota, product, base_ratio, exempt_share. ``low``
    and ``high`` are P at the ends that rounding allows; an end above 1 allows no curve.
    """
    asked = [("value", product, quota) for quota in quotas]
    asked += [("low", low, 1.0), ("high", high, 1.0)]
    parts = [
        contour(value, quota).assign(curve=curve, quota=quota, product=value)
        for curve, value, quota in asked
    ]
    columns = ["curve", "quota", "product", "base_ratio", "exempt_share"]
    return pd.concat(parts, ignore_index=True)[columns]
