"""The job block of a CFPS person file: kind of work, hours, insurances, contract, by wave."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sources.twins.raw.column import Column, coded, filled, slots, some_of

DAYS = 26.0
WEEKS_A_MONTH = 30.0 / 7.0
NOT_ASKED = (-8,)
MISSING = (-1, -2, -8)
FIRST = {"medical_insurance": (1, 2), "pension": (6,), "maternity_insurance": (9,),
         "unemployment_insurance": (10,), "injury_insurance": (11,),
         "housing_fund": (15,)}  # fmt: skip
LATER = {"pension": 1, "medical_insurance": 2, "unemployment_insurance": 3, "injury_insurance": 4,
         "maternity_insurance": 5}  # fmt: skip
INSURANCE_WORDS = {1: "养老保险", 2: "医疗保险", 3: "失业保险", 4: "工伤保险", 5: "生育保险",
                   78: "以上都没有"}  # fmt: skip
JOB_WORDS = {1: "自家农业生产经营", 2: "私营企业/个体工商户/其他自雇", 3: "农业打工", 4: "受雇",
             5: "非农散工"}  # fmt: skip


def job_columns(
    rows: pd.DataFrame, wave: int, no: int, rng: np.random.Generator
) -> dict[str, Column]:
    """Return the job block; ``no`` is the wave's code of no (5 or 0)."""
    if wave == 2010:
        return _job_2010(rows, rng)
    if wave == 2012:
        return _jobs_2012(rows, rng)
    return _job_later(rows, wave, no, rng)


def _insured(rows: pd.DataFrame) -> NDArray[np.bool_]:
    return rows["pension"].notna().to_numpy()


def _holds(rows: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    return (rows[name] == 1).to_numpy()


def _wide(stem: str, values: NDArray[np.float64], label: str, words: dict[int, str],
          start: int = 1) -> dict[str, Column]:  # fmt: skip
    return {
        f"{stem}_{j + start}": Column(values[:, j], f"{label}{j + start}", words)
        for j in range(values.shape[1])
    }


def _job_2010(rows: pd.DataFrame, rng: np.random.Generator) -> dict[str, Column]:
    n, employee = len(rows), _holds(rows, "employee")
    works = employee | (rng.random(n) < 0.5)
    hours = rows["hours_week"].to_numpy()
    free = rng.random(n) < 0.2
    chosen = {
        code: _holds(rows, name) & (free if code == 1 else ~free if code == 2 else True)
        for name, codes in FIRST.items()
        for code in codes
    }
    answers = slots(chosen, _insured(rows), 18, rng, MISSING)
    return {
        "qg3": Column(np.where(works, 1.0, some_of((0, 5), n, rng)), "现在有工作吗",
                      {1: "是", 0: "否", 5: "否"}),
        "qg303": Column(np.where(employee, 3.0, np.where(works, some_of((1, 5), n, rng), -8.0)),
                        "主要工作性质"),
        "qg402": Column(np.where(np.isnan(hours), -8.0, DAYS), "每月工作天数"),
        "qg403": Column(filled(pd.Series(hours * WEEKS_A_MONTH / DAYS), MISSING, rng),
                        "每天工作小时数"),
        "qk102": Column(some_of((0, 200, 500), n, rng), "浮动工资、加班费、补贴和奖金"),
        **_wide("qj3_s", answers, "享有的保险-选择", {}),
    }  # fmt: skip


def _jobs_2012(rows: pd.DataFrame, rng: np.random.Generator) -> dict[str, Column]:
    """Return two jobs: some have part of their work, pay and insurance in a second one."""
    n, two = len(rows), rng.random(len(rows)) < 0.15
    second = np.where(two, 0.25, 0.0)
    made: dict[str, Column] = {
        "employ": Column(some_of((0, 1, 3), n, rng), "工作状态"),
        "qg415": Column(some_of((-8,), n, rng), "备用"),
    }
    pay, hours = 12.0 * rows["wage_month_yuan"].to_numpy(), rows["hours_week"].to_numpy()
    for job, part in ((1, 1.0 - second), (2, second)):
        made |= _job_of_2012(rows, rng, job, part, (pay, hours), two)
    return made


def _job_of_2012(
    rows: pd.DataFrame,
    rng: np.random.Generator,
    job: int,
    part: NDArray[np.float64],
    amounts: tuple[NDArray[np.float64], NDArray[np.float64]],
    two: NDArray[np.bool_],
) -> dict[str, Column]:
    has = part > 0
    pay, daily = (pd.Series(np.where(has, part * amount, np.nan)) for amount in amounts)
    daily = daily * WEEKS_A_MONTH / DAYS
    # with two jobs the second one insures
    insures = has & (two if job == 2 else ~two)
    chosen = {code: _holds(rows, name) & insures for name, code in LATER.items()}
    answers = slots(chosen, _insured(rows) & has, 6, rng, MISSING)
    fund = coded(rows["housing_fund"], {1.0: (1,), 0.0: (5,)}, MISSING, rng)
    fund = np.where(has, np.where((fund == 1) & ~insures, 5.0, fund), -8.0)
    return {
        f"qg413_a_{job}": Column(np.where(daily.isna(), -8.0, DAYS), f"工作{job}每月天数"),
        f"qg414_a_{job}": Column(filled(daily, MISSING, rng), f"工作{job}每天小时"),
        f"qg417_a_{job}": Column(filled(pay, MISSING, rng), f"工作{job}全年税后收入"),
        f"qg424_a_{job}": Column(fund, f"工作{job}住房公积金", {1: "是", 5: "否"}),
        **_wide("qg421_s", answers, "工作提供的保险-选择", INSURANCE_WORDS, 6 * (job - 1) + 1),
    }


def _job_later(
    rows: pd.DataFrame, wave: int, no: int, rng: np.random.Generator
) -> dict[str, Column]:
    n, employee = len(rows), _holds(rows, "employee")
    own = ~employee & (rng.random(n) < 0.2)
    works = employee | own | (rng.random(n) < 0.6)
    kind = np.where(own, 2.0, np.where(works, some_of((1, 3, 5), n, rng), -8.0))
    flags, words = {1.0: (1,), 0.0: (no,)}, {1: "是", no: "否"}
    # the self-employed tell what they pay themselves: no employer's insurance
    chosen = {code: _holds(rows, name) | (own & (rng.random(n) < 0.3))
              for name, code in LATER.items()}  # fmt: skip
    answers = slots(chosen, _insured(rows) | own, 5, rng, MISSING)
    made = {
        "jobclass": Column(np.where(employee, 4.0, kind), "主要工作类型", JOB_WORDS),
        "employ2014" if wave == 2014 else "employ": Column(
            np.where(works, 1.0, some_of((0, 3), n, rng)), "工作状态",
            {0: "失业", 1: "在业", 3: "退出劳动力市场"}),
        "qg5": Column(coded(rows["contract"], flags, MISSING, rng), "是否签订劳动合同", words),
        "qg10": Column(coded(rows["housing_fund"], flags, MISSING, rng), "是否有住房公积金", words),
        "qg12": Column(12.0 * filled(rows["wage_month_yuan"], NOT_ASKED, rng), "主要工作年收入"),
        **_wide("qg9_s", answers, "提供的保险-选择", INSURANCE_WORDS),
    }  # fmt: skip
    if wave >= 2016:
        term = {"fixed_term": (1,), "open_ended": (no,), "none": (-8,)}
        made["qg501"] = Column(coded(rows["contract_type"], term, NOT_ASKED, rng),
                               "是否约定期限", words)  # fmt: skip
    return made
