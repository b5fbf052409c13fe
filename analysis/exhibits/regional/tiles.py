"""A tile map of China: a square a province, laid by hand. No boundary is drawn, so none is meant.

Taiwan, Hong Kong and Macao have tiles; where a source has no figure a tile says so.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.exhibits.style import FAINT, INK
from analysis.messages import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# code: (column, row from the north, letters, short name); the letters are those of GB/T 2260
TILES = {
    "230000": (8, 0, "HL", "黑龙江"),
    "150000": (6, 1, "NM", "内蒙古"),
    "220000": (8, 1, "JL", "吉林"),
    "650000": (1, 2, "XJ", "新疆"),
    "620000": (3, 2, "GS", "甘肃"),
    "640000": (4, 2, "NX", "宁夏"),
    "110000": (6, 2, "BJ", "北京"),
    "120000": (7, 2, "TJ", "天津"),
    "210000": (8, 2, "LN", "辽宁"),
    "630000": (2, 3, "QH", "青海"),
    "610000": (4, 3, "SN", "陕西"),
    "140000": (5, 3, "SX", "山西"),
    "130000": (6, 3, "HE", "河北"),
    "370000": (7, 3, "SD", "山东"),
    "540000": (1, 4, "XZ", "西藏"),
    "510000": (3, 4, "SC", "四川"),
    "500000": (4, 4, "CQ", "重庆"),
    "410000": (5, 4, "HA", "河南"),
    "340000": (6, 4, "AH", "安徽"),
    "320000": (7, 4, "JS", "江苏"),
    "310000": (8, 4, "SH", "上海"),
    "420000": (5, 5, "HB", "湖北"),
    "360000": (6, 5, "JX", "江西"),
    "330000": (7, 5, "ZJ", "浙江"),
    "530000": (3, 6, "YN", "云南"),
    "520000": (4, 6, "GZ", "贵州"),
    "430000": (5, 6, "HN", "湖南"),
    "350000": (7, 6, "FJ", "福建"),
    "710000": (8, 6, "TW", "台湾"),
    "450000": (4, 7, "GX", "广西"),
    "440000": (5, 7, "GD", "广东"),
    "810000": (6, 7, "HK", "香港"),
    "460000": (4, 8, "HI", "海南"),
    "820000": (5, 8, "MO", "澳门"),
}
COLUMNS, ROWS = 9, 9
FIRST_COLUMN = 1
EMPTY, EDGE = "#F4F4F4", "#BBBBBB"
NO_DATA = Text("no data", "无数据")
# luminance above which dark letters read better
BRIGHT = 0.5


def draw_tiles(
    axes: "Axes", values: Mapping[str, float], title: str, decimals: int, language: str
) -> None:
    """Draw every province's tile with its name and value; darker is more, hatched is no data."""
    from matplotlib.patches import Rectangle

    low, high = min(values.values(), default=0.0), max(values.values(), default=1.0)
    for code, (column, row, letters, chinese) in TILES.items():
        there = code in values
        value = values.get(code, low)
        colour = _colour((value - low) / ((high - low) or 1.0)) if there else EMPTY
        patch = Rectangle(
            (column + 0.03, row + 0.03), 0.94, 0.94, facecolor=colour, linewidth=0.5,
            edgecolor="white" if there else EDGE, hatch=None if there else "////",
        )  # fmt: skip
        axes.add_patch(patch)
        ink = (INK if _luminance(colour) > BRIGHT else "white") if there else FAINT
        name = chinese if language == "zh" else letters
        axes.text(column + 0.5, row + 0.36, name, ha="center", va="center", fontsize=7, color=ink)
        shown = f"{value:,.{decimals}f}" if there else "–"
        axes.text(
            column + 0.5, row + 0.72, shown, ha="center", va="center", fontsize=6.5, color=ink
        )
    _legend(axes, language)
    # inside the axes: a title above them would run into the map over it
    axes.text(FIRST_COLUMN + 0.03, -0.45, title, fontsize=9)
    axes.set_xlim(FIRST_COLUMN - 0.1, COLUMNS + 0.1)
    axes.set_ylim(ROWS + 0.1, -1.0)
    axes.set_aspect("equal")
    axes.axis("off")


def _legend(axes: "Axes", language: str) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((1.05, 0.2), 0.4, 0.4, facecolor=EMPTY, edgecolor=EDGE, hatch="////",
                             linewidth=0.5))  # fmt: skip
    axes.text(1.6, 0.4, NO_DATA.in_language(language), va="center", fontsize=7, color=FAINT)


def _colour(share: float) -> str:
    """Return a blue, darker with the share (0 to 1)."""
    import matplotlib as mpl
    from matplotlib.colors import to_hex

    return to_hex(mpl.colormaps["Blues"](0.12 + 0.83 * share))


def _luminance(colour: str) -> float:
    from matplotlib.colors import to_rgb

    red, green, blue = to_rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue
