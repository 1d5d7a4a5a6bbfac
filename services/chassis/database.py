"""One transaction is one ``Work``: the state, the facts it says and the ledger's rows are committed together."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.dialects.postgresql import insert

from services.chassis import ledger, outbox
from services.chassis.absence import Absence, StillAwayError
from services.chassis.clock import now
from services.chassis.logging import about_case
from services.chassis.prompt_connection import CONNECT_SECONDS, STATEMENT_SECONDS, PromptConnection
from services.chassis.settings import Settings
from services.chassis.tables import metadata, unstored_documents
from services.messages import DocumentRef, Fact

__all__ = ["PG_UUID", "Work", "engine", "metadata", "work_on"]
ASK_AGAIN_SECONDS = 2


def engine(settings: Settings, *, size: int = 12, patience: int = STATEMENT_SECONDS) -> sa.Engine:
    """Connections of the runtime role; a broken one is replaced before use.

    ``patience``: seconds that a statement may take; a server that is silent for longer is one that is down, and every
    caller gets sqlalchemy.exc.OperationalError.
    """
    made = sa.create_engine(
        settings.database_url.get_secret_value(),
        pool_size=size,
        max_overflow=size,
        pool_pre_ping=True,
        pool_timeout=5,
        hide_parameters=True,  # an error's text would tell what a person typed
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": f"todoke-{settings.service}",
            "options": f"-c statement_timeout={patience * 1000} -c timezone=UTC",
        },
    )
    _connect_promptly(made, patience)
    return made


def _connect_promptly(made: sa.Engine, patience: int) -> None:
    """While the server is away, one connection in two seconds tries; the others know."""
    absence = Absence(ASK_AGAIN_SECONDS, lambda error: isinstance(error, psycopg.OperationalError))

    @sa.event.listens_for(made, "do_connect")
    def connect(_dialect: Any, _record: Any, arguments: Any, options: Any) -> PromptConnection:
        try:
            with absence.watch():
                connection = PromptConnection.connect(*arguments, **options)
        except StillAwayError as error:
            raise psycopg.OperationalError("the database was away a moment ago") from error
        connection.be_patient_for(patience)
        return connection


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
