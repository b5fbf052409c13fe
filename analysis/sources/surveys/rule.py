"""One rule of a map: where a field of a wave comes from and how it is recoded."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rule:
    """Variables (lower case), the recoding's name, and what that recoding is told.

    ``codes`` gives each code's value, "" for a code that is known but gives no value;
    ``missing`` codes are missing in every variable of the rule, ``top`` codes are top codes.
    ``label`` words: one of them must stand in the variable's label, or the rule is refused;
    ``says``: words that the file's own value labels of these codes must hold.
    """

    recoding: str
    variables: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    codes: Mapping[float, float | str] = field(default_factory=dict)
    second_codes: Mapping[float, float | str] = field(default_factory=dict)
    wanted: tuple[float, ...] = ()
    value: str = ""
    missing: tuple[float, ...] = ()
    top: tuple[float, ...] = ()
    not_working: tuple[float, ...] = ()
    working: tuple[float, ...] = ()
    marker: float | None = None
    label: tuple[str, ...] = ()
    says: Mapping[float, str] = field(default_factory=dict)
    optional: bool = False
    evidence: str = ""
    within_province: bool = False
    except_variable: str = ""
    except_values: tuple[float, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the rule reads."""
        extra = (self.except_variable,) if self.except_variable else ()
        return tuple(dict.fromkeys((*self.variables, *self.second, *extra)))
