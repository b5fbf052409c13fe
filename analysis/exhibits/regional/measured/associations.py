"""What the provinces' panel says of density, disputes and wages; or why it says nothing."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About, Column
from analysis.exhibits.regional.words import ACCESS, ASSOCIATION, RECOUNTED, STATUS, sentences
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text("Union density with disputes and wages, provinces by year",
               "分省面板：工会密度与争议、工资"),
    note=sentences(
        ASSOCIATION, ACCESS, RECOUNTED,
        Text("Coefficients of density (members over employment, a share) in log points; event "
             "studies: mean effect of adoption on the adopters, and the test that they did not "
             "differ before. Every level equation with province and year effects; errors clustered "
             "by province, wild: restricted wild cluster bootstrap. Dynamic: difference GMM of "
             "deviations from year means, the outcome's lag beside density. Adoption is no "
             "experiment: provinces chose when. Wages are nominal.",
             "系数为密度（会员占就业人数的比重）每变动1对应的对数点；"
             "事件研究为采用省份的平均效应，并检验采用之前有无差异。"
             "水平方程均含省份与年份效应，标准误按省聚类；野自助法为受限版本。"
             "动态模型为对年均值离差的差分 GMM，含因变量滞后。"
             "采用时间由各省自选，并非实验。工资为名义值。"),
        Text("With some 30 provinces and many years before adoption that test rejects too often.",
             "省份仅约30个而采用前年份较多时，该检验过于容易拒绝。"),
        STATUS,
    ),
    inputs={"estimates": "regional_estimates.csv", "coverage": "regional_coverage.csv"},
    data_kind="regional",
)  # fmt: skip
FAMILIES = {
    "fe": Text("two-way fixed effects", "双向固定效应"),
    "fe_wild": Text("the same, wild bootstrap", "同上，野自助法"),
    "fe_gdp": Text("the same, with GDP per head", "同上，加人均生产总值"),
    "cre": Text("correlated random effects", "相关随机效应"),
    "dynamic": Text("dynamic panel (GMM)", "动态面板（GMM）"),
    "callaway_santanna": Text("event study (Callaway-Sant'Anna)",
                              "事件研究（Callaway-Sant'Anna）"),
    "sun_abraham": Text("event study (Sun-Abraham)", "事件研究（Sun-Abraham）"),
}  # fmt: skip
OUTCOMES = {
    "ln_dispute_rate": Text("ln disputes per 10,000 employed", "每万名就业人员争议数（对数）"),
    "ln_wage": Text("ln average wage", "平均工资（对数）"),
}
SAMPLES = {
    "all": Text("all years", "全部年份"),
    "no_recount": Text("without 1999-2003", "不含1999-2003年"),
}
TERMS = {
    "density": Text("density", "密度"),
    "mean(density)": Text("mean density", "密度均值"),
    "ln_gdp_per_head": Text("ln GDP per head", "人均生产总值（对数）"),
    "lag": Text("outcome, year before", "因变量滞后一年"),
    "wage_deposit": Text("adoption: wage deposit", "采用：工资保证金"),
    "fee_collection": Text("adoption: fee collected by the tax office", "采用：经费税务代收"),
    "pre_trends": Text("test of the years before", "采用前检验"),
}
COLUMNS = (
    Column("outcome", Text("Outcome", "因变量"), words=OUTCOMES),
    Column("family", Text("Estimator", "方法"), words=FAMILIES),
    Column("sample", Text("Years", "样本"), words=SAMPLES),
    Column("term", Text("Term", "项"), words=TERMS),
    Column("estimate", Text("Estimate", "估计值"), 3),
    Column("std_error", Text("Std. error", "标准误"), 3),
    Column("p_value", Text("p", "p值"), 3),
    Column("ci_low", Text("95 % from", "95%下限"), 3),
    Column("ci_high", Text("to", "上限"), 3),
    Column("n_obs", Text("N", "样本量"), 0),
    Column("regions", Text("Provinces", "省份数"), 0),
    Column("reason_en", Text("Why not", "未估计原因"), key_zh="reason_zh"),
)
EVENTS = ("callaway_santanna", "sun_abraham")
WANTING = Text("no regression is covered by the data", "数据不足以支持任何回归")


def rows(estimates: "pd.DataFrame", coverage: "pd.DataFrame") -> "pd.DataFrame":
    """Return the rows of every planned equation: its estimates, or the reason for none."""
    planned = coverage[coverage["kind"] == "regression"]
    shown = [_shown(estimates[estimates["equation"] == row.exhibit], row._asdict())
             for row in planned.itertuples(index=False)]  # fmt: skip
    import pandas as pd

    keys = [key for column in COLUMNS for key in dict.fromkeys((column.key, column.key_zh)) if key]
    return pd.DataFrame([row for group in shown for row in group], columns=keys)


def wanting(rows: "pd.DataFrame") -> Text | None:
    """Return a sentence where every equation lacks data, None where one is estimated."""
    return None if rows["estimate"].notna().any() else WANTING


def _shown(found: "pd.DataFrame", planned: dict) -> list[dict[str, object]]:
    keys = ("outcome", "family", "sample", "regions", "reason_en", "reason_zh")
    common = {key: planned[key] for key in keys}
    if found.empty:
        return [{**common, "term": _adoption(planned["exhibit"]) or "density"}]
    numbers = ("estimate", "std_error", "p_value", "ci_low", "ci_high", "n_obs")
    return [
        {**common, "term": term, **{name: row[name] for name in numbers}}
        for row in found.to_dict("records")
        if (term := _term(row, planned))
    ]


def _term(row: dict, planned: dict) -> str:
    """Return the name under which an estimate is shown, empty if it is not."""
    component = "" if row["component"] != row["component"] else str(row["component"])
    if planned["family"] in EVENTS:
        if component == "pre_trends:event":
            return "pre_trends"
        return _adoption(planned["exhibit"]) if component == "simple" else ""
    if str(row["term"]).startswith("lag("):
        return "lag"
    return str(row["term"]) if row["term"] in TERMS and not component else ""


def _adoption(equation: str) -> str:
    return next((name for name in ("wage_deposit", "fee_collection") if name in equation), "")
