"""What the API says: every list and figure of the pages as plain JSON, from one table.

Knows: beliefs, incidents, what was entered, and how each is written for other programs.
May not know: HTTP, Flask, who asks (it is told whom that may see), the time.

    operations.OPERATIONS      the table: name, path, scope, what is asked, what is answered
    document.document()        the OpenAPI 3.1 document, from the table alone
    operation.view(look)       the answer of an operation (gateway/api/look.py)
"""

from __future__ import annotations
