"""Telephone lines: a number is dialled, sentences are played, digits and voices are heard.

Knows: sounds, digits, how a call begins and ends. May not know: whom it calls, what is asked, what
an answer means.
"""
