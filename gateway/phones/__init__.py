"""The telephone in her pocket: what it tells, when it lies still, when it is not heard.

Knows: nothing itself; the modules beside it do. May not know: a web page, a database, a clock.
"""
