"""The clock of life: what is a sign of life, which was the last, and from when on to worry.

Knows: signs, spans in which nothing could be seen, personal lines. May not know: whom to tell, in
which words, a radio, a database; the time is an argument.
"""
