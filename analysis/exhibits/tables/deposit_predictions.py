"""The wage-guarantee deposit: derived signs, the assumption of each, what the article omits."""

from typing import TYPE_CHECKING

from analysis.exhibits.about import About, Column
from analysis.messages import Text

if TYPE_CHECKING:
    import pandas as pd

ABOUT = About(
    title=Text(
        "Wage-guarantee deposit: what its rules imply, and what each implication rests on",
        "工资保证金：制度规则的推论及其所依假设",
    ),
    note=Text(
        "A model, not data. Signs are computed at every point of a grid of assumptions; + or - "
        "where none goes the other way, mixed otherwise. Each sign is computed again with the "
        "assumption dropped. The article gives none of the parameters in the last column, so sizes "
        "say nothing. The last prediction restates a rule of the scheme.",
        "模型而非数据。符号在假设网格的各点上计算：无反向者记 + 或 -，否则记不定；再在放弃该假设后"
        "重算。末列所示参数文中均未给出，故大小没有意义。最后一项推论即制度规则本身。",
    ),
    inputs={"predictions": "deposit_predictions.csv"},
)
PREDICTIONS = {
    "residual_more_than_incidence": Text(
        "adoption lowers what is left owed by more than how often wages go unpaid",
        "实施后，未清偿额的降幅大于欠薪发生率的降幅",
    ),
    "cover_gap": Text(
        "firms with the cleanest record bear more than their share of what a late shock leaves "
        "owed",
        "记录最好的企业在后期冲击的未清偿额中所占份额高于其企业份额",
    ),
    "deposit_and_incidence": Text(
        "a higher deposit changes how often wages go unpaid",
        "提高保证金改变欠薪发生率",
    ),
    "owner_guarantee_and_incidence": Text(
        "a guarantee on the owner's payment changes how often wages go unpaid",
        "对建设单位付款的担保改变欠薪发生率",
    ),
    "many_projects_take_guarantors": Text(
        "firms with many permits take guarantors more often",
        "许可多的企业更多采用担保",
    ),
    "outside_firms_expelled_more": Text(
        "firms from outside are expelled more at equal arrears",
        "欠薪相同时外地企业更多被清退",
    ),
}
ASSUMPTIONS = {
    "deposit_pays_workers": Text("workers are paid from it", "保证金用于支付工人"),
    "half_of_arrears_for_want_of_cash": Text(
        "at least half of the firms default for want of cash", "至少半数企业因缺乏资金而欠薪"
    ),
    "discount_for_clean_years": Text(
        "the deposit falls with clean years", "保证金随无欠薪年数递减"
    ),
    "record_says_nothing_of_the_shock": Text(
        "a clean record does not foretell a smaller shock", "良好记录并不预示较小的冲击"
    ),
    "arrears_start_with_the_owner": Text(
        "arrears start with the owner's shortfall", "欠薪源于建设单位付款不足"
    ),
    "a_guarantor_stands_in": Text(
        "a guarantor stands in, so no cash is locked", "由担保替代，不占用资金"
    ),
    "locked_cash_costs_more_at_the_margin": Text(
        "locked cash costs more at the margin", "占用资金的边际成本递增"
    ),
    "one_deposit_a_permit": Text("one deposit a permit", "一证一保证"),
    "only_outside_firms_are_expelled": Text(
        "only firms from outside are expelled", "只清退外地企业"
    ),
}
NOT_GIVEN = {
    "rate arrears stakes": Text(
        "deposit rate; arrears; what a lower rating costs", "保证金比例；欠薪额；降级的代价"
    ),
    "rate phi honour": Text(
        "deposit rate; schedule of reductions; honour discount",
        "保证金比例；递减幅度；诚信优惠",
    ),
    "rate owner_shortfall government_share": Text(
        "deposit rate; owners' shortfalls; share of government projects",
        "保证金比例；建设单位欠付额；政府工程比重",
    ),
    "owner_shortfall government_share": Text(
        "owners' shortfalls; share of government projects", "建设单位欠付额；政府工程比重"
    ),
    "rate guarantor_fee permits": Text(
        "deposit rate; guarantor's fee; permits a firm", "保证金比例；担保费率；每企业许可数"
    ),
    "arrears permits": Text("arrears; permits", "欠薪额；许可数"),
}
SIGNS = {"mixed": Text("mixed", "不定")}
COLUMNS = [
    Column("prediction", Text("Prediction", "推论"), words=PREDICTIONS, width=0.26),
    Column("sign", Text("Sign", "符号"), words=SIGNS),
    Column("strict", Text("Not nil at", "非零点数"), 0),
    Column("points", Text("of points", "共"), 0),
    Column("assumption", Text("Assumption", "所依假设"), words=ASSUMPTIONS, width=0.2),
    Column("sign_without", Text("Sign without it", "放弃后符号"), words=SIGNS),
    Column("not_given", Text("Not in the article", "文中未给出"), words=NOT_GIVEN, width=0.2),
]


def rows(predictions: "pd.DataFrame") -> "pd.DataFrame":
    """Return one row a prediction and assumption."""
    return predictions[[column.key for column in COLUMNS]]
