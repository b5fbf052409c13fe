"""A table as a page of its own: three rules, no colours to lose in print."""

from html import escape

from analysis.exhibits.printing.measure import decimal_ems
from analysis.exhibits.printing.printed import Printed, has_marked_numbers, number_in

_STYLE = (
    "body{font:15px/1.5 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2rem;"
    "color:#222;background:#fff}table{border-collapse:collapse;border-top:1.5pt solid;"
    "border-bottom:1.5pt solid}caption{text-align:left;font-weight:bold;padding:.5rem 0}"
    "thead{border-bottom:.75pt solid}th,td{padding:.25rem .75rem;text-align:left;"
    "vertical-align:top}th.n{text-align:right}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    "th.d,td.d{text-align:center;font-variant-numeric:tabular-nums;white-space:nowrap}"
    ".d span{display:inline-block;text-align:right}.d span+span{text-align:left}"
    "p{max-width:60rem;color:#555}"
)
# a digit's width is one ch and half an em of the fonts that ``measure`` knows
_CH_AN_EM = 2.0


def as_html(printed: Printed) -> bytes:
    """Return the page; whatever the words, they are shown as text."""
    # numbers with brackets or stars end differently and are aligned by their points
    kinds = [_kind(printed, place) for place in range(len(printed.is_number))]
    head = "\n".join(_row("th", line, kinds) for line in printed.headings)
    body = "\n".join(_row("td", line, kinds) for line in printed.lines)
    title = escape(printed.title)
    notes = "\n".join(f"<p>{escape(line)}</p>" for line in printed.foot.split("\n"))
    page = f"""<!doctype html>
<html lang="{"zh-CN" if printed.language == "zh" else "en"}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{_STYLE}{_decimal_widths(printed, kinds)}</style>
<table>
<caption>{title}</caption>
<thead>
{head}
</thead>
<tbody>
{body}
</tbody>
</table>
{notes}
</html>
"""
    return page.encode("utf-8")


def _kind(printed: Printed, place: int) -> str:
    """Return the column's class: none for text, n to the right, d<place> by the decimal point."""
    if not printed.is_number[place]:
        return ""
    return f"d d{place}" if has_marked_numbers(printed.column(place)) else "n"


def _row(tag: str, line: tuple[str, ...], kinds: list[str]) -> str:
    cells = [_cell(tag, text, kind) for text, kind in zip(line, kinds, strict=True)]
    return f"<tr>{''.join(cells)}</tr>"


def _cell(tag: str, text: str, kind: str) -> str:
    attributes = (' scope="col"' if tag == "th" else "") + (f' class="{kind}"' if kind else "")
    return f"<{tag}{attributes}>{_inside(text, kind if tag == 'td' else '')}</{tag}>"


def _inside(text: str, kind: str) -> str:
    number = number_in(text) if kind.startswith("d") else None
    if number is None or "." not in number.digits:
        return escape(text)
    return f"<span>{escape(number.before)}</span><span>{escape(number.after)}</span>"


def _decimal_widths(printed: Printed, kinds: list[str]) -> str:
    rules = []
    for place, kind in enumerate(kinds):
        if kind.startswith("d"):
            before, after = (_CH_AN_EM * size for size in decimal_ems(printed.column(place)))
            rules.append(
                f".d{place} span{{min-width:{before:.1f}ch}}"
                f".d{place} span+span{{min-width:{after:.1f}ch}}"
            )
    return "".join(rules)
