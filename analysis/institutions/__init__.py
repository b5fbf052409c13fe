"""The article's mechanisms: the arithmetic of the union fee."""

from analysis.institutions.union_fee import (
    due_upward,
    fee_due,
    handling_fee_cap,
    part_of,
    payroll_behind,
    percent_of,
    remaining,
    total_of,
    whole_of,
)

__all__ = [
    "due_upward",
    "fee_due",
    "handling_fee_cap",
    "part_of",
    "payroll_behind",
    "percent_of",
    "remaining",
    "total_of",
    "whole_of",
]
