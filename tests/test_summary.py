"""What a build says at its end."""

import argparse

import pytest

from analysis.pipeline.commands import reproduce
from analysis.pipeline.engine import Built


@pytest.fixture
def summary(monkeypatch, capsys):
    """Return what the summary prints for a kind of build, with or without a Chinese font."""

    def run(font, kind=None, lang="en"):
        monkeypatch.setattr(reproduce, "build_showing", lambda *_: (Built((), (), {}, 0.0), 0))
        monkeypatch.setattr(reproduce, "chinese_font_name", lambda: font)
        assert reproduce.run(argparse.Namespace(kind=kind, lang=lang)) == 0
        return capsys.readouterr().out

    return run


def test_a_missing_chinese_font_is_said_in_the_users_language(summary):
    assert "No Chinese font was found" in summary("")
    assert "未找到中文字体" in summary("", lang="zh")
    assert "No Chinese font" in summary("", kind="figures")


def test_nothing_is_said_of_fonts_where_there_is_one_or_no_figure_is_drawn(summary):
    assert "font" not in summary("NotoSansCJK-Regular.ttc")
    assert "font" not in summary("", kind="tables")
