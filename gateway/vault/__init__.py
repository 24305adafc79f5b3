"""The vault: what must never stand in the event log. A database of its own, for its owner only.

Knows: how secrets are kept so that who reads the file cannot use them: passwords as Argon2id, all
else as SHA-256 of what was drawn. May not know: what an account may do, the page, the log.

    vault = Vault(path)                 # None: in memory
    vault.passwords · sessions · codes · tokens · tries · looks
"""

from gateway.vault.store import VaultUnavailable
from gateway.vault.vault import Vault, beside

__all__ = ["Vault", "VaultUnavailable", "beside"]
