"""A small table that tests of printing share, and how to look into a Word file."""

from xml.etree import ElementTree

from analysis.exhibits.formats import words_of
from analysis.exhibits.printing.package import unpacked

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HOSTILE = "<script>alert('a & b')</script>"
NOTE = {"en": "Standard errors in brackets.\nSimulated.", "zh": "注：括号内为标准误。\n模拟数据。"}
WORDS = {"en": ("Union", "Fixed effects", "yes"), "zh": ("工会会员", "固定效应", "是")}


def table(language="en", title="A table"):
    union, effects, yes = WORDS[language]
    return words_of(
        title,
        ["", "(1)\nln wage", "(2)\nhours"],
        [
            [union, "0.1234***", "-12.3"],
            ["", "(0.0123)", "(1.5)"],
            [effects, yes, ""],
            ["N", "4,360", "4,360"],
        ],
        [False, True, True],
        NOTE[language],
        language,
    )


def document(content):
    return ElementTree.fromstring(unpacked(content)["word/document.xml"])
