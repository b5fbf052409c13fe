"""What a dynamic panel equation asks for, in its options."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.effects.expressions import unknown
from analysis.effects.inference import bootstrap
from analysis.effects.linear_models.panel import codes_in, entities, flag, is_nested
from analysis.effects.refusals import needs, require_plain
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

OPTIONS = ("lags", "predetermined", "endogenous_terms", "max_lag", "collapse", "two_step",
           "transformation", "time_dummies")  # fmt: skip
TRANSFORMATIONS = ("difference", "orthogonal")


@dataclass(frozen=True)
class Asked:
    """An equation as asked for.

    Attributes
    ----------
    lags
        Number of lags of the outcome among the regressors.
    first_lag
        For each regressor that is not strictly exogenous, the first lag of it that is an
        instrument of the transformed equation: 1 if predetermined, 2 if endogenous.
    max_lag
        The last lag that is an instrument; None for all that the panel has.
    """

    equation: Equation
    lags: int
    first_lag: dict[str, int]
    max_lag: int | None
    collapse: bool
    two_step: bool
    orthogonal: bool
    time_dummies: bool
    system: bool


def asked_of(sample: Sample, equation: Equation, *, system: bool) -> Asked:
    """Return the equation as asked for.

    Raises
    ------
    UserError
        If an option is unknown or has no sense, there are weights, entity or time is absent, an
        entity has two rows in a period, or clusters are not the entities.
    """
    require_plain(equation, OPTIONS)
    _require_panel(sample, equation)
    _require_entities_as_clusters(sample, equation)
    transformation = equation.options.get("transformation", TRANSFORMATIONS[0])
    if transformation not in TRANSFORMATIONS:
        raise unknown("transformation", str(transformation), list(TRANSFORMATIONS))
    lags = _whole(equation, "lags", 1, least=1)
    return Asked(
        equation=equation,
        lags=1 if lags is None else lags,
        first_lag=_first_lags(sample, equation),
        max_lag=_whole(equation, "max_lag", None, least=2),
        collapse=flag(equation, "collapse"),
        two_step=equation.options.get("two_step", True) is True or flag(equation, "two_step"),
        orthogonal=transformation == "orthogonal",
        time_dummies=flag(equation, "time_dummies"),
        system=system,
    )


def _whole(equation: Equation, name: str, absent: int | None, least: int) -> int | None:
    value = equation.options.get(name, absent)
    if value is not None and not (type(value) is int and value >= least):
        english = f"options.{name} a whole number, at least {least}"
        raise needs(equation, english, f"options.{name} 为不小于 {least} 的整数")
    return value


def _first_lags(sample: Sample, equation: Equation) -> dict[str, int]:
    predetermined = _terms(sample, equation, "predetermined")
    endogenous = _terms(sample, equation, "endogenous_terms")
    both = set(predetermined) & set(endogenous)
    if both:
        english = f"{min(both)} either in predetermined or in endogenous_terms"
        raise needs(equation, english, f"{min(both)} 只能属于前定或内生变量之一")
    return dict.fromkeys(predetermined, 1) | dict.fromkeys(endogenous, 2)


def _terms(sample: Sample, equation: Equation, option: str) -> Sequence[str]:
    """Return the columns of an option's terms, each one of treatments and controls."""
    value = equation.options.get(option, [])
    known = list(sample.regressors)
    found: list[str] = []
    for term in value if isinstance(value, list) else [value]:
        columns = [name for name in known if name == term or name.startswith(f"{term}=")]
        if not columns:
            raise unknown(f"{option} term (a treatment or control)", str(term), known)
        found += columns
    return list(dict.fromkeys(found))


def _require_panel(sample: Sample, equation: Equation) -> None:
    codes = entities(sample, equation)
    if sample.time is None:
        raise needs(equation, "time in the study file", "在研究文件中给出 time")
    twice = sample.time.to_frame("time").assign(entity=codes).duplicated().any()
    if twice:
        english = f"one row for each {sample.entity.name} and {sample.time.name}"  # type: ignore[union-attr]
        raise needs(equation, english, "每个个体每期只有一行")


def _require_entities_as_clusters(sample: Sample, equation: Equation) -> None:
    """Refuse clusters other than entities, which the weights and errors are built on."""
    if sample.clusters.shape[1] == 0 or equation.vcov == bootstrap.NAME:
        return
    own = codes_in(sample.entity)
    named = [codes_in(sample.clusters[name]) for name in sample.clusters]
    if len(named) > 1 or not (is_nested(own, named[0]) and is_nested(named[0], own)):
        english = "no cluster but the entity: its weights and errors are clustered by entity"
        raise needs(equation, english, "除个体外不另设聚类：其权重与标准误按个体聚类")
