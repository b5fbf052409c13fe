"""What a file's own labels say, held against what the map takes a column to be."""

import re
from collections.abc import Iterator

import pandas as pd

from analysis.messages import Text
from analysis.sources.surveys.raw_file import CJK, RawFile
from analysis.sources.surveys.rule import Rule

MISSING_WORDS = re.compile(
    "不适用|不知道|拒绝|拒答|无法回答|未回答|不回答|缺失|未调查|"
    "not appl|n/a|refus|don.?t know|not answer|missing",
    re.IGNORECASE,
)


def says_word(word: str, text: str) -> bool:
    """Say whether a label holds a word; Latin words only whole, so that reunion is no union."""
    if CJK.search(word):
        return word in text
    return re.search(rf"(?<![a-z]){re.escape(word)}s?(?![a-z])", text, re.IGNORECASE) is not None


def label_troubles(name: str, rule: Rule, raw: RawFile) -> Iterator[Text]:
    """Yield what speaks against taking the rule's variables for field ``name``."""
    if rule.label and rule.variables and not _is_labelled(rule, raw):
        found = raw.labels.get(rule.variables[0]) or "-"
        words = "/".join(rule.label)
        yield Text(
            f"{name}: the label of {rule.variables[0]} is '{found}', which says nothing of {words}",
            f"{name}：{rule.variables[0]} 的标签是“{found}”，与 {words} 无关",
        )
    variable = rule.variables[0] if rule.variables else ""
    known = raw.value_labels.get(variable, {})
    for code, word in rule.says.items():
        found = known.get(code, "")
        # labels in English, or none at all, cannot be held against Chinese words
        if CJK.search(found) and word not in found:
            yield Text(
                f"{name}: the file labels {code:g} of {variable} '{found}', expected {word}",
                f"{name}：文件中 {variable} 的 {code:g} 标为“{found}”，应含“{word}”",
            )


def _is_labelled(rule: Rule, raw: RawFile) -> bool:
    texts = [raw.labels.get(name, "") for name in rule.variables]
    for name in rule.variables:
        # slots of a show card: the card's line is the label of its code
        texts += [raw.value_labels.get(name, {}).get(float(code), "") for code in rule.wanted]
    return any(says_word(word, text) for word in rule.label for text in texts)


def unforeseen_missing(column: pd.Series, rule: Rule, raw: RawFile) -> list[float]:
    """Return values of a number that the file itself labels as missing and the map does not."""
    known = raw.value_labels.get(str(column.name), {})
    suspects = [code for code, label in known.items() if MISSING_WORDS.search(label)]
    return [code for code in suspects if code not in rule.top and (column == code).any()]
