"""The officer's desk: everybody by urgency, notes and closings, visits of a day, alarms, imports.

Knows: how a person stands and why; which of all persons are looked at; what a case holds.
May not know: a page, a form, the database; the time is an argument.
"""
