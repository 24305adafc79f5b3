"""The sentences that calls say: the list of them, recording them, looking at recordings.

Knows: files of sentences in a folder. May not know: whom anybody calls, telephone lines.
"""
