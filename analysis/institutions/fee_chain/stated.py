"""A number as somebody wrote it, with the values that its rounding allows.

A number that ends in zeros is taken as rounded to its last digit that is not zero: 2,600 stands for
2,550 to 2,650 and 60,000 for 55,000 to 65,000. A number without such zeros is taken as it is.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from analysis.institutions.union_fee import remaining

TEN_THOUSAND = 10_000
_MARKS = str.maketrans({",": None, "，": None, "_": None, " ": None})


@dataclass(frozen=True)
class Stated:
    """A value and the ends of the range that its rounding allows."""

    value: float
    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        """Tell whether the value is taken without rounding."""
        return self.low == self.high


def exactly(value: float) -> Stated:
    """Return a value without a range."""
    return Stated(value, value, value)


def plus(*parts: Stated) -> Stated:
    """Return the sum with the range that all the roundings allow."""
    return Stated(
        sum(part.value for part in parts),
        sum(part.low for part in parts),
        sum(part.high for part in parts),
    )


def minus(whole: Stated, *parts: Stated) -> Stated:
    """Return what is left of the whole, with the range that all the roundings allow."""
    return Stated(
        remaining(whole.value, *(part.value for part in parts)),
        remaining(whole.low, *(part.high for part in parts)),
        remaining(whole.high, *(part.low for part in parts)),
    )


def as_stated(written: object, exact: bool = False) -> Stated:
    """Return what was written (2600, "2,600", "6万") with the range that its zeros allow.

    Raises
    ------
    ValueError
        If it is no finite number.
    """
    number, factor = _number(written), Decimal(1)
    if str(written).strip().endswith("万"):
        factor = Decimal(TEN_THOUSAND)
    half = Decimal(0) if exact else _half_a_digit(number, factor)
    value = number * factor
    return Stated(float(value), float(value - half), float(value + half))


def _number(written: object) -> Decimal:
    text = str(written).strip().removesuffix("万").translate(_MARKS)
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"no number: {written}") from error
    if isinstance(written, bool) or not number.is_finite() or abs(number) > Decimal("1e15"):
        raise ValueError(f"no number: {written}")
    return number


def _half_a_digit(number: Decimal, factor: Decimal) -> Decimal:
    """Return half a unit of the last digit that counts; 0 where no zeros follow it.

    A number in 万 says its precision: 6万 stands for 5.5 to 6.5, 6.0万 for 5.95 to 6.05.
    """
    exponent = _exponent(number)
    if exponent >= 0:
        exponent = _exponent(number.normalize())
    if number == 0 or (exponent <= 0 and factor == 1):
        return Decimal(0)
    return Decimal(5).scaleb(exponent - 1) * factor


def _exponent(number: Decimal) -> int:
    return int(number.as_tuple().exponent)
