"""Pages drawn from the tables the programs run by, so that no page can say something else.

Knows: the literal tables of firmware and gateway. May not know: what they are for.
"""
