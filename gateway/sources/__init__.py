"""Sources: edges through which the world's facts come in (radio, answers by text).

Knows: one outside thing a file. May not know: the log, the rules, the page, each other.
"""
