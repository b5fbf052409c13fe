"""A table as LaTeX: a longtable with booktabs' rules; numbers by dcolumn; Chinese by ctex."""

from analysis.exhibits.printing.measure import column_ems, em, fitted
from analysis.exhibits.printing.printed import CHINESE, Printed, has_marked_numbers, number_in

_SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "²": r"\textsuperscript{2}",
    "χ": r"\ensuremath{\chi}", "τ": r"\ensuremath{\tau}", "−": r"\ensuremath{-}",
}  # fmt: skip
# a line of 16 cm holds so many em of 10-point letters; wide tables take smaller ones
_ROOM = 45.0
_SMALL, _FOOTNOTE = 10.0 / 9.0, 10.0 / 8.0
_PADDING = 1.2


def as_latex(printed: Printed) -> bytes:
    """Return the table, to be read into a document with the packages that its first line names."""
    by_point = [
        is_number and has_marked_numbers(printed.column(place))
        for place, is_number in enumerate(printed.is_number)
    ]
    packages = "booktabs, longtable, array" + (", dcolumn" if any(by_point) else "")
    needs = packages + _for_chinese(printed)
    size, scale = _size(printed)
    head = "\n".join(_head(line, by_point) for line in printed.headings)
    body = "\n".join(_line(line, by_point) for line in printed.lines)
    notes = "\n\n".join(latex_safe(line) for line in printed.foot.split("\n"))
    return rf"""% needs {needs}
\begingroup{size}
\setlength{{\heavyrulewidth}}{{1.5pt}}\setlength{{\lightrulewidth}}{{0.75pt}}
\begin{{longtable}}{{{_layout(printed, by_point, _ROOM * scale)}}}
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
\endgroup
""".encode()


def _size(printed: Printed) -> tuple[str, float]:
    """Return the size of letters and how many more of them a line holds."""
    wished = sum(column_ems(printed)) / _ROOM
    if wished <= 1.0:
        return "", 1.0
    return (r"\small", _SMALL) if wished <= _SMALL else (r"\footnotesize", _FOOTNOTE)


def _for_chinese(printed: Printed) -> str:
    """Return the package that a table's Chinese needs; ctex would turn English captions too."""
    if printed.language == "zh":
        return ", ctex"
    cells = (text for line in (*printed.headings, *printed.lines) for text in line)
    return ", xeCJK" if any(map(CHINESE.search, (printed.title, printed.foot, *cells))) else ""


def _layout(printed: Printed, by_point: list[bool], room: float) -> str:
    widths = fitted(printed, room)
    asked = [
        width if share is None else share * room + _PADDING
        for width, share in zip(widths, printed.widths, strict=True)
    ]
    widths = asked if sum(asked) <= room else widths
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


def _head(line: tuple[str, ...], by_point: list[bool]) -> str:
    return _joined([_centred(text) if point else latex_safe(text)
                    for text, point in zip(line, by_point, strict=True)])  # fmt: skip


def _line(line: tuple[str, ...], by_point: list[bool]) -> str:
    return _joined([_by_point(text) if point else latex_safe(text)
                    for text, point in zip(line, by_point, strict=True)])  # fmt: skip


def _joined(cells: list[str]) -> str:
    # a bracket at the line's beginning would be taken for an option of the row before
    first = f"{{{cells[0]}}}" if cells[0].startswith(("[", "*")) else cells[0]
    return " & ".join([first, *cells[1:]]) + r" \\"


def _centred(text: str) -> str:
    return rf"\multicolumn{{1}}{{c}}{{{latex_safe(text)}}}" if text else ""


def _by_point(text: str) -> str:
    """Return a cell of a dcolumn, which is set as mathematics; words and counts in the middle."""
    number = number_in(text)
    if number is None or "." not in number.digits:
        return _centred(text)
    digits = number.digits.replace(",", "{,}")
    bracket, stars = number.suffix.rstrip("*"), number.suffix.lstrip(")]")
    return number.prefix + digits + bracket + (f"^{{{stars}}}" if stars else "")


def latex_safe(text: str) -> str:
    """Return text with LaTeX's own characters escaped."""
    return "".join(_SPECIAL.get(letter, letter) for letter in text)
