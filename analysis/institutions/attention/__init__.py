"""Attention and borrowed power: what the article's ordinal statements imply, and what not."""
