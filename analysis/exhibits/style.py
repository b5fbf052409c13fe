"""How every figure looks: fonts, colours that colour-blind readers tell apart, title and footer."""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from analysis.exhibits.fonts import FONTS, chinese_font, faces
from analysis.exhibits.svg import FINDING, FOOTER, TITLE, slim

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's palette (2008), told apart with every common colour vision
BLACK, ORANGE, SKY, GREEN, BLUE, VERMILION, PURPLE, GREY = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7", "#8A8A8A",
)  # fmt: skip
PALE = "#E8E8E8"
INK, FAINT = "#222222", "#666666"
WIDTH_INCHES, DPI = 8.0, 150
VERDICT_COLOURS = {
    "reproduced": GREEN,
    "reproduced_under_definition": SKY,
    "not_reproduced": VERMILION,
    "not_checkable": PALE,
}
# Chinese letters a line at the footer's size
FOOTER_WIDTH = 76.0


def drawn_language(language: str) -> str:
    """Return the language that a figure's words are drawn in: English where no font has Chinese."""
    return language if language == "en" or chinese_font() else "en"


def drawable(text: str) -> str:
    """Return the text as this system's fonts can draw it: without Chinese where none has it."""
    return text if chinese_font() else re.sub(r"[\u2e80-\uffef]+,? ?", "", text)


@contextmanager
def look(language: str) -> Iterator[None]:
    """Draw within the house's style; nothing of it stays behind."""
    import matplotlib as mpl
    import seaborn as sns
    from matplotlib import font_manager

    families, font = ["DejaVu Sans"], chinese_font()
    if font:
        family = FONTS[font.name]
        # matplotlib's own list may be older than the fonts: what it lacks would change the titles
        known = {entry.fname for entry in font_manager.fontManager.ttflist}
        for face in faces(font):
            if str(face) not in known:
                font_manager.fontManager.addfont(face)
        # an English label may hold a Chinese term, so the other family follows as a fallback
        families = [family, *families] if language == "zh" else [*families, family]
    mpl.use("agg")
    settings: Any = {
        "font.family": families,
        "font.size": 9.0,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": FAINT,
        "axes.unicode_minus": False,
        "axes.labelsize": 9.0,
        "xtick.labelsize": 8.5,
        "ytick.labelsize": 8.5,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "svg.fonttype": "path",
        # ids inside an SVG are otherwise random
        "svg.hashsalt": "jieli",
        "path.simplify": True,
    }
    with mpl.rc_context(sns.axes_style("ticks")), mpl.rc_context(settings):
        yield


def new_figure(
    height_inches: float, columns: int = 1, width_ratios: Sequence[float] | None = None
) -> tuple["Figure", list["Axes"]]:
    """Return a figure of the house's width with its panels side by side."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        1, columns, figsize=(WIDTH_INCHES, height_inches), squeeze=False,
        gridspec_kw={"width_ratios": width_ratios} if width_ratios else None,
    )  # fmt: skip
    return figure, list(axes[0])


def furnish(figure: "Figure", title: str, finding: str, footer: str) -> None:
    """Put title and finding above, the wrapped footer beneath, and fit the panels between them."""
    height = figure.get_size_inches()[1]
    lines = [part for line in footer.split("\n") for part in wrap(line, FOOTER_WIDTH)]
    foot = (0.1 + 0.155 * len(lines)) / height
    head = 1.0 - (0.62 if finding else 0.42) / height
    figure.text(0.012, 1.0 - 0.12 / height, title, va="top", fontsize=11, weight="bold",
                gid=TITLE)  # fmt: skip
    figure.text(0.012, 1.0 - 0.38 / height, finding, va="top", fontsize=9, color=FAINT,
                gid=FINDING)  # fmt: skip
    figure.text(
        0.012, foot - 0.02 / height, "\n".join(lines), va="top", fontsize=7, color=FAINT,
        linespacing=1.35, gid=FOOTER,
    )  # fmt: skip
    figure.tight_layout(rect=(0.0, foot, 1.0, head))


def wrap(line: str, width: float) -> list[str]:
    """Wrap a line of Chinese, English or both; a Chinese letter counts 1, another one 0.55.

    English words stay whole; Chinese may break after any letter.
    """
    lines, current, used = [], "", 0.0
    for piece in re.findall(
        r"[\u2e80-\uffef][，。；：、）》？！]*|[^\u2e80-\uffef\s]+\s*|\s+", line
    ):
        size = sum(1.0 if ord(letter) > 0x2E7F else 0.55 for letter in piece.rstrip())
        if used + size > width and current:
            lines.append(current.rstrip())
            current, used = "", 0.0
        current, used = current + piece, used + size + 0.55 * (len(piece) - len(piece.rstrip()))
    return [*lines, current.rstrip()]


def as_png(figure: "Figure", source: str = "") -> bytes:
    """Return the figure as PNG, without the date or the library's name; ``source`` in its text."""
    buffer = io.BytesIO()
    about = {"Software": None} | ({"Source": source} if source else {})
    figure.savefig(buffer, format="png", dpi=DPI, metadata=about)
    return buffer.getvalue()


def as_svg(figure: "Figure", title: str, description: str, source: str = "") -> bytes:
    """Return the figure as SVG with a text alternative, its letters as outlines."""
    buffer = io.BytesIO()
    about = {"Date": None, "Creator": None, "Title": title, "Description": description}
    about |= {"Source": source} if source else {}
    figure.savefig(buffer, format="svg", metadata=about)
    return slim(buffer.getvalue())
