"""The words of a region's page, and the unit of every figure taken as it is."""

from analysis.messages import Text

TITLE = Text("{name}: unions and labour disputes", "{name}：工会与劳动争议")
LEAD = Text(
    "{name} (GB/T 2260 {code}, {level}): {n} figures, {first} to {last}.",
    "{name}（GB/T 2260 {code}，{level}）：{n} 个数字，{first} 至 {last} 年。",
)
LEVEL_NAMES = {
    "province": Text("province", "省级"),
    "prefecture": Text("prefecture", "地级"),
    "county": Text("county", "县级"),
    "nation": Text("nation", "全国"),
}
LATEST = Text("Latest figures, the nation, rank", "最近数字、全国数与位次")
LATEST_COLUMNS = (
    Text("Figure", "指标"), Text("Year", "年份"), Text("Region", "本地区"), Text("Nation", "全国"),
    Text("Share or ratio", "占比或比值"), Text("Rank", "位次"), Text("Status", "状态"),
)  # fmt: skip
RANK = Text("{rank} of {of}", "{rank}/{of}")
PICTURE = Text("Over the years", "历年变化")
YEARS = Text("Year by year", "逐年数字")
YEAR = Text("Year", "年份")
BREAKS = Text("Breaks, gaps and jumps", "口径变化、缺口与跳变")
BREAK_COLUMNS = (
    Text("Year", "年份"), Text("Series", "序列"), Text("Kind", "类型"), Text("What", "说明"),
)  # fmt: skip
KINDS = {
    "definition": Text("definition", "口径"),
    "gap": Text("gap", "缺口"),
    "jump": Text("jump, to be looked at", "跳变（待查）"),
    "trend_2008": Text("test of 2008", "2008年检验"),
}
NO_BREAKS = Text(
    "None is known within the years that there are.", "所涉年份内没有已知的口径变化、缺口或跳变。"
)
ABSENT = Text("Not available for this region", "本地区缺少的数字")
NOTHING_ABSENT = Text("Every figure is there.", "各项数字齐备。")
SOURCES = Text("Sources", "资料来源")
READING = Text("How to read this", "阅读说明")
HOW_TO_READ = (
    Text("Rank 1 is the highest among regions of the same level that have the figure in that year. "
         "The share is of the national figure; for rates and wages the ratio to it is given.",
         "位次1为同级且当年有数据的地区中最高者。占比以全国数为分母；比率与工资给出与全国数之比。"),
    Text("Organisation rate: legal units with a union over all legal units. Density: members over "
         "employment. Neither is coverage by a collective contract. Figures of the 2004 census "
         "stand apart: it counts members and the employed in its own way.",
         "建会率为已建工会的法人单位占全部法人单位的比重，入会率为会员占就业人数的比重；"
         "两者都不是集体合同覆盖率。2004年经济普查的统计口径不同，单独列出。"),
    Text("A break says where figures before and after cannot be compared as they stand; a jump "
         "says only where to look.",
         "口径变化处前后数字不可直接比较；跳变只提示应予核查。"),
)  # fmt: skip
UNIT_OF = {
    **dict.fromkeys(("disputes_accepted", "collective_disputes"), "cases"),
    **dict.fromkeys(
        ("workers_involved", "union_members", "employment", "population", "census_employed",
         "census_union_members"),
        "persons",
    ),
    **dict.fromkeys(
        ("grassroots_unions", "legal_units", "legal_units_with_union", "census_legal_units",
         "census_legal_units_with_union"),
        "units",
    ),
    **dict.fromkeys(
        ("average_wage", "minimum_wage", "gdp", "union_fee_income", "gdp_per_head",
         "fee_per_member"),
        "yuan",
    ),
}  # fmt: skip
PICTURE_REGION = Text("region", "本地区")
PICTURE_NATION = Text("nation", "全国")
