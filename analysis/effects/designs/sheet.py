"""A design's sheet in Markdown: what is established, what is not, what it needs, an empty table."""

from collections.abc import Iterable, Sequence

from analysis.effects.designs.design import FIELDS, Design, Fact
from analysis.effects.designs.needs import needed
from analysis.messages import Text
from analysis.paths import relative

FIELD_NAMES = {
    "reference": Text("reference", "文献"),
    "unit": Text("unit of observation", "观测单位"),
    "data": Text("data", "数据"),
    "n": Text("number of observations", "样本量"),
    "outcomes": Text("outcome", "结果变量"),
    "treatment": Text("treatment", "处理变量"),
    "contrast": Text("contrast", "比较的双方"),
    "controls": Text("controls", "控制变量"),
    "estimators": Text("estimator", "估计方法"),
    "instruments": Text("instruments", "工具变量"),
    "headline": Text("finding as reported", "所述结论"),
}
CONFIDENCE_NAMES = {
    "read": Text("read", "已读到"),
    "unverified": Text("unverified", "未核实"),
    "not established": Text("not established", "未能确证"),
}
UNCERTAIN = Text("unverified and uncertain", "未核实且存疑")
CITED_NAMES = {
    "article": Text("cited in the article", "本文所引"),
    "beside": Text("beside the article", "本文之外"),
}
WORDS = {
    "sheet": Text("Design sheet", "研究设计单"),
    "known": Text("What is said of it, and how surely", "所知内容与确证程度"),
    "head": Text(
        "| Field | What is said | How sure | Where read |",
        "| 项目 | 内容 | 确证程度 | 阅读出处 |",
    ),
    "unknown": Text("Not established", "未能确证的项目"),
    "all_known": Text("Every field has an entry.", "各项目均有内容。"),
    "needs": Text("What data it needs", "所需数据"),
    "fits": Text("What this package would fit", "本软件包可拟合的方法"),
    "no_fit": Text(
        "No estimator is established, so none is proposed.", "估计方法未能确证，故不作建议。"
    ),
    "without": Text("no estimator of this package", "本软件包无此方法"),
    "ready": Text(
        "Ready equations, ours and not the study's, for your own survey files: `{file}`. Run: "
        "`python -m analysis estimate {file} --out reports/local/{id}.csv`",
        "供您自备调查文件使用的方程（由本软件包拟定，非原研究所有）：`{file}`。运行："
        "`python -m analysis estimate {file} --out reports/local/{id}.csv`",
    ),
    "shell": Text("Table shell", "空表"),
    "empty": Text(
        "Empty: no result of this package stands under a cited author's name on simulated data.",
        "空表：本软件包不以被引作者之名列出模拟数据的结果。",
    ),
    "no_shell": Text(
        "No outcome is established, so there is no table.", "结果变量未能确证，故无表。"
    ),
    "no_study": Text(
        "The study could not be identified; its row is kept and nothing is guessed.",
        "该研究未能识别；保留其条目，不作猜测。",
    ),
}
FITTED = Text("{0} ({1}): {2}", "{0}（{1}）：{2}")
SHELL_ROWS = (
    Text("{treatment}", "{treatment}"),
    Text("(standard error)", "（标准误）"),
    Text("controls", "控制变量"),
    Text("observations", "样本量"),
    Text("clusters", "聚类数"),
    Text("mean of the outcome", "因变量均值"),
)


def sheet(design: Design, language: str) -> str:
    """Return the sheet of one study as Markdown in ``language``."""
    say = {key: text.in_language(language) for key, text in WORDS.items()}
    colon = ": " if language == "en" else "："
    parts = [
        f"# {say['sheet']}{colon}{design.name.in_language(language)}",
        CITED_NAMES[design.cited].in_language(language),
        *([] if design.identified else [say["no_study"]]),
        f"## {say['known']}",
        _known(design, language),
        f"## {say['unknown']}",
        _bullets(FIELD_NAMES[name].in_language(language) for name in design.missing())
        or say["all_known"],
        f"## {say['needs']}",
        _bullets(text.in_language(language) for text in needed(design)),
        f"## {say['fits']}",
        _fits(design, language),
        f"## {say['shell']}",
        _shell(design, language),
    ]
    return "\n\n".join(parts) + "\n"


def sure(fact: Fact, language: str) -> str:
    """Return how sure a fact is, in words."""
    return (UNCERTAIN if fact.uncertain else CONFIDENCE_NAMES[fact.confidence]).in_language(
        language
    )


def _known(design: Design, language: str) -> str:
    lines = [WORDS["head"].in_language(language), "|---|---|---|---|"]
    lines += [
        _row(
            FIELD_NAMES[name].in_language(language),
            fact.text.in_language(language),
            sure(fact, language),
            fact.address,
        )
        for name in FIELDS
        for fact in design.facts.get(name, ())
    ]
    return "\n".join(lines)


def _fits(design: Design, language: str) -> str:
    lines = [
        FITTED.in_language(language).format(
            fact.text.in_language(language), sure(fact, language), _named(fact, language)
        )
        for fact in design.facts.get("estimators", ())
    ]
    text = _bullets(lines) or WORDS["no_fit"].in_language(language)
    if design.ready is None:
        return text
    ready = WORDS["ready"].in_language(language).format(file=relative(design.ready), id=design.id)
    return f"{text}\n\n{ready}"


def _named(fact: Fact, language: str) -> str:
    names = ", ".join(f"`{name}`" for name in fact.package)
    return names or WORDS["without"].in_language(language)


def _shell(design: Design, language: str) -> str:
    outcomes = [fact.text.in_language(language) for fact in design.facts.get("outcomes", ())]
    if not outcomes:
        return WORDS["no_shell"].in_language(language)
    treatment = design.facts.get("treatment", ())
    label = treatment[0].text if treatment else FIELD_NAMES["treatment"]
    blank = [""] * len(outcomes)
    body = [
        _row(row.in_language(language).format(treatment=label.in_language(language)), *blank)
        for row in SHELL_ROWS
    ]
    rule = "|---" * (len(outcomes) + 1) + "|"
    note = WORDS["empty"].in_language(language)
    return "\n".join([_row("", *outcomes), rule, *body, "", note])


def _row(*cells: str) -> str:
    return "| " + " | ".join(_pipe_safe(cell) for cell in cells) + " |"


def _pipe_safe(text: str) -> str:
    # a bar would end the cell; an angle bracket could open a tag
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _bullets(lines: Iterable[str] | Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
