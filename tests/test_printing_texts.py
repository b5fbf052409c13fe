"""Tables as LaTeX, HTML and Markdown: rules, columns by the point, nothing that runs, it compiles."""

import re
import shutil
import subprocess

import pytest
from printed_tables import HOSTILE, table

from analysis.exhibits.formats import words_of, written
from analysis.exhibits.printing.latex import latex_safe
from analysis.exhibits.printing.measure import fitted, least_ems
from analysis.exhibits.printing.style import style

XELATEX = shutil.which("xelatex")
FANDOL = "FandolSong-Regular.otf"


def wide(columns=12, language="zh"):
    """Return a table of many columns, as one of quantile regressions is."""
    numbers = [
        ["工会会员（参照组：无工会者）", *["-0.1234***"] * columns],
        ["", *["(0.0123)"] * columns],
    ]
    heads = ["\n因变量", *(f"({j})\n小时工资对数" for j in range(1, columns + 1))]
    return words_of("宽表", heads, numbers, [False, *[True] * columns], "注：σ、ρ、λ。", language)


def test_latex_has_rules_of_the_same_widths_and_decimal_columns():
    page = written(table(), "tex", style()).decode()
    assert r"\setlength{\heavyrulewidth}{1.5pt}\setlength{\lightrulewidth}{0.75pt}" in page
    assert [page.count(rule) for rule in (r"\toprule", r"\midrule", r"\bottomrule", "|")] == [
        1, 1, 1, 0,
    ]  # fmt: skip
    assert r"\begin{longtable}{lD{.}{.}{2.7}D{.}{.}{3.2}}" in page
    assert r"Union & 0.1234^{***} & -12.3 \\" in page
    assert r"N & \multicolumn{1}{c}{4,360} &" in page


def test_a_line_that_begins_with_a_bracket_is_no_option_of_the_line_before():
    page = written(words_of("", ["a"], [["b"], ["[c]"]], [False], "", "en"), "tex", style())
    assert b"\n{[c]}" in page


def compiles(body, folder, language):
    chinese = rf"\usepackage{{xeCJK}}\setCJKmainfont{{{FANDOL}}}" if language == "zh" else ""
    text = (
        r"\documentclass{article}\usepackage{booktabs,longtable,array,dcolumn,pdflscape}" + chinese
        + r"\begin{document}" + body + r"\end{document}"
    )  # fmt: skip
    (folder / "t.tex").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [XELATEX, "-interaction=nonstopmode", "-halt-on-error", "t.tex"],
        cwd=folder, capture_output=True, timeout=120,
    )  # fmt: skip
    return done.returncode == 0 and b"Missing character" not in done.stdout


def has_fandol():
    finder = shutil.which("kpsewhich")
    return bool(finder and subprocess.run([finder, FANDOL], capture_output=True).stdout.strip())


@pytest.mark.skipif(XELATEX is None, reason="no LaTeX compiler on this system")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_latex_compiles(tmp_path, language):
    if language == "zh" and not has_fandol():
        pytest.skip("no Chinese font for LaTeX on this system")
    body = written(table(language, r"<script> 5 % of $x_1$ {y} ~ ^ # \ | R²"), "tex", style())
    assert compiles(body.decode(), tmp_path, language)


@pytest.mark.skipif(XELATEX is None, reason="no LaTeX compiler on this system")
def test_a_table_of_many_columns_compiles_across_the_page(tmp_path):
    if not has_fandol():
        pytest.skip("no Chinese font for LaTeX on this system")
    body = written(wide(), "tex", style()).decode()
    assert body.startswith("% needs booktabs, longtable, array, dcolumn, pdflscape, ctex")
    assert body.count(r"\begin{landscape}") == body.count(r"\end{landscape}") == 1
    assert compiles(body, tmp_path, "zh")


def test_a_narrow_table_stands_upright():
    assert b"landscape" not in written(table(), "tex", style())


def test_a_label_beside_many_numbers_does_not_become_a_column_of_single_letters():
    printed = wide()
    widths = fitted(printed, 77.0)
    assert sum(widths) <= 77.0 + 1e-6
    assert widths[0] >= 6.0
    assert all(width >= least for width, least in zip(widths, least_ems(printed), strict=True))


@pytest.mark.skipif(XELATEX is None, reason="no LaTeX compiler on this system")
def test_broken_latex_would_be_noticed(tmp_path):
    assert not compiles(r"\begin{longtable}{l} a & b \\ \end{longtable}", tmp_path, "en")


def test_html_aligns_by_the_point_and_keeps_the_number_in_one_piece():
    page = written(table(), "html", style()).decode()
    assert '<td class="d d1"><span>0</span><span>.1234***</span></td>' in page
    assert '<td class="d d1">4,360</td>' in page
    assert re.search(r"\.d1 span\{min-width:[\d.]+ch\}", page)


def test_a_hostile_title_is_text_in_every_format():
    for suffix in ("html", "md"):
        assert b"<script" not in written(table("en", HOSTILE), suffix, style())
    assert latex_safe(HOSTILE) in written(table("en", HOSTILE), "tex", style()).decode()
    assert b"<script" not in written(table("en", HOSTILE), "docx", style())


def test_markdown_keeps_stars_of_significance_and_disarms_those_in_words():
    page = written(words_of("", ["a"], [["0.1***"], ["*b*"]], [False], "", "en"), "md", style())
    assert b"| 0.1*** |" in page
    assert rb"| \*b\* |" in page
