"""What every regional exhibit has to say beside its numbers, and the marks of private data."""

from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

from analysis.messages import Text

PRIVATE = Text("contains private data", "含内部数据")
ASSOCIATION = Text(
    "Association, not effect: more disputes may bring more unions.",
    "此为关联而非因果：争议增多也可能促成建会。",
)
ACCESS = Text(
    "Cases accepted measure access to arbitration, not conflict.",
    "受理数衡量仲裁的可及性，不等于劳资冲突。",
)
RECOUNTED = Text(
    "Union membership was recounted in 1999-2003.", "工会会员数在1999至2003年间重新统计。"
)
STATUS = Text(
    "A user's own figures keep the status that their file states, else unverified.",
    "用户自行加入的数字沿用其文件所述状态，未注明者视为未核实。",
)
NOT_DRAWN = Text("Not drawn: {reason}", "未绘制：{reason}")


def sentences(*texts: Text) -> Text:
    """Return several sentences as one text."""
    return Text(" ".join(text.en for text in texts), "".join(text.zh for text in texts))


def opening(words: str) -> str:
    """Return the words with a capital letter, as they open a sentence."""
    return words[:1].upper() + words[1:]


def marked_private(module: ModuleType) -> Any:
    """Return the exhibit with the mark of private data in both languages in its title."""
    title = module.ABOUT.title
    marked = Text(
        *(f"{title.in_language(own)} [{PRIVATE.zh} / {PRIVATE.en}]" for own in ("en", "zh"))
    )
    return SimpleNamespace(**{**vars(module), "ABOUT": replace(module.ABOUT, title=marked)})
