"""One transaction is one ``Work``: the state, the facts it says and the ledger's rows are committed together."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.dialects.postgresql import insert

from services.chassis import ledger, outbox
from services.chassis.clock import now
from services.chassis.logging import about_case
from services.chassis.settings import Settings
from services.chassis.tables import metadata, unstored_documents
from services.messages import DocumentRef, Fact

__all__ = ["PG_UUID", "Work", "engine", "metadata", "work_on"]
CONNECT_SECONDS = 3
STATEMENT_MILLISECONDS = 30_000


def engine(settings: Settings, *, size: int = 12) -> sa.Engine:
    """Connections of the runtime role; a broken one is replaced before use."""
    return sa.create_engine(
        settings.database_url.get_secret_value(),
        pool_size=size,
        max_overflow=size,
        pool_pre_ping=True,
        pool_timeout=5,
        hide_parameters=True,  # an error's text would tell what a person typed
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": f"todoke-{settings.service}",
            "options": f"-c statement_timeout={STATEMENT_MILLISECONDS} -c timezone=UTC",
        },
    )


class Work:
    """One unit of work of one service."""

    def __init__(self, connection: sa.Connection, service: str) -> None:
        self.connection = connection
        self.service = service
        self.id = uuid.uuid4()

    def say(self, fact: Fact, *, correlation: str = "") -> uuid.UUID:
        """Put a fact into the outbox; it goes out after the commit.  Returns the message id."""
        message_id = uuid.uuid4()
        head = ledger.append(
            self.connection,
            act=f"said {fact.routing_key()}",
            case_id=fact.case_id,
            actor=self.service,
            detail={"message": str(message_id)},
        )
        outbox.append(self, fact, message_id, head, correlation or str(fact.case_id))
        about_case(correlation or fact.case_id)
        return message_id

    def record(self, act: str, *, case_id: uuid.UUID | None, actor: str, detail: Mapping[str, Any]) -> None:
        """Append to the hash-chained ledger.  ``actor``: a post or a ``sub``; ``detail``: ids and states only."""
        ledger.append(self.connection, act=act, case_id=case_id, actor=actor, detail=detail)

    def attach(self, ref: DocumentRef, data: bytes, *, sites: Literal["one", "both"] = "one") -> None:
        """Keep a document until the store has it: the facts of this work are published only afterwards."""
        values = {
            "work_id": self.id, "owner": ref.owner, "sha256": ref.sha256, "media_type": ref.media_type,
            "size": ref.size, "retention": ref.retention, "sites": sites, "content": data, "since": now(),
        }  # fmt: skip
        self.connection.execute(insert(unstored_documents).values(values).on_conflict_do_nothing())


@contextmanager
def work_on(source: sa.Engine, service: str) -> Iterator[Work]:
    """A transaction: committed at the end, rolled back by any exception."""
    with source.begin() as connection:
        yield Work(connection, service)
