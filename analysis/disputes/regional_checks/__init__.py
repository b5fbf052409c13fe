"""What speaks against a region's figures before they are added: errors stop it, warnings stay."""

from analysis.disputes.regional_checks.case import Case, Finding, case_of
from analysis.disputes.regional_checks.checking import check

__all__ = ["Case", "Finding", "case_of", "check"]
