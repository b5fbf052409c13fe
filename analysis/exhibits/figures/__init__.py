"""One module a figure: ABOUT, ``rows`` (results to what is drawn), ``finding`` (what the rows
show, in one line, computed from them) and ``draw`` (rows to a figure).

Modules here import drawing and data libraries inside functions: the engine reads every ABOUT even
when nothing is to be drawn.
"""
