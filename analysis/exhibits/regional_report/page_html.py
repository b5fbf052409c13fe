"""A region's page as HTML: one file, nothing loaded, tables that scroll on a phone."""

import base64
import html

from analysis.exhibits.regional_report.content import Page, Section, Table

STYLE = (
    "body{font:16px/1.6 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;color:#222;"
    "background:#fff;max-width:60rem;margin:0 auto;padding:1rem}h1{font-size:1.5rem;margin:.5rem 0}"
    "h2{font-size:1.1rem;margin:1.75rem 0 .5rem}p{margin:.4rem 0;overflow-wrap:anywhere}"
    ".mark{background:#D55E00;color:#fff;font-weight:bold;padding:.35rem .75rem;border-radius:3px}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;border-top:2px solid;border-bottom:2px "
    "solid;font-size:.875rem}thead{border-bottom:1px solid}th,td{padding:.25rem .6rem;"
    "text-align:left;vertical-align:top}.n{text-align:right;"
    "font-variant-numeric:tabular-nums;white-space:nowrap}img{max-width:100%;height:auto}"
    ".wide td:first-child{min-width:6.5em}"
    "tbody tr:nth-child(even){background:#f6f6f6}@media print{.wide{overflow:visible}}"
)


def as_html(page: Page, picture: bytes | None) -> bytes:
    """Return the page; whatever text it holds is shown as text."""
    language = "zh-CN" if page.language == "zh" else "en"
    title = html.escape(page.title)
    mark = f'<p class="mark">{html.escape(page.mark)}</p>\n' if page.mark else ""
    body = "\n".join(_section(section, page, picture) for section in page.sections)
    return f"""<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}{" - " + html.escape(page.mark) if page.mark else ""}</title>
<style>{STYLE}</style>
<main>
<h1>{title}</h1>
{mark}<p>{html.escape(page.lead)}</p>
{body}
</main>
</html>
""".encode()


def _section(section: Section, page: Page, picture: bytes | None) -> str:
    parts = [f"<p>{html.escape(text)}</p>" for text in section.paragraphs]
    if section.table:
        parts.append(_table(section.table))
    if section.picture and picture:
        data = base64.b64encode(picture).decode("ascii")
        alternative = html.escape(f"{page.title}: {section.heading}")
        parts.append(f'<img alt="{alternative}" src="data:image/png;base64,{data}">')
    if not parts:
        return ""
    return "\n".join([f"<h2>{html.escape(section.heading)}</h2>", *parts])


def _table(table: Table) -> str:
    head = _cells("th", table.headings, table.numeric)
    body = "\n".join(f"<tr>{_cells('td', row, table.numeric)}</tr>" for row in table.rows)
    return (
        f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table></div>"
    )


def _cells(tag: str, texts: tuple[str, ...], numeric: tuple[bool, ...]) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    marks = [' class="n"' if right else "" for right in numeric]
    return "".join(
        f"<{tag}{scope}{mark}>{html.escape(text)}</{tag}>"
        for text, mark in zip(texts, marks, strict=True)
    )
