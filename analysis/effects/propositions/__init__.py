"""The article's propositions as tests for a user's data, and worlds that show what the tests see.

A plan (TOML) names the columns; ``tested.decided_propositions(plan, frame)`` gives a row a
statement. Nothing here decides whether the article is right: it says what data would have to show.
"""
