"""Simulated exhibits say so, in both languages, across the plot, and claim nothing of a place."""

import re

import pytest

from analysis.exhibits.drawing import draw_all, footer_of
from analysis.exhibits.fonts import chinese_font
from analysis.exhibits.formats import print_all
from analysis.exhibits.simulated import ratchet_bunching, ratchet_power
from analysis.institutions.ratchet.simulated import REGIMES, demonstration, power_table
from analysis.paths import REPORTS
from analysis.pipeline.plan import all_tasks
from analysis.pipeline.tasks import simulated

CITED = re.compile("吴建平|Wu Jianping|Kleven|Chetty|\\*")


@pytest.mark.skipif(chinese_font() is None, reason="no Chinese font on this system")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_word_stands_in_the_title_and_across_every_panel(language):
    from matplotlib.text import Text

    figure = ratchet_bunching.draw(ratchet_bunching.rows(demonstration(200, 2, 0.2, 1)), language)
    texts = [text.get_text() for text in figure.findobj(Text) if text.get_visible()]
    assert texts.count(ratchet_bunching.MARK) == len(REGIMES)
    assert not any(CITED.search(text) for text in texts)


def test_the_drawing_calls_itself_simulated():
    files = draw_all(ratchet_bunching, ratchet_bunching.rows(demonstration(200, 2, 0.2, 1)))
    for language in ("en", "zh"):
        words = re.search("<desc>(.*?)</desc>", files[f"{language}_svg"].decode(), re.DOTALL)[1]
        assert re.search("Simulated data|模拟数据：", words)
        assert ratchet_bunching.MARK.split()[0] in words


@pytest.mark.parametrize("module", [ratchet_bunching, ratchet_power])
def test_titles_and_kind_say_simulated(module):
    assert module.ABOUT.title.en.startswith("Simulated data")
    assert module.ABOUT.title.zh.startswith("模拟数据")
    assert module.ABOUT.data_kind == "simulated"
    assert not CITED.search("".join((*module.ABOUT.title, *module.ABOUT.note)))


def test_the_power_table_prints_seed_replications_and_date():
    table = power_table([30], [1, 2], [0.2], 3, 7).assign(simulated_on="2026-11-25")
    rows = ratchet_power.rows(table)
    footer = {language: footer_of(ratchet_power, rows, language) for language in ("en", "zh")}
    page = print_all(ratchet_power.ABOUT, ratchet_power.COLUMNS, rows.to_dict("records"), footer)
    assert "| 3 | 7 | 2026-11-25 |" in page["en_md"].decode()
    assert "模拟" in page["zh_md"].decode()


def test_everything_simulated_is_written_below_its_own_folder():
    mine = {task.name: task for task in simulated.tasks()}
    assert mine
    for task in mine.values():
        assert all(path.is_relative_to(REPORTS / "simulated") for path in task.products.values())
    for task in all_tasks():
        uses = [p for p in task.inputs.values() if p.is_relative_to(REPORTS / "simulated")]
        # the report shows it, in a chapter of its own
        assert not uses or task.name in mine or task.group == "report"
