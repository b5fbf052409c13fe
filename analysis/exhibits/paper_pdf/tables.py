"""A table in typst: three rules, columns by the decimal point, a page across where it is wide."""

from analysis.exhibits.paper_pdf.markup import array, call, text
from analysis.exhibits.printing.measure import column_ems, decimal_ems, laid_out, least_ems
from analysis.exhibits.printing.printed import Printed, number_in

# em of the table's letters (8 points) that a line holds on A4, upright and across
POINTS, UPRIGHT, ACROSS = 8.0, 56.0, 87.0
_RULE, _THIN = "1.5pt", "0.75pt"
_GAP = 0.45
# words may break into lines until a table is that many times narrower than it would like
_SQUEEZE = 1.5


def is_across(printed: Printed, in_appendix: bool) -> bool:
    """Tell whether a table stands on a page that lies across.

    In the text only one whose words would break does, since the page before it stays half empty;
    in an appendix also one that would be cut to pieces.
    """
    wished = sum(column_ems(printed)) / _SQUEEZE if in_appendix else 0.0
    return max(sum(least_ems(printed)), wished) > UPRIGHT


def table(printed: Printed, across: bool = False) -> str:
    """Return the table as an expression of typst."""
    widths = laid_out(printed, ACROSS if across else UPRIGHT)
    heads = [text(row[place]) for row in printed.headings for place in _places(printed)]
    last = len(printed.headings)
    cells = [
        _cell(printed, place, line[place]) for line in printed.lines for place in _places(printed)
    ]
    return call(
        "table",
        call("table.hline", stroke=_RULE),
        call("table.header", *heads, call("table.hline", y=str(last), stroke=_THIN), repeat="true"),
        *cells,
        call("table.hline", stroke=_RULE),
        columns=array(f"{width:.2f}em" for width in widths),
        stroke="none",
        inset=f"(x: {_GAP}em, y: 0.32em)",
        align=array(_side(printed, place) for place in _places(printed)),
    )


def _places(printed: Printed) -> range:
    return range(len(printed.is_number))


def _side(printed: Printed, place: int) -> str:
    return "center + top" if printed.is_number[place] else "left + top"


def _cell(printed: Printed, place: int, words: str) -> str:
    number = number_in(words) if printed.is_number[place] else None
    if number is None:
        return text(words)
    before, after = decimal_ems(printed.column(place))
    if "." not in number.digits and after > 0.0 and _has_points(printed, place):
        # a count beneath decimals stands in the middle, as words do
        return text(words)
    return (
        call("box", f"h(1fr) + {text(number.before)}", width=f"{before:.2f}em")
        + " + "
        + call("box", f"{text(number.after)} + h(1fr)", width=f"{after:.2f}em")
    )


def _has_points(printed: Printed, place: int) -> bool:
    numbers = filter(None, map(number_in, printed.column(place)))
    return any("." in number.digits for number in numbers)
