"""Small survey files as distributed, for the tests: names, codes and labels of the real waves."""

import numpy as np
import pandas as pd
import pyreadstat

GB = "gb18030"


def cfps2018(rows=12):
    """A person file of CFPS 2018; person 0 refused the union item, person 1 is a member."""
    union = [-2, 1, 0, 5] + [0] * (rows - 4)
    data = {
        "pid": 100000001 + np.arange(rows), "fid18": 7.0, "provcd18": 31, "urban18": 1,
        "qn4003": union, "jobclass": 4, "employ": 1, "qg11": 3000.0, "qg6": 44.5, "qg10": 0,
        "qg5": 1, "qg501": 1, "age": 30, "gender_update": 0, "cfps2018edu": 6, "cfps2018eduy": 16,
        "qa301": 3, "qea0": 2, "party": 0, "qn4001": 0, "qn4005": 1, "egc1052y": 2010,
        "qg303code": 21001, "qg302code": 3, "qg2": 4, "qg16": 50, "psu": 9, "subpopulation": 6,
        "rswt_natcs18n": np.arange(rows) + 1.0,
    }  # fmt: skip
    frame = pd.DataFrame(data, index=range(rows))
    # answers in the order given: medical first, then pension; the rest of the slots not used
    slots = [[2, 1, -8, -8, -8], [4, 2, -8, -8, -8]] + [[78, -8, -8, -8, -8]] * (rows - 2)
    return frame.join(pd.DataFrame(slots, columns=[f"qg9_s_{k}" for k in range(1, 6)]))


CFPS2018_LABELS = {"qn4003": "是否是工会成员", "qn4005": "是否是个体劳动者协会成员"}


def cgss(wave=2015, rows=6, **changes):
    """A CGSS file of 2013, 2015 or 2018 with the decoy a44 and that wave's reversed codings."""
    old = wave <= 2013
    data = {
        "id": np.arange(rows) + 1, "a44": 1, "a45": [1, 2, 3] * (rows // 3),
        "a2": 2, "a7a": 12, "a8b": 36000.0, "a10": 1 if old else 4, "a18": 1, "a58": 1, "a59a": 3,
        "a59b": 3 if old else 1, "a59j": 2, "a59k": 1, "a59l": 100, "a611": 1, "a612": 2,
        "weight": 2.0,
    }  # fmt: skip
    if wave == 2018:
        data |= {"provinces": "上海市", "a31": 1980, "a53a": 10, "a53aa": 40, "isco08_a59d": 1000}
        data |= {"a59m": 5}
    else:
        data |= {"s41": 31 if old else 1, "a3a" if old else "a301": 1980, "a53a": 40, "s43": 5}
        data |= {"iscorp1" if old else "a59disco88": 1000}
    return pd.DataFrame(data, index=range(rows)).assign(**changes)


def cgss_labels(wave=2015):
    old = wave <= 2013
    party = {1: "中共党员", 4: "群众"} if old else {1: "群众", 4: "共产党员"}
    contract = {3: "没有签订劳动合同"} if old else {1: "没有签订劳动合同"}
    values = {
        "s41": {31 if old else 1: "上海市"},
        "a45": {1: "是", 2: "以前是，现在不是", 3: "从来都不是"},
        "a10": party,
        "a59b": contract,
        "a18": {1: "农业户口"},
        "a59a": {3: "受雇于他人（有固定雇主）"},
    }
    return {"a45": "您是不是工会会员", "a44": "上次居委会选举是否投票"}, values


def write(frame, path, labels=None, values=None, encoding="utf-8", simulated=True):
    """Write .dta or .sav; GB18030 is Stata 13 by pandas, whose text is latin-1: bytes pass through."""
    path.parent.mkdir(parents=True, exist_ok=True)
    code = (
        (lambda text: text.encode(GB).decode("latin-1")) if encoding == GB else (lambda text: text)
    )
    labels = {name: code(text) for name, text in (labels or {}).items() if name in frame}
    values = {
        name: {key: code(text) for key, text in known.items()}
        for name, known in (values or {}).items()
        if name in frame
    }
    about = code("simulated 模拟数据") if simulated else "survey"
    options = {
        "file_label": about,
        "column_labels": labels,
        "variable_value_labels": values,
    }
    if encoding == GB:
        options = {"data_label": about, "variable_labels": labels, "value_labels": values}
        texts = {name: frame[name].map(code) for name in frame if frame[name].dtype == "str"}
        frame.assign(**texts).to_stata(path, version=117, write_index=False, **options)
    elif path.suffix == ".dta":
        pyreadstat.write_dta(frame, path, **options)
    else:
        pyreadstat.write_sav(frame, path, **options)
    return path


def write_cfps2018(folder, frame=None, name="cfps2018person_202012.dta", **options):
    labels = options.pop("labels", CFPS2018_LABELS)
    return write(cfps2018() if frame is None else frame, folder / "cfps" / name, labels, **options)


def write_cgss(folder, wave=2015, name="", frame=None, **options):
    labels, values = cgss_labels(wave)
    frame = cgss(wave) if frame is None else frame
    return write(frame, folder / "cgss" / (name or f"cgss{wave}_14.dta"), labels, values, **options)
