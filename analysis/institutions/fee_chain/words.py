"""Names of levels, bases and ways of collection that commands and exhibits share."""

from analysis.messages import Text

# from the employer upward; "upper" stands for all upper unions where a rule does not part them
LEVELS = {
    "grassroots": Text("grassroots union", "基层工会"),
    "county": Text("county union", "县级工会"),
    "prefecture": Text("prefecture union", "地市级工会"),
    "province": Text("provincial union", "省级工会"),
    "national": Text("national federation", "全国总工会"),
    "upper": Text("upper unions together", "上级工会合计"),
}
BASES = {
    "payroll": Text("total payroll", "工资总额"),
    "minimum_wage": Text("the wage floor", "最低工资"),
}
COLLECTIONS = {
    "full": Text("full collection, the grassroots part returned", "全额代收，基层部分返还"),
    "proportional": Text("proportional collection, the upper part only", "比例代收，仅收上解部分"),
}
SCOPES = {
    "tax": Text("tax office only", "仅税务代收"),
    "tax_and_budget": Text("tax office and budget", "税务代收与财政拨款"),
    "all": Text("all channels", "全部渠道"),
}
ARTICLE_COUNTY = Text("X county, 2015", "X县2015年")


def titled(name: Text, subject: Text) -> Text:
    """Return the title of a county's exhibit."""
    return Text(f"{name.en}: {subject.en}", f"{name.zh}：{subject.zh}")
