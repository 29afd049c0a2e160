"""What must not go through: for `postgres_grants.py`."""
from __future__ import annotations
def spring(server, writ, folder):
    return []
