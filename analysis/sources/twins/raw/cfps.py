"""A panel twin as CFPS person files of 2010-2018: names, codes and traps of each wave.

Traps on purpose: answers in slots in the order given, 5 for no in one wave and 0 in another,
negative missing codes, 78 none, raw and standardised weights, no psu in 2012-2016, own insurance
of the self-employed, a second job, and columns that only look like membership.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sources.twins.raw.cfps_jobs import job_columns
from analysis.sources.twins.raw.column import Column, coded, filled, slots, some_of

NAMES = tomllib.loads(Path(__file__).with_name("cfps.toml").read_text(encoding="utf-8"))
WAVES = (2010, 2012, 2014, 2016, 2018)
MISSING = (-1, -2, -8)
ORGANISATIONS = {
    1: "中国共产党", 2: "民主党派", 3: "县/区及以上人大代表", 4: "县/区及以上政协委员", 5: "工会",
    6: "共青团", 7: "妇联", 8: "工商联", 9: "非正式的联谊组织", 10: "宗教/信仰团体",
    11: "私营企业主协会", 12: "个体劳动者协会", 77: "其他", 78: "以上都不是",
}  # fmt: skip
SLOTS = {2010: ("qa7_s", 14), 2012: ("qn401_s", 5), 2014: ("qn401_s", 4)}
EDUCATION = {
    "none": (1, 9), "primary": (2,), "junior": (3,), "senior": (4,), "college": (5,),
    "bachelor": (6,), "postgraduate": (7, 8),
}  # fmt: skip
FIRST_CODES = {
    "state_organ": (1,), "public_institution": (2,), "state_enterprise": (3,), "collective": (4,),
    "private": (7, 11), "foreign": (8, 9), "other": (5, 6, 10, 12, 13, 14, 77),
}  # fmt: skip
LATER_CODES = {
    "state_organ": (1,), "public_institution": (2,), "state_enterprise": (3,), "private": (4,),
    "foreign": (5,), "other": (6, 7, 8, 77),
}  # fmt: skip
HUKOU, MARRIED, FEMALE = (
    {1.0: (1,), 0.0: (3,)},
    {1.0: (2,), 0.0: (1, 3, 4, 5)},
    {1.0: (0,), 0.0: (1,)},
)
EDUCATION_WORDS = {
    1: "文盲/半文盲", 2: "小学", 3: "初中", 4: "高中/中专/技校/职高", 5: "大专", 6: "大学本科",
    7: "硕士", 8: "博士", 9: "不必读书",
}  # fmt: skip
HUKOU_WORDS = {1: "农业户口", 3: "非农户口", 5: "没有户口", 79: "不适用"}
MARRIED_WORDS = {1: "未婚", 2: "在婚（有配偶）", 3: "同居", 4: "离婚", 5: "丧偶"}
# an expansion weight stands for that many persons; since 2018 the mean is about one
WEIGHT_SCALE = {2010: 38_000.0, 2012: 40_000.0, 2014: 37_500.0, 2016: 41_000.0, 2018: 1.0204}
# which wave writes 5 for no (as the questionnaire) and which 0 (as the release)
NO = {2014: 5, 2016: 5, 2018: 0}


def files(frame: pd.DataFrame, rng: np.random.Generator) -> dict[str, dict[str, Column]]:
    """Return each file's columns by its name without suffix: the waves, and persons across them."""
    made = {
        NAMES["file"][str(wave)]: columns(rows.reset_index(drop=True), int(str(wave)), rng)
        for wave, rows in frame.groupby("wave")
    }
    people = frame.drop_duplicates("person_id")
    made[NAMES["file"]["people"]] = {
        "pid": Column(pd.to_numeric(people["person_id"]).to_numpy(float), "个人编码"),
        "psu": Column(pd.to_numeric(people["psu"]).to_numpy(float), "初级抽样单元"),
    }
    return made


def columns(rows: pd.DataFrame, wave: int, rng: np.random.Generator) -> dict[str, Column]:
    """Return one wave's columns."""
    names: Mapping[str, str] = NAMES["variable"][str(wave)]
    made = {"pid": Column(pd.to_numeric(rows["person_id"]).to_numpy(float), "个人编码")}
    for field, values in _plain(rows, wave, rng).items():
        if field in names:
            words = {"education": EDUCATION_WORDS, "rural_hukou": HUKOU_WORDS,
                     "married": MARRIED_WORDS}.get(field, {})  # fmt: skip
            made[names[field]] = Column(values, NAMES["label"][field], words)
    made |= _organisations(rows, wave, rng) if wave in SLOTS else _asked_directly(rows, wave, rng)
    made |= job_columns(rows, wave, NO.get(wave, 5), rng)
    if wave in (2010, 2018):
        made["psu"] = Column(pd.to_numeric(rows["psu"]).to_numpy(float), "初级抽样单元")
    return made


def _plain(
    rows: pd.DataFrame, wave: int, rng: np.random.Generator
) -> dict[str, NDArray[np.float64]]:
    """Return the fields that one column holds, whatever its name in the wave."""
    owners = FIRST_CODES if wave <= 2012 else LATER_CODES
    # 9 = cannot judge is no negative code, and missing all the same
    unknown_owner = (-8,) if wave <= 2012 else (-8, 9)
    numbers = ("education_years", "age", "wage_month_yuan", "hours_week", "firm_size",
               "occupation")  # fmt: skip
    return {
        "household_id": pd.to_numeric(rows["household_id"]).to_numpy(float),
        "province": pd.to_numeric(rows["province"]).to_numpy(float) // 10000,
        "urban": filled(rows["urban"], (-9,), rng),
        "weight": rows["weight"].to_numpy() * WEIGHT_SCALE[wave],
        "stratum": pd.to_numeric(rows["stratum"]).to_numpy(float),
        "female": coded(rows["female"], FEMALE, (-9,), rng),
        "education": coded(rows["education"], EDUCATION, MISSING, rng),
        "rural_hukou": coded(rows["rural_hukou"], HUKOU, (*MISSING, 5, 79), rng),
        "married": coded(rows["married"], MARRIED, MISSING, rng),
        "ownership": coded(rows["ownership"], owners, unknown_owner, rng),
        "tenure_years": filled(wave - rows["tenure_years"], MISSING, rng),
        "industry": filled(rows["industry"], MISSING if wave <= 2012 else (-8, 99), rng),
        **{name: filled(rows[name], MISSING, rng) for name in numbers},
    }


def _organisations(rows: pd.DataFrame, wave: int, rng: np.random.Generator) -> dict[str, Column]:
    """Return the slots of the show-card question; the Youth League is a distractor."""
    stem, width = SLOTS[wave]
    answered = rows["union_member"].notna().to_numpy()
    chosen = {
        1: (rows["party_member"] == 1).to_numpy(),
        5: (rows["union_member"] == 1).to_numpy(),
        6: rng.random(len(rows)) < 0.1,
        12: rng.random(len(rows)) < 0.03,
    }
    answers = slots(chosen, answered, width, rng, MISSING)
    label = "您是下列哪些组织的成员-选择"
    made = {
        f"{stem}_{j + 1}": Column(answers[:, j], f"{label}{j + 1}", ORGANISATIONS)
        for j in range(width)
    }
    # they look like membership and are not
    decoy = {2012: "sn401", 2014: "cfps_party"}.get(wave)
    if decoy:
        made[decoy] = Column(some_of((0, 1, 5), len(rows), rng), "组织成员")
    return made


def _asked_directly(rows: pd.DataFrame, wave: int, rng: np.random.Generator) -> dict[str, Column]:
    """Return the yes/no items of 2016 and 2018; in 2018 most Party members are preloaded."""
    flags = {1.0: (1,), 0.0: (NO[wave],)}
    words = {1: "是", NO[wave]: "否"}
    n, party = len(rows), rows["party_member"]
    made = {
        "qn4002": Column(some_of((1, NO[wave]), n, rng), "是否是共青团员", words),
        "qn4003": Column(coded(rows["union_member"], flags, MISSING, rng), "是否是工会成员", words),
        "qn4004": Column(some_of((NO[wave],), n, rng), "是否是宗教团体成员", words),
        "qn4005": Column(some_of((1, NO[wave]), n, rng), "是否是个体劳动者协会成员", words),
    }
    asked = coded(party, flags, MISSING, rng)
    if wave == 2018:
        known = (party == 1).to_numpy() & (rng.random(n) < 0.85)
        preload = np.where(known, 1.0, np.where(party.isna(), -8.0, 0.0))
        made["party"] = Column(preload, "是否是中共党员（加载）", {1: "是", 0: "否"})
        asked = np.where(known, -8.0, asked)
    made["qn4001"] = Column(asked, "是否是党员", words)
    return made


def fields(wave: int) -> set[str]:
    """Return the harmonised fields that the wave's files give; all others are missing."""
    given = {"survey", "wave", "person_id", "simulated", "union_member", "union_status",
             "union_question", "insurance_scope", "party_member", "psu", "wage_month_yuan",
             "hours_week", "pension", "medical_insurance", "unemployment_insurance",
             "injury_insurance", "maternity_insurance", "housing_fund"}  # fmt: skip
    given |= set(NAMES["variable"][str(wave)])
    given |= set() if wave == 2012 else {"employee"}
    given |= {"contract"} if wave >= 2014 else set()
    return given | ({"contract_type"} if wave >= 2016 else set())
