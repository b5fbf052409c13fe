"""A table as LaTeX: a longtable with booktabs' rules; numbers by dcolumn; Chinese by ctex."""

import math
from collections.abc import Sequence

from analysis.exhibits.printing.measure import PADDING, column_ems, em, laid_out, least_ems
from analysis.exhibits.printing.printed import CHINESE, Printed, has_marked_numbers, number_in

_SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "²": r"\textsuperscript{2}",
    "−": r"\ensuremath{-}", "×": r"\ensuremath{\times}",
}  # fmt: skip
# LaTeX's own fonts have Greek as mathematics only
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "θ": "theta", "λ": "lambda",
    "ρ": "rho", "σ": "sigma", "τ": "tau", "χ": "chi",
}  # fmt: skip
_ESCAPED = _SPECIAL | {letter: rf"\ensuremath{{\{name}}}" for letter, name in _GREEK.items()}
# a line of 16 cm, or of 24.7 cm on a page that lies across, holds so many em of 10-point letters;
# wide tables take smaller ones
_UPRIGHT, _ACROSS = 45.0, 69.0
_SMALL, _FOOTNOTE = 10.0 / 9.0, 10.0 / 8.0
# between columns: on each side of each, and what both are reckoned with
_BESIDE, _PADDING = 0.55, PADDING


def as_latex(printed: Printed) -> bytes:
    """Return the table, to be read into a document with the packages that its first line names."""
    by_point = [
        is_number and has_marked_numbers(printed.column(place))
        for place, is_number in enumerate(printed.is_number)
    ]
    across = sum(least_ems(printed)) > _UPRIGHT * _FOOTNOTE
    packages = "booktabs, longtable, array" + (", dcolumn" if any(by_point) else "")
    needs = packages + (", pdflscape" if across else "") + _for_chinese(printed)
    size, room = _size(printed, _ACROSS if across else _UPRIGHT)
    opening, closing = (r"\begin{landscape}", r"\end{landscape}") if across else ("", "")
    widths = laid_out(printed, room)
    head = "\n".join(_head(line, by_point, widths, room) for line in printed.headings)
    body = "\n".join(_line(line, by_point, widths, room) for line in printed.lines)
    notes = "\n\n".join(latex_safe(line) for line in printed.foot.split("\n"))
    return rf"""% needs {needs}
{opening}\begingroup{size}
\setlength{{\heavyrulewidth}}{{1.5pt}}\setlength{{\lightrulewidth}}{{0.75pt}}
\setlength{{\tabcolsep}}{{{_BESIDE}em}}\setlength{{\LTcapwidth}}{{\linewidth}}
\begin{{longtable}}{{{_layout(printed, by_point, widths, room)}}}
\caption{{{latex_safe(printed.title)}}} \\
\toprule
{head}
\midrule
\endhead
\bottomrule
\endfoot
{body}
\end{{longtable}}
\par\noindent\begin{{minipage}}{{\linewidth}}\footnotesize {notes}\end{{minipage}}
\endgroup{closing}
""".encode()


def _size(printed: Printed, line: float) -> tuple[str, float]:
    """Return the size of letters and how many em of them a line holds."""
    wished = sum(column_ems(printed)) / line
    if wished <= 1.0:
        return "", line
    small = wished <= _SMALL
    return (r"\small", line * _SMALL) if small else (r"\footnotesize", line * _FOOTNOTE)


def _for_chinese(printed: Printed) -> str:
    """Return the package that a table's Chinese needs; ctex would turn English captions too."""
    if printed.language == "zh":
        return ", ctex"
    cells = (text for line in (*printed.headings, *printed.lines) for text in line)
    return ", xeCJK" if any(map(CHINESE.search, (printed.title, printed.foot, *cells))) else ""


def _layout(printed: Printed, by_point: list[bool], widths: Sequence[float], room: float) -> str:
    return "".join(
        _decimal(printed.column(place))
        if by_point[place]
        else _column(printed, place, widths[place], room)
        for place in range(len(widths))
    )


def _column(printed: Printed, place: int, width: float, room: float) -> str:
    """Return a column that its words fit; else, or where asked for, one that breaks lines."""
    texts = [*printed.column(place), *(row[place] for row in printed.headings)]
    is_number, fits = printed.is_number[place], max(map(em, texts), default=0.0) + _PADDING <= width
    if fits and printed.widths[place] is None:
        return "r" if is_number else "l"
    side = r"\raggedleft" if is_number else r"\raggedright"
    return rf">{{{side}\arraybackslash}}p{{{max(width - _PADDING, 0.5) / room:.3g}\linewidth}}"


def _decimal(texts: list[str]) -> str:
    """Return dcolumn's column: places before and after the point, brackets and stars counted."""
    numbers = [number for number in map(number_in, texts) if number and "." in number.digits]
    before = max((len(number.before) for number in numbers), default=1)
    # stars are raised, hence narrower
    after = max((len(number.after.rstrip("*")) - 1 for number in numbers), default=0)
    stars = max((number.suffix.count("*") for number in numbers), default=0)
    return f"D{{.}}{{.}}{{{before}.{after + (stars + 1) // 2}}}"


def _head(line: tuple[str, ...], by_point: list[bool], widths: Sequence[float], room: float) -> str:
    cells = zip(line, by_point, widths, strict=True)
    return _joined(
        [_centred(text, width, room) if point else latex_safe(text) for text, point, width in cells]
    )


def _line(line: tuple[str, ...], by_point: list[bool], widths: Sequence[float], room: float) -> str:
    cells = zip(line, by_point, widths, strict=True)
    return _joined(
        [
            _by_point(text, width, room) if point else latex_safe(text)
            for text, point, width in cells
        ]
    )


def _joined(cells: list[str]) -> str:
    # a bracket at the line's beginning would be taken for an option of the row before
    first = f"{{{cells[0]}}}" if cells[0].startswith(("[", "*")) else cells[0]
    return " & ".join([first, *cells[1:]]) + r" \\"


def _centred(text: str, width: float = math.inf, room: float = 1.0) -> str:
    """Return a cell in the middle; one wider than its column of ``width`` em breaks into lines."""
    side = "c"
    if em(text) + _PADDING > width:
        share = (width - _PADDING) / room
        side = rf">{{\centering\arraybackslash}}p{{{share:.3g}\linewidth}}"
    return rf"\multicolumn{{1}}{{{side}}}{{{latex_safe(text)}}}" if text else ""


def _by_point(text: str, width: float, room: float) -> str:
    """Return a cell of a dcolumn, which is set as mathematics; words and counts in the middle."""
    number = number_in(text)
    if number is None or "." not in number.digits:
        return _centred(text, width, room)
    digits = number.digits.replace(",", "{,}")
    bracket, stars = number.suffix.rstrip("*"), number.suffix.lstrip(")]")
    return number.prefix + digits + bracket + (f"^{{{stars}}}" if stars else "")


def latex_safe(text: str) -> str:
    """Return text with LaTeX's own characters escaped."""
    return "".join(_ESCAPED.get(letter, letter) for letter in text)
