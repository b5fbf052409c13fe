"""Chinese figures that were drawn where no Chinese font was."""

import re
from collections.abc import Iterator

from analysis.exhibits.fonts import chinese_font_name
from analysis.messages import Text
from analysis.verification.preflight.finding import Finding, Severity
from analysis.verification.preflight.tree import Tree

ABOUT = Text("fonts of Chinese figures", "中文图的字体")
NO_FONT = Text(
    "this machine has no Chinese font: figures drawn here carry English words",
    "本机没有中文字体：在此绘制的图只有英文",
)
ENGLISH = Text(
    "drawn without a Chinese font: it holds no Chinese", "绘制时缺少中文字体：图中没有汉字"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def find(tree: Tree) -> Iterator[Finding]:
    """Yield Chinese drawings without a Chinese character, and a machine without the font."""
    if not chinese_font_name():
        yield Finding("reports/figures", NO_FONT, Severity.WARNING)
    for name in tree.below("reports", ".svg"):
        if name.endswith("_zh.svg") and not CHINESE.search(tree.text(name)):
            yield Finding(name, ENGLISH)
