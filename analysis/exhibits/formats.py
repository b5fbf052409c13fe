"""A table's rows to its printed forms: CSV, Markdown, LaTeX and HTML, in either language."""

import csv
import html
import io
import math
from collections.abc import Sequence

from analysis.exhibits.about import About, Column
from analysis.messages import LANGUAGES, Text

Rows = Sequence[dict[str, object]]
BOM = "\ufeff"
TRUE_FALSE = {"true": Text("yes", "是"), "false": Text("no", "否")}


def print_all(
    about: About, columns: Sequence[Column], rows: Rows, footer: dict[str, str]
) -> dict[str, bytes]:
    """Return <language>_<format> for csv, md, tex and html."""
    files: dict[str, bytes] = {}
    for language in LANGUAGES:
        headings = [column.heading.in_language(language) for column in columns]
        cells = [
            [cell(row[column.key_in(language)], column, language) for column in columns]
            for row in rows
        ]
        title, foot = about.title.in_language(language), footer[language]
        numeric = [column.decimals is not None for column in columns]
        files[f"{language}_csv"] = as_csv(headings, cells, language)
        files[f"{language}_md"] = as_markdown(title, headings, cells, numeric, foot)
        files[f"{language}_tex"] = as_latex(title, columns, headings, cells, foot, language)
        files[f"{language}_html"] = as_html(title, headings, cells, numeric, foot, language)
    return files


def cell(value: object, column: Column, language: str) -> str:
    """Return a value as its cell's text; empty where there is none."""
    if value is None or value != value or value == "":
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if column.decimals is None and isinstance(value, float) and value.is_integer():
        # a year in a column with empty cells arrives as a float
        text = str(int(value))
    if column.words and text in column.words:
        return column.words[text].in_language(language)
    if column.decimals is None:
        return text
    number = float(str(value))
    if 0.0 < abs(number) < 0.5 * 10.0**-column.decimals and math.isfinite(number):
        return f"{number:.1e}"
    return f"{number:,.{column.decimals}f}"


def as_csv(headings: Sequence[str], cells: Sequence[Sequence[str]], language: str) -> bytes:
    """Return CSV; the Chinese one begins with a BOM, without which Excel misreads it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(cells)
    return ((BOM if language == "zh" else "") + buffer.getvalue()).encode("utf-8")


def as_markdown(
    title: str,
    headings: Sequence[str],
    cells: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    foot: str,
) -> bytes:
    """Return a pipe table under its title, numbers to the right."""
    rules = ["---:" if right else "---" for right in numeric]
    lines = [headings, rules, *cells]
    table = "\n".join("| " + " | ".join(_pipe_safe(c) for c in line) + " |" for line in lines)
    return f"# {title}\n\n{table}\n\n{foot}\n".encode()


def _pipe_safe(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def as_html(
    title: str,
    headings: Sequence[str],
    cells: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    foot: str,
    language: str,
) -> bytes:
    """Return a page of its own: three rules, no colours to lose in print."""
    head = "".join(f'<th scope="col">{html.escape(heading)}</th>' for heading in headings)
    body = "\n".join(f"<tr>{_html_cells(line, numeric)}</tr>" for line in cells)
    page = f"""<!doctype html>
<html lang="{"zh-CN" if language == "zh" else "en"}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style>{STYLE}</style>
<table>
<caption>{html.escape(title)}</caption>
<thead><tr>{head}</tr></thead>
<tbody>
{body}
</tbody>
</table>
<p>{html.escape(foot)}</p>
</html>
"""
    return page.encode("utf-8")


STYLE = (
    "body{font:15px/1.5 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2rem;"
    "color:#222;background:#fff}table{border-collapse:collapse;border-top:2px solid;"
    "border-bottom:2px solid}caption{text-align:left;font-weight:bold;padding:.5rem 0}"
    "thead{border-bottom:1px solid}th,td{padding:.25rem .75rem;text-align:left;vertical-align:top}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}p{max-width:60rem;color:#555}"
)


def _html_cells(line: Sequence[str], numeric: Sequence[bool]) -> str:
    return "".join(
        f'<td class="n">{html.escape(text)}</td>' if right else f"<td>{html.escape(text)}</td>"
        for text, right in zip(line, numeric, strict=True)
    )


def as_latex(
    title: str,
    columns: Sequence[Column],
    headings: Sequence[str],
    cells: Sequence[Sequence[str]],
    foot: str,
    language: str,
) -> bytes:
    """Return a longtable with booktabs' rules; needs booktabs, longtable, array (ctex for zh)."""
    layout = "".join(_latex_column(column) for column in columns)
    head = " & ".join(map(latex_safe, headings)) + r" \\"
    body = "\n".join(" & ".join(map(latex_safe, line)) + r" \\" for line in cells)
    packages = "booktabs, longtable, array" + (", ctex" if language == "zh" else "")
    return rf"""% needs {packages}
\begin{{longtable}}{{{layout}}}
\caption{{{latex_safe(title)}}} \\
\toprule
{head}
\midrule
\endhead
\bottomrule
\endfoot
{body}
\end{{longtable}}
\par\noindent\footnotesize {latex_safe(foot)}
""".encode()


def _latex_column(column: Column) -> str:
    if column.width is not None:
        return rf">{{\raggedright\arraybackslash}}p{{{column.width}\linewidth}}"
    return "r" if column.decimals is not None else "l"


_LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip


def latex_safe(text: str) -> str:
    """Return text with LaTeX's own characters escaped."""
    return "".join(_LATEX.get(letter, letter) for letter in text)
