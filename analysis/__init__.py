"""Jieli (借力): local unions and labour disputes in China, recomputed."""

__version__ = "0.1.0"
