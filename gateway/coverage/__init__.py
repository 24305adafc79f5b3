"""Who is covered by which net: the register of households, nets per person, surveys, homecomings.

Knows: how a household is found again, what holds whom, what a survey's line says, what is agreed
when she comes home. May not know: a page, the time, a database.
"""
