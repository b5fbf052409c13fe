"""A repeated cross-section as CGSS files of 2008-2023: names, codes and traps of each wave.

Which code stands for a value is found in the wave's own value labels (``cgss.toml``), so that the
codings that reverse between waves come out as each file has them.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.sources.twins.raw.cgss_spells import spell_columns
from analysis.sources.twins.raw.column import Codes, Column, coded, filled, some_of

NAMES = tomllib.loads(Path(__file__).with_name("cgss.toml").read_text(encoding="utf-8"))
WAVES = tuple(int(wave) for wave in NAMES["file"])
MISSING = "不适用|不知道|拒绝|无法回答|未调查|缺失|不清楚|Refused|not answer"
# the words of a value label for each value; what has none of them is missing
WORDS: Mapping[str, Mapping[object, str]] = {
    "union": {"member": "^是$", "former": "^以前是", "never": "^从来都不是"},
    "sex": {0.0: "^男", 1.0: "^女"},
    "party": {1.0: "^(共产党员|中共党员)", 0.0: "^(民主党派|民族党派|共青团员|群众)"},
    "hukou": {1.0: "^(农业户口|农村户口|居民户口.以前是农业)",
              0.0: "^(非农业户口|蓝印|居民户口.以前是非农业|集镇)|城区户口"},
    "edu": {"none": "^(没有受过|私塾)", "primary": "^小学", "junior": "^初中",
            "senior": "^(职业高中|普通高中|中专|技校)", "college": "^大学专科",
            "bachelor": "^大学本科", "postgraduate": "^研究生"},
    "contract": {"open_ended": "^签有无固定", "fixed_term": "^签有固定", "none": "^没有签订"},
    "pension": {1.0: "^参加", 0.0: "^没"},
    "medical": {1.0: "^参加", 0.0: "^没"},
    "unit": {"state_organ": "^党政机关", "public_institution": "^事业单位",
             "firm": "^(企业|无单位)", "none": "^(社会团体|军队)"},
    "ownership": {"state_enterprise": "^国有", "collective": "^集体", "private": "^私有",
                  "foreign": "^(港澳台|外资|中外合资)", "other": "^其他"},
    "empstat": {1.0: "^(受雇于他人|劳务工)",
                0.0: "^(自己|个体工商户|零工|在自己家|自由职业者|其他)"},
    "status": {1.0: "^目前从事非农", 0.0: "^(目前务农|目前没有工作|从未工作)"},
}  # fmt: skip
# missing codes that a wave uses without labels
UNLABELLED: Mapping[tuple[int, str], Sequence[int]] = {
    **{(wave, "hours"): (998, 999) for wave in (2017, 2018)},
    **{(wave, "size"): (99998, 99999) for wave in (2017, 2018)},
}
TOP_WAGE = 9999996
TOP_SINCE, NAMED = 2011, (2018, 2021)
GB_WAVES = (2008, 2013)
NAMES_OF_PROVINCES = {
    11: "北京", 12: "天津", 13: "河北", 14: "山西", 15: "内蒙古", 21: "辽宁", 22: "吉林",
    23: "黑龙江", 31: "上海", 32: "江苏", 33: "浙江", 34: "安徽", 35: "福建", 36: "江西",
    37: "山东", 41: "河南", 42: "湖北", 43: "湖南", 44: "广东", 45: "广西", 46: "海南",
    50: "重庆", 51: "四川", 52: "贵州", 53: "云南", 54: "西藏", 61: "陕西", 62: "甘肃",
    63: "青海", 64: "宁夏", 65: "新疆",
}  # fmt: skip


def files(frame: pd.DataFrame, rng: np.random.Generator) -> dict[str, dict[str, Column]]:
    """Return each wave's columns by its file's name without suffix."""
    return {
        NAMES["file"][str(wave)]: columns(rows.reset_index(drop=True), int(str(wave)), rng)
        for wave, rows in frame.groupby("wave")
    }


def columns(rows: pd.DataFrame, wave: int, rng: np.random.Generator) -> dict[str, Column]:
    """Return one wave's columns."""
    known = NAMES["wave"][str(wave)]
    values: dict[str, Any] = _numbers(rows, wave, rng) | _answers(rows, wave, rng)
    made = {
        known[field]["variable"]: Column(column, known[field]["label"], labels(wave, field))
        for field, column in values.items()
        if field in known
    }
    if wave == 2008:
        made |= spell_columns(rows, rng)
    return made | _decoys(len(rows), wave, rng)


def labels(wave: int, field: str) -> dict[int, str]:
    """Return the value labels of a field in a wave's file."""
    name = NAMES["wave"][str(wave)].get(field, {}).get("codes", "")
    pairs = (pair.split("=", 1) for pair in NAMES["codes"].get(name, "").split("; ") if pair)
    return {int(code): text for code, text in pairs}


def missing(wave: int, field: str) -> Sequence[float]:
    """Return the missing codes of a field in a wave; a system missing value where it has none."""
    found = [code for code, text in labels(wave, field).items() if re.search(MISSING, text)]
    return found or UNLABELLED.get((wave, field), (np.nan,))


def codes(wave: int, field: str) -> Codes:
    """Return the codes of each value by the words of the labels."""
    words = labels(wave, field)
    return {
        value: [code for code, text in words.items() if re.search(pattern, text)]
        for value, pattern in WORDS[field].items()
    }


def _lost(wave: int, field: str) -> Sequence[float]:
    """Return what stands where there is no value: missing codes, and codes that mean no value."""
    used = {code for choices in codes(wave, field).values() for code in choices}
    return [code for code in labels(wave, field) if code not in used] or missing(wave, field)


def _numbers(rows: pd.DataFrame, wave: int, rng: np.random.Generator) -> dict[str, Any]:
    def number(field: str, values: pd.Series) -> np.ndarray:
        return filled(values, missing(wave, field), rng)

    wage = (12.0 * rows["wage_month_yuan"]).mask(rows["wage_top_coded"] == 1, TOP_WAGE)
    psu = pd.to_numeric(rows["psu"].str.rpartition("-")[2])
    return {
        "id": pd.to_numeric(rows["person_id"].str.partition("-")[2]).to_numpy(float),
        "province": _provinces(rows, wave),
        "birth": (wave - rows["age"]).to_numpy(),
        "inc_year": number("inc_year", wage),
        "hours": number("hours", rows["hours_week"]),
        "size": number("size", rows["firm_size"]),
        "occ": number("occ", pd.to_numeric(rows["occupation"])),
        "industry": pd.to_numeric(rows["industry"]).to_numpy(float),
        "employer_tenure": number("employer_tenure", rows["tenure_years"]),
        # the household's weight stands first in 2023, the person's second
        "weight": rng.random(len(rows)) if wave == 2023 else 1.7 * rows["weight"].to_numpy(),
        "weight2": 0.6 * rows["weight"].to_numpy(),
        "psu": psu.to_numpy(float),
        "strata": pd.to_numeric(rows["stratum"].str.rpartition("-")[2]).to_numpy(float),
    }


def _answers(rows: pd.DataFrame, wave: int, rng: np.random.Generator) -> dict[str, Any]:
    def answer(field: str, values: pd.Series) -> np.ndarray:
        return coded(values, codes(wave, field), _lost(wave, field), rng)

    union = pd.Series(np.nan, index=rows.index, dtype="object")
    union[rows["union_member"] == 1] = "member"
    union[(rows["union_member"] == 0) & (rows["union_former"] == 0)] = "never"
    union[rows["union_former"] == 1] = "former"
    made = {
        "union": answer("union", union),
        "sex": answer("sex", rows["female"]),
        "edu": answer("edu", rows["education"]),
        "party": answer("party", rows["party_member"]),
        "hukou": answer("hukou", rows["rural_hukou"]),
    }
    if wave == 2008:
        return made | _work_2008(rows, rng)
    if wave != 2011:
        made |= {"pension": answer("pension", rows["pension"]),
                 "medical": answer("medical", rows["medical_insurance"])}  # fmt: skip
    made["contract"] = answer("contract", rows["contract_type"])
    return made | _work(rows, wave, rng)


def _work(rows: pd.DataFrame, wave: int, rng: np.random.Generator) -> dict[str, Any]:
    """Return status, employment and employer: non-employees may work on their own or not at all."""
    n, employee = len(rows), (rows["employee"] == 1).to_numpy()
    works = pd.Series((employee | (rng.random(n) < 0.4)).astype(float))
    kind = rows["employee"].mask(works == 0)
    return {
        "status": coded(works, codes(wave, "status"), missing(wave, "status"), rng),
        "empstat": coded(kind, codes(wave, "empstat"), missing(wave, "empstat"), rng),
        **_employer(rows, wave, rng),
    }


def _work_2008(rows: pd.DataFrame, rng: np.random.Generator) -> dict[str, Any]:
    jobs = np.where(rows["employee"] == 1, some_of((1, 2), len(rows), rng),
                    some_of((3, 4, 5, 6, 7, 8), len(rows), rng))  # fmt: skip
    contract = coded(rows["contract"], {1.0: (1,), 0.0: (2,)}, (np.nan,), rng)
    return {"status": jobs, "contract": contract, **_employer(rows, 2008, rng)}


def _employer(rows: pd.DataFrame, wave: int, rng: np.random.Generator) -> dict[str, Any]:
    """Return kind of unit and capital, which together give the ownership."""
    owner = rows["ownership"]
    by_unit = owner.isin(["state_organ", "public_institution"])
    unit = owner.where(by_unit, "firm").where(owner.notna())
    # an organisation of another kind says so in the first item or the second
    unit = unit.mask((owner == "other") & (rng.random(len(rows)) < 0.5), "none")
    return {
        "unit": coded(unit, codes(wave, "unit"), missing(wave, "unit"), rng),
        "ownership": coded(owner.mask(by_unit), codes(wave, "ownership"),
                           missing(wave, "ownership"), rng),
    }  # fmt: skip


def _provinces(rows: pd.DataFrame, wave: int) -> Any:
    code = pd.to_numeric(rows["province"]) // 10000
    if wave in GB_WAVES:
        return code.to_numpy(float)
    names = code.map(NAMES_OF_PROVINCES)
    if wave in NAMED:
        words = names + np.where(code.isin([11, 12, 31, 50]), "市", "省")
        return words.str.replace("(内蒙古|广西|宁夏|新疆|西藏)省", r"\1自治区", regex=True)
    private = {text[:2]: number for number, text in labels(wave, "province").items()}
    return names.str[:2].map(private).to_numpy(float)


def _decoys(n: int, wave: int, rng: np.random.Generator) -> dict[str, Column]:
    """Return columns that are not what they may be taken for: voting, television, other hours."""
    made = {"a44": Column(some_of((1, 2, 3), n, rng), "上次居委会选举您是否参加了投票")}
    if wave in (2017, 2018):
        made["a301"] = Column(some_of((1, 2, 3, 4, 5), n, rng), "过去一年看电视的频率")
    if wave in (2017, 2018, 2021):
        made["a53a" if wave < 2021 else "A53a"] = Column(
            some_of((10, 20, 30), n, rng), "上周未工作者通常每周工作小时"
        )
    return made


def fields(wave: int) -> set[str]:
    """Return the harmonised fields that the wave's file gives; all others are missing."""
    given = {"survey", "wave", "person_id", "simulated", "province", "union_member",
             "union_former", "union_status", "union_question", "employee", "wage_month_yuan",
             "hours_week", "contract", "age", "female", "education", "rural_hukou", "party_member",
             "occupation", "ownership", "firm_size", "weight"}  # fmt: skip
    given |= {"wage_top_coded"} if wave >= TOP_SINCE else set()
    given |= {"contract_type"} if wave > 2008 else {"unemployment_insurance"}
    given |= {"pension", "medical_insurance", "insurance_scope"} if wave != 2011 else set()
    given |= {"tenure_years"} if wave >= 2017 else set()
    given |= {"industry", "stratum"} if wave == 2010 else set()
    given -= {"occupation"} if wave == 2008 else set()
    return given | (set() if wave in (2017, 2018) else {"psu"})
