"""The hash-chained audit log: each row's hash covers the row and the hash before it.

The runtime role may insert and read, never update or delete.  Other services are witnesses: each message carries the
sender's newest hash.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.chassis.canonical import canonical_json, sha256
from services.chassis.clock import now
from services.chassis.tables import ledger

FIRST = "0" * 64
LOCK = 7_263_001


class BrokenChainError(Exception):
    """A row does not follow from the row before it: somebody changed the ledger.  ``seq``: the first such row."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"row {seq}")
        self.seq = seq


def append(connection: sa.Connection, *, act: str, case_id: UUID | None, actor: str, detail: Mapping[str, Any]) -> str:
    """Add a row at the end of the chain; returns its hash.  Held against others until the transaction ends."""
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    newest = connection.execute(sa.select(ledger.c.seq, ledger.c.hash).order_by(ledger.c.seq.desc()).limit(1)).first()
    row: dict[str, Any] = {
        "seq": newest.seq + 1 if newest else 1,
        "at": now(),
        "act": act,
        "case_id": case_id,
        "actor": actor,
        "detail": canonical_json(dict(detail)).decode(),
        "previous": newest.hash if newest else FIRST,
    }
    row["hash"] = hash_of(row)
    connection.execute(ledger.insert().values(row))
    return str(row["hash"])


def hash_of(row: Mapping[str, Any]) -> str:
    """The hash of a row: of all its columns but itself."""
    at: datetime = row["at"]
    covered = {name: row[name] for name in ("seq", "act", "actor", "detail", "previous")}
    covered |= {"at": at.isoformat(timespec="microseconds"), "case_id": str(row["case_id"] or "")}
    return sha256(canonical_json(covered))


def verify(connection: sa.Connection) -> int:
    """Walk the whole chain; returns the number of rows.  Raises BrokenChainError."""
    previous, count = FIRST, 0
    for row in _rows(connection):
        if row["seq"] != count + 1 or row["previous"] != previous or row["hash"] != hash_of(row):
            raise BrokenChainError(row["seq"])
        previous, count = row["hash"], count + 1
    return count


def _rows(connection: sa.Connection) -> Iterator[Any]:
    yield from connection.execution_options(yield_per=1000).execute(sa.select(ledger).order_by(ledger.c.seq)).mappings()
