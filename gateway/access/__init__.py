"""Who may what, about whom.

Knows: accounts, roles, grants; when a sign-in has to wait; when a session is over; what a password
has to be. May not know: cookies, hashes, the database, the page; the time is an argument.
"""

from gateway.access.accounts import (
    CARERS,
    GUARDIAN,
    OFFICER,
    SENIOR,
    SIGHT,
    TECHNICIAN,
    Account,
    Accounts,
    Grant,
    Role,
)

__all__ = [
    "CARERS",
    "GUARDIAN",
    "OFFICER",
    "SENIOR",
    "SIGHT",
    "TECHNICIAN",
    "Account",
    "Accounts",
    "Grant",
    "Role",
]
