"""The calls that ask: who is called when, what is asked, what an answer means.

Knows: plans, attempts, the conversation as data, the shape of a telephone line.
May not know: telephones, sounds, the page; the time is an argument.
"""
