"""Find a font for Chinese on this system, without loading any drawing library.

Open fonts first; where there is none, one that the operating system brings.
"""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

# file name -> family, in order of preference
FONTS = {
    "NotoSansCJK-Regular.ttc": "Noto Sans CJK SC",
    "NotoSansCJKsc-Regular.otf": "Noto Sans CJK SC",
    "NotoSansSC-Regular.otf": "Noto Sans SC",
    "NotoSansSC-Regular.ttf": "Noto Sans SC",
    "SourceHanSansSC-Regular.otf": "Source Han Sans SC",
    "SourceHanSansCN-Regular.otf": "Source Han Sans CN",
    "wqy-microhei.ttc": "WenQuanYi Micro Hei",
    "wqy-zenhei.ttc": "WenQuanYi Zen Hei",
    "msyh.ttc": "Microsoft YaHei",
    "simhei.ttf": "SimHei",
    "PingFang.ttc": "PingFang SC",
    "Hiragino Sans GB.ttc": "Hiragino Sans GB",
}
# for running text in print; where there is none, a font of the list above serves
SERIFS = {
    "NotoSerifCJK-Regular.ttc": "Noto Serif CJK SC",
    "NotoSerifCJKsc-Regular.otf": "Noto Serif CJK SC",
    "NotoSerifSC-Regular.otf": "Noto Serif SC",
    "SourceHanSerifSC-Regular.otf": "Source Han Serif SC",
    "SourceHanSerifCN-Regular.otf": "Source Han Serif CN",
    "simsun.ttc": "SimSun",
    "Songti.ttc": "Songti SC",
}


@cache
def chinese_font() -> Path | None:
    """Return the file of the preferred Chinese font; None where the system has none."""
    return _preferred(FONTS)


@cache
def chinese_serif() -> tuple[Path, str] | None:
    """Return file and family of the preferred Chinese font for running text; None without any."""
    families = SERIFS | FONTS
    font = _preferred(families)
    return (font, families[font.name]) if font else None


def _preferred(names: Iterable[str]) -> Path | None:
    found = {path.name: path for path in _font_files()}
    return next((found[name] for name in names if name in found), None)


def faces(font: Path) -> list[Path]:
    """Return the font's file and, beside it, that of its bold letters where there is one."""
    bold = font.with_name(font.name.replace("Regular", "Bold"))
    return [font, bold] if bold != font and bold.is_file() else [font]


def chinese_font_name() -> str:
    """Return the font's file name, an argument of every figure; empty where there is none."""
    font = chinese_font()
    return font.name if font else ""


def _font_files() -> Iterator[Path]:
    for folder in _font_folders():
        for place, _, names in os.walk(folder):
            yield from (Path(place) / name for name in names)


def _font_folders() -> list[Path]:
    unix = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/System/Library/Fonts")]
    own = [Path.home() / ".fonts", Path.home() / ".local" / "share" / "fonts"]
    windows = [Path(os.environ["WINDIR"]) / "Fonts"] if "WINDIR" in os.environ else []
    local = os.environ.get("LOCALAPPDATA")
    mine = [Path(local) / "Microsoft" / "Windows" / "Fonts"] if local else []
    return [folder for folder in [*unix, *own, *windows, *mine] if folder.is_dir()]
