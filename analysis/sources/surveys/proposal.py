"""A first map for a survey that the package does not know, proposed from the file's own labels.

What the labels leave no doubt about is written as a rule, everything else as a comment with the
candidates: the user decides. Codes are the user's to fill in; the file's own stand beside them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from analysis.sources.surveys.fields import FIELDS
from analysis.sources.surveys.labels import MISSING_WORDS, says_word
from analysis.sources.surveys.raw_file import RawFile
from analysis.sources.surveys.recodings import PROVINCES
from analysis.sources.surveys.survey_map import DERIVED

# words of a label that speak for a field, most telling first
KEYWORDS: Mapping[str, Sequence[str]] = {
    "person_id": ("个人编码", "个人编号", "样本编码", "问卷编号", "被访者编号", "person id"),
    "household_id": ("家庭编码", "家庭编号", "住户编码", "household id", "family id"),
    "firm_id": ("企业编码", "企业编号", "单位编码", "firm id", "enterprise id"),
    "province": ("省份", "省/自治区", "省国标码", "province"),
    "urban": ("城乡分类", "城乡", "城镇", "urban"),
    "union_member": ("工会会员", "工会成员", "加入工会", "参加工会", "union member", "trade union"),
    "union_covered": ("有工会", "是否有工会", "建立工会", "成立工会", "has a union", "union at"),
    "employee": ("受雇", "就业身份", "工作类型", "工作状况", "employee", "employment status"),
    "wage_month_yuan": ("月工资", "月平均工资", "月收入", "工资收入", "monthly wage", "wage"),
    "hours_week": ("每周工作", "周工作", "工作小时", "工作时间", "weekly hours", "hours"),
    "pension": ("养老保险", "pension"),
    "medical_insurance": ("医疗保险", "medical insurance", "health insurance"),
    "unemployment_insurance": ("失业保险", "unemployment insurance"),
    "injury_insurance": ("工伤保险", "injury insurance"),
    "maternity_insurance": ("生育保险", "maternity insurance"),
    "housing_fund": ("公积金", "housing fund", "provident fund"),
    "contract": ("劳动合同", "书面合同", "labour contract", "labor contract", "contract"),
    "contract_type": ("合同类型", "合同期限", "contract type", "type of contract"),
    "overtime_pay": ("加班工资", "加班费", "overtime pay"),
    "age": ("年龄", "age", "出生年", "birth year", "year of birth"),
    "female": ("性别", "gender", "sex"),
    "education": ("教育程度", "最高学历", "文化程度", "学历", "education"),
    "education_years": ("受教育年限", "years of education", "years of schooling"),
    "rural_hukou": ("户口性质", "户口状况", "户口登记", "户口", "hukou"),
    "party_member": ("政治面貌", "党员", "party member", "political"),
    "married": ("婚姻状况", "婚姻", "marital"),
    "tenure_years": ("本单位工作年限", "现单位工作", "工作单位工作了", "tenure"),
    "occupation": ("职业编码", "职业", "occupation"),
    "industry": ("行业编码", "行业", "industry"),
    "ownership": ("所有制", "单位性质", "单位类型", "ownership"),
    "firm_size": ("员工人数", "多少员工", "职工人数", "firm size", "number of employees"),
    "weight": ("个人权重", "权重", "weight"),
    "psu": ("初级抽样单元", "县/区编码", "区县编码", "psu", "primary sampling"),
    "stratum": ("抽样层", "层编码", "分层", "stratum", "strata"),
}  # fmt: skip
RECODING_OF = {"text": "code_text", "number": "number", "binary": "codes"}
BIRTH = ("出生", "birth")
ANNUAL = ("全年", "年收入", "annual", "year")
YES = ("是", "有", "参加", "参加了", "已签订", "签订了", "yes")
NO = ("否", "不是", "没有", "没有参加", "没参加", "没有签订", "未签订", "从来都不是", "no")
HEADING = """\
# A proposal made from the labels of {file}. Read every line, fill in codes and missing codes,
# and keep it as map.toml beside the survey's files. Lines with # are not certain: choose, or drop.
# `as` names a recoding; codes give each code's value, "" for a code that is missing.
# 由文件标签生成的映射草案：请逐行核对，补全编码与缺失码，以 map.toml 存于数据文件旁。
# 带 # 的行不确定，请选择或删除。

[survey]
name = "{name}"
files = '{pattern}'
ids = "cross_section"      # "panel" where a person has the same number in every wave
wave = {wave}

[wave.{wave}]
missing = [{missing}]
"""


def propose_map(raw: RawFile, name: str, wave: int) -> str:
    """Return a map of one file as TOML text, certain fields first found by their labels."""
    codes = sorted({code for known in raw.value_labels.values() for code in _missing_codes(known)})
    shared = ", ".join(f"{code:g}" for code in codes if code < 0)
    file = raw.path.name
    head = HEADING.format(file=file, pattern=re.escape(file), name=name, wave=wave, missing=shared)
    fields = [field for field in FIELDS if field not in DERIVED]
    return head + "\n".join(line for field in fields for line in _lines(field, raw)) + "\n"


def _missing_codes(known: Mapping[float, str]) -> Iterator[float]:
    return (code for code, label in known.items() if MISSING_WORDS.search(label))


def candidates(field: str, raw: RawFile) -> list[str]:
    """Return the columns whose labels hold the most telling keyword that any label holds."""
    for word in KEYWORDS.get(field, ()):
        found = [name for name, label in raw.labels.items() if says_word(word, label)]
        if found:
            return found
    return []


def _lines(field: str, raw: RawFile) -> Iterator[str]:
    found = candidates(field, raw)
    if not found:
        yield f'# {field} = {{ absent = "no label speaks of it" }}'
        return
    for name in found[:5]:
        label = raw.labels[name].replace("\n", " ")
        certain = "" if len(found) == 1 else "# "
        yield f"{certain}{_rule(field, name, raw)}  # {label}"


def _rule(field: str, name: str, raw: RawFile) -> str:
    known = raw.value_labels.get(name, {})
    recoding = _recoding(field, raw.labels[name], known)
    parts = [f'variable = "{raw.actual[name]}"', f'as = "{recoding}"']
    if recoding == "codes":
        parts.append("codes = { " + ", ".join(_codes(field, known)) + " }")
    if missing := sorted(_missing_codes(known)):
        parts.append(f"missing = [{', '.join(f'{code:g}' for code in missing)}]")
    if field in ("union_member", "union_covered"):
        parts.append('label = ["工会", "union"]')
    return f'{field} = {{ {", ".join(parts)}, evidence = "label" }}'


def _recoding(field: str, label: str, known: Mapping[float, str]) -> str:
    """Return the recoding that the label speaks for."""
    if field == "province":
        return "codes" if known else "gb_province"
    if field == "age" and any(says_word(word, label) for word in BIRTH):
        return "birth_year_to_age"
    if field == "wage_month_yuan" and any(says_word(word, label) for word in ANNUAL):
        return "annual_to_monthly"
    return "codes" if FIELDS[field].codes else RECODING_OF[FIELDS[field].kind]


def _codes(field: str, known: Mapping[float, str]) -> Iterator[str]:
    """Yield each code with its value where the label says it; else "", for the user to fill in."""
    for code, label in known.items():
        if not MISSING_WORDS.search(label):
            yield f"{code:g} = {_value(field, label.strip())}"


def _value(field: str, label: str) -> str:
    if field == "province" and label[:2] in PROVINCES:
        return f'"{PROVINCES[label[:2]]}0000"'
    if field == "female":
        return {"男": "0", "女": "1", "male": "0", "female": "1"}.get(label.lower(), '""')
    if FIELDS[field].kind == "binary":
        return "1" if label.lower() in YES else "0" if label.lower() in NO else '""'
    return '""'
