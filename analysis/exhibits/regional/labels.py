"""Names of regional figures and their units; light, because the list of tasks reads it."""

from analysis.messages import Text

NATION, RECOUNT = "000000", (1999, 2003)
RATES = {
    "disputes_per_10k_employed": Text("disputes accepted per 10,000 employed",
                                      "每万名就业人员受理争议数"),
    "disputes_per_10k_members": Text("disputes accepted per 10,000 union members",
                                     "每万名会员受理争议数"),
    "disputes_per_10k_population": Text("disputes accepted per 10,000 inhabitants",
                                        "每万人口受理争议数"),
    "collective_share": Text("collective share of disputes", "集体争议占比"),
    "workers_per_dispute": Text("workers involved per dispute", "每案涉及劳动者人数"),
    "organisation_rate": Text("organisation rate", "建会率"),
    "density": Text("member density", "入会率"),
    "census_organisation_rate": Text("organisation rate (census)", "建会率（普查）"),
    "census_density": Text("member density (census)", "入会率（普查）"),
    "gdp_per_head": Text("GDP per inhabitant", "人均地区生产总值"),
    "fee_per_member": Text("union-fee income per member", "人均工会经费收入"),
}  # fmt: skip
PERCENTAGES = ("collective_share", "organisation_rate", "density", "census_organisation_rate",
               "census_density")  # fmt: skip
LEVELS = {
    "disputes_accepted": Text("disputes accepted", "受理争议案件数"),
    "collective_disputes": Text("collective disputes", "集体争议案件数"),
    "workers_involved": Text("workers involved", "涉及劳动者人数"),
    "union_members": Text("union members", "工会会员数"),
    "grassroots_unions": Text("grassroots unions", "基层工会数"),
    "employment": Text("employment", "就业人数"),
    "average_wage": Text("average wage", "平均工资"),
    "minimum_wage": Text("minimum wage", "最低工资标准"),
    "gdp": Text("GDP", "地区生产总值"),
    "population": Text("population", "人口"),
    "union_fee_income": Text("union-fee income", "工会经费收入"),
    "legal_units": Text("legal units", "法人单位数"),
    "legal_units_with_union": Text("legal units with a union", "建会法人单位数"),
    "census_legal_units": Text("legal units (census)", "法人单位数（普查）"),
    "census_legal_units_with_union": Text("legal units with a union (census)",
                                          "建会法人单位数（普查）"),
    "census_employed": Text("employed (census)", "就业人员（普查）"),
    "census_union_members": Text("union members (census)", "工会会员（普查）"),
}  # fmt: skip
NAMES = {**RATES, **LEVELS}
UNITS = {
    "cases": Text("cases", "件"),
    "persons": Text("persons", "人"),
    "units": Text("units", "个"),
    "yuan": Text("yuan", "元"),
    "percent": Text("%", "%"),
    "cases per 10,000 persons": Text("per 10,000", "件/万人"),
}


def label_of(name: str) -> Text:
    """Return the label of a figure; one that a user's file declares is its own."""
    return NAMES.get(name, Text(name, name))
