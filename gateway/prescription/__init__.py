"""What should be taken when: medications and a meal clock become dose slots with windows.

Knows: Korean meal anchors, window policy, the box's limits.
May not know: what happened to a slot, the time (every function takes it), any IO.

What was written down (`medication`, `stored`, `supplies`, `book`) stands below the household, which
keeps it; what is planned from it (all else) stands above. So this file imports none of them.
"""
