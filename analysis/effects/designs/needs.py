"""What data a design needs, read off its unit, treatment and estimators."""

from analysis.effects.designs.design import Design
from analysis.messages import Text

# what an estimator needs beyond outcome, treatment and controls
BEYOND = {
    "two_stage_least_squares": Text(
        "an instrument: it moves the union and reaches the outcome no other way",
        "工具变量：影响工会，且不经其他途径影响结果",
    ),
    "gmm": Text("at least as many instruments as endogenous terms", "工具变量数不少于内生变量数"),
    "switching_regression": Text(
        "an exclusion: a column that moves the union and not the outcome",
        "排除变量：影响工会而不影响结果",
    ),
    "endogenous_treatment": Text(
        "an exclusion: a column that moves the union and not the outcome",
        "排除变量：影响工会而不影响结果",
    ),
    "heckman": Text("an exclusion for the selection", "选择方程的排除变量"),
    "fixed_effects": Text(
        "the same units in two periods or more, and units whose union status changes",
        "同一单位两期以上的观测，且有工会状态发生变化者",
    ),
    "matching": Text(
        "all that moves both the union and the outcome, observed",
        "同时影响工会与结果的因素均可观测",
    ),
    "oaxaca_blinder": Text("a column of two groups", "区分两组的变量"),
    "rif_oaxaca": Text("a column of two groups", "区分两组的变量"),
    "tobit": Text("an outcome with a mass at its limit", "在界限处有堆积的结果"),
    "two_part": Text("an outcome with a mass at zero", "在零处有堆积的结果"),
}
SURVEY = {
    "cfps": Text(
        "CFPS, which this package reads: put the files into data/raw/surveys/cfps",
        "CFPS，本软件包可读取：将文件放入 data/raw/surveys/cfps",
    ),
    "cgss": Text(
        "CGSS, which this package reads: put the files into data/raw/surveys/cgss",
        "CGSS，本软件包可读取：将文件放入 data/raw/surveys/cgss",
    ),
    "": Text(
        "no survey that this package reads by name: your own file in a study file, or a mapping",
        "非本软件包可按名读取的调查：在研究文件中引用自备文件，或写映射文件",
    ),
}


def needed(design: Design) -> list[Text]:
    """Return what a file must hold before the design's equations can be fitted."""
    found = [SURVEY[design.survey]]
    for name, row in (("unit", ROW), ("treatment", TREATMENT)):
        found += [_filled(row, fact.text) for fact in design.facts.get(name, ())]
    if design.facts.get("outcomes"):
        found.append(_filled(OUTCOMES, _joined([f.text for f in design.facts["outcomes"]])))
    beyond = [
        BEYOND[name]
        for fact in design.facts.get("estimators", ())
        for name in fact.package
        if name in BEYOND
    ]
    return list(dict.fromkeys([*found, *beyond]))


ROW = Text("rows: {0}", "每行一个：{0}")
TREATMENT = Text("a column for the treatment: {0}", "处理变量一列：{0}")
OUTCOMES = Text("a column for each outcome: {0}", "每个结果一列：{0}")


def _filled(words: Text, value: Text) -> Text:
    return Text(words.en.format(value.en), words.zh.format(value.zh))


def _joined(texts: list[Text]) -> Text:
    return Text("; ".join(text.en for text in texts), "；".join(text.zh for text in texts))
