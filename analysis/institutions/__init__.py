"""The article's mechanisms: the arithmetic of the union fee."""

from analysis.institutions.union_fee import (
    fee_due,
    handling_fee_cap,
    part_of,
    payroll_behind,
    whole_of,
)

__all__ = ["fee_due", "handling_fee_cap", "part_of", "payroll_behind", "whole_of"]
