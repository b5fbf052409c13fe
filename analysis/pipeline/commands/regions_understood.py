"""What was understood of a file and what the checks say of it, as lines to read."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from analysis.messages import Text

if TYPE_CHECKING:
    from analysis.disputes.regional_checks import Finding
    from analysis.sources.regions import Understanding

NAMES, ASIDE, EACH = 8, 12, 5
UNDERSTOOD = Text("Understood:", "读懂的内容：")
LAYOUT = Text("  layout: {layout}", "  版式：{layout}")
TITLE = Text("  title: {title}", "  标题：{title}")
SOURCE = Text("  source, as the file says: {source}", "  文件所注来源：{source}")
FIGURES = Text(
    "  {figures} figures, {empty} cells that say why they are empty",
    "  {figures} 个数字，{empty} 个注明缘由的空缺",
)
PLACES = Text("  places ({n}): {names}", "  地区（{n} 个）：{names}")
YEARS = Text("  years: {years}", "  年份：{years}")
VARIABLE = Text("  {label} ({name}), in {unit}", "  {label}（{name}），单位 {unit}")
SYMBOL = Text('  symbol "{symbol}": {kind}', "  符号“{symbol}”：{kind}")
SET_ASIDE = Text("  set aside, {cell} {name}: {reason}", "  未采用，{cell} {name}：{reason}")
MORE = Text("  ... and {count} more", "  …… 另有 {count} 项")
KINDS = {
    "below_unit": Text("below one unit", "不足一个单位"),
    "none": Text("none", "没有"),
    "unknown": Text("not known", "不详"),
    "not_applicable": Text("does not apply", "不适用"),
}
BLANK = Text("empty cell", "空格")
WARNINGS = Text("Warnings (kept in the sidecar):", "警告（存入来源说明）：")
ERRORS = Text("Errors:", "错误：")
NO_WARNINGS = Text("The checks found nothing.", "各项检查均未发现问题。")


def understood_lines(
    found: "Understanding", names: Mapping[str, Text], labels: Mapping[str, Text], language: str
) -> list[str]:
    """Return layout, title, places, years, variables with units, symbols, rows set aside."""
    empty = sum(figure.value is None for figure in found.figures)
    places = [names.get(code, Text(code, code)) for code in _codes(found)]
    lines = [
        UNDERSTOOD.in_language(language),
        LAYOUT.in_language(language).format(layout=found.layout.in_language(language)),
        *([TITLE.in_language(language).format(title=found.title)] if found.title else []),
        *([SOURCE.in_language(language).format(source=found.source)] if found.source else []),
        FIGURES.in_language(language).format(figures=len(found.figures) - empty, empty=empty),
        PLACES.in_language(language).format(n=len(places), names=_listed(places, language)),
        YEARS.in_language(language).format(years=spans(found.years)),
    ]
    for variable, unit in found.units.items():
        label = labels.get(variable, Text(variable, variable)).in_language(language)
        lines.append(VARIABLE.in_language(language).format(label=label, name=variable, unit=unit))
    return [*lines, *_symbols(found, language), *_aside(found, language)]


def _codes(found: "Understanding") -> list[str]:
    return sorted({figure.code for figure in found.figures})


def _listed(places: Sequence[Text], language: str) -> str:
    shown = [place.in_language(language) for place in places[:NAMES]]
    comma = "、" if language == "zh" else ", "
    return comma.join(shown) + (" ..." if len(places) > NAMES else "")


def spans(years: Sequence[int]) -> str:
    """Return years as runs: 2001-2004, 2008."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _symbols(found: "Understanding", language: str) -> Iterator[str]:
    for symbol, kind in found.symbols.items():
        shown = BLANK.in_language(language) if symbol == "blank" else symbol
        said = KINDS.get(kind, Text(kind, kind)).in_language(language)
        yield SYMBOL.in_language(language).format(symbol=shown, kind=said)


def _aside(found: "Understanding", language: str) -> Iterator[str]:
    for row in found.set_aside[:ASIDE]:
        yield SET_ASIDE.in_language(language).format(
            cell=row.cell, name=row.name, reason=row.reason.in_language(language)
        )
    if len(found.set_aside) > ASIDE:
        yield MORE.in_language(language).format(count=len(found.set_aside) - ASIDE)


def finding_lines(findings: Sequence["Finding"], language: str) -> list[str]:
    """Return errors, then warnings: of each check the first five, and how many more."""
    lines: list[str] = []
    for error, heading in ((True, ERRORS), (False, WARNINGS)):
        chosen = [finding for finding in findings if finding.error == error]
        if chosen:
            lines += [heading.in_language(language), *_by_check(chosen, language)]
    return lines or [NO_WARNINGS.in_language(language)]


def _by_check(findings: Sequence["Finding"], language: str) -> Iterator[str]:
    counts = Counter(finding.check for finding in findings)
    for check, count in counts.items():
        same = [finding for finding in findings if finding.check == check]
        for finding in same[:EACH]:
            yield f"  ! {finding.words.in_language(language)}"
        if count > EACH:
            yield MORE.in_language(language).format(count=count - EACH)
