"""Whether regional data cover what a planned regression needs, and what is wanting if not."""

from dataclasses import dataclass

import pandas as pd

from analysis.effects.expressions import Scope, evaluate
from analysis.effects.regional.plan import ADOPTERS, COHORTS, COMPARED, Planned
from analysis.messages import Text

LABELS = {
    "ln_dispute_rate": Text("disputes accepted and employment", "受理争议数与就业人数"),
    "ln_wage": Text("average wage", "平均工资"),
    "density": Text("union members and employment", "工会会员与就业人数"),
    "ln_gdp_per_head": Text("GDP and population", "生产总值与人口"),
    "wage_deposit_year": Text("adoption years of the wage deposit", "工资保证金起始年"),
    "fee_collection_year": Text("years since which the tax office collects the union fee",
                                "工会经费税务代收起始年"),
}  # fmt: skip
NO_FIGURES = Text("no figures: {what}", "缺少数据：{what}")
NO_OVERLAP = Text("no province and year has all of: {what}", "没有任何省份年份同时具备：{what}")
FEW_REGIONS = Text("needs {least} provinces with two or more years of all figures; there are {n}",
                   "需要 {least} 个省份各有两年以上的完整数据；现有 {n} 个")  # fmt: skip
FEW_YEARS = Text("needs {least} years with two or more provinces; there are {n}",
                 "需要 {least} 个年份各有两个以上省份；现有 {n} 个")  # fmt: skip
FEW_ADOPTERS = Text("needs {least} provinces that adopt after their first year; there are {n}",
                    "需要 {least} 个在首个数据年之后采用的省份；现有 {n} 个")  # fmt: skip
FEW_COHORTS = Text("needs {least} different adoption years; there are {n}",
                   "需要 {least} 个不同的采用年份；现有 {n} 个")  # fmt: skip
NOBODY_TO_COMPARE = Text(
    "needs {least} provinces that never or later adopt when the first ones do; there are {n}",
    "首批采用时，需要 {least} 个从未或更晚采用的省份；现有 {n} 个",
)


@dataclass(frozen=True)
class Coverage:
    """Rows, provinces and years that an equation would use; ``reason`` empty when they suffice."""

    rows: int
    regions: int
    years: int
    reason: Text


def coverage_of(planned: Planned, panel: pd.DataFrame) -> Coverage:
    """Return what a planned equation finds in the panel (columns of ``panel.COLUMNS``)."""
    names = [*planned.columns, *([planned.dates] if planned.dates else [])]
    absent = [name for name in names if not panel[name].notna().any()]
    if absent:
        return Coverage(0, 0, 0, _filled(NO_FIGURES, what=_listed(absent)))
    rows = panel.dropna(subset=names)
    if planned.equation.where:
        scope = Scope(rows.reset_index(drop=True))
        rows = rows[evaluate(planned.equation.where, scope).to_numpy(bool)]
    if rows.empty:
        return Coverage(0, 0, 0, _filled(NO_OVERLAP, what=_listed(names)))
    seen, together = rows["code"].value_counts(), rows["year"].value_counts()
    regions, years = int((seen > 1).sum()), int((together > 1).sum())
    reason = _wanting(planned, regions, years) or _events_wanting(planned, rows)
    return Coverage(len(rows), regions, years, reason or Text("", ""))


def _wanting(planned: Planned, regions: int, years: int) -> Text | None:
    if regions < planned.regions:
        return _filled(FEW_REGIONS, least=planned.regions, n=regions)
    if years < planned.years:
        return _filled(FEW_YEARS, least=planned.years, n=years)
    return None


def _events_wanting(planned: Planned, rows: pd.DataFrame) -> Text | None:
    """Say what an event study lacks: adopters seen before, different dates, others to compare."""
    if not planned.dates:
        return None
    places = rows.groupby("code").agg(date=(planned.dates, "first"), start=("year", "min"))
    last = rows["year"].max()
    adopt = places[(places["date"] > places["start"]) & (places["date"] <= last)]
    if len(adopt) < ADOPTERS:
        return _filled(FEW_ADOPTERS, least=ADOPTERS, n=len(adopt))
    cohorts = adopt["date"].nunique()
    if cohorts < COHORTS:
        return _filled(FEW_COHORTS, least=COHORTS, n=cohorts)
    others = int(((places["date"] > adopt["date"].min()) | (places["date"] == 0.0)).sum())
    if others < COMPARED:
        return _filled(NOBODY_TO_COMPARE, least=COMPARED, n=others)
    return None


def _listed(names: list[str]) -> Text:
    texts = [LABELS[name] for name in names]
    return Text("; ".join(text.en for text in texts), "；".join(text.zh for text in texts))


def _filled(text: Text, **fields: object) -> Text:
    spoken = [
        {name: f.in_language(language) if isinstance(f, Text) else f for name, f in fields.items()}
        for language in ("en", "zh")
    ]
    return Text(text.en.format(**spoken[0]), text.zh.format(**spoken[1]))
