"""The sentences shown to users: each in both languages, with the same fields, in one file only."""

import string
import tomllib
from collections import Counter

import pytest

from analysis.messages import CATALOGUE

FILES = {path.name: tomllib.loads(path.read_text("utf-8")) for path in CATALOGUE.glob("*.toml")}
SENTENCES = [(file, key, words) for file, keys in FILES.items() for key, words in keys.items()]


def fields(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize(("file", "key", "words"), SENTENCES)
def test_a_sentence_has_both_languages_and_the_same_fields(file, key, words):
    assert set(words) == {"en", "zh"}
    assert fields(words["en"]) == fields(words["zh"])


def test_no_key_stands_in_two_files():
    counts = Counter(key for _, key, _ in SENTENCES)
    assert [key for key, times in counts.items() if times > 1] == []
