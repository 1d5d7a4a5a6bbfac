"""Sessions of signed-in people, kept in the service's own database.

The browser has a random id; only its SHA-256 is stored, so that a copy of the table opens nothing (OWASP session
management).  A row outlives its session by a day, because a form kept for its owner must not come up for another.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from services.chassis.database import metadata

moment = sa.DateTime(timezone=True)
IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=10)
SEEN_EVERY = timedelta(minutes=1)
REMEMBERED = timedelta(days=1)
ID_BYTES = 32

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id_hash", sa.Text, primary_key=True),
    sa.Column("sub", sa.Text),
    sa.Column("sid", sa.Text),
    sa.Column("claims", sa.Text, nullable=False),
    sa.Column("created_at", moment, nullable=False),
    sa.Column("seen_at", moment, nullable=False),
    sa.Column("expires_at", moment, nullable=False),
)


@dataclass(frozen=True)
class Session:
    """Who signed in (``sub``, ``claims``), the provider's session (``sid``), and until when it counts."""

    sub: str
    sid: str
    claims: Mapping[str, Any]
    created_at: datetime
    seen_at: datetime
    expires_at: datetime

    def is_live(self, now: datetime) -> bool:
        """Whether it still counts as signed in."""
        return now < self.expires_at


def new_id() -> str:
    """An id that nobody guesses: 256 random bits."""
    return secrets.token_urlsafe(ID_BYTES)


def hash_of(secret: str) -> str:
    """What the database knows of an id."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_session(connection: sa.Connection, claims: Mapping[str, Any], now: datetime) -> str:
    """Begin a session of the person with these OpenID claims and forget old ones.  Returns its id for the cookie."""
    _forget_old(connection, now)
    session_id = new_id()
    values = {
        "id_hash": hash_of(session_id),
        "sub": claims["sub"],
        "sid": claims.get("sid", ""),
        "claims": json.dumps(dict(claims), ensure_ascii=False),
        "created_at": now,
        "seen_at": now,
        "expires_at": now + IDLE,
    }
    connection.execute(sessions.insert().values(values))
    return session_id


def find(connection: sa.Connection, session_id: str, now: datetime) -> Session | None:
    """The session with this id, live or expired; a live one is prolonged."""
    row = connection.execute(sa.select(sessions).where(sessions.c.id_hash == hash_of(session_id))).one_or_none()
    if row is None:
        return None
    found = Session(row.sub, row.sid, json.loads(row.claims), row.created_at, row.seen_at, row.expires_at)
    if found.is_live(now) and now - found.seen_at >= SEEN_EVERY:
        _prolong(connection, session_id, found, now)
    return found


def close(connection: sa.Connection, session_id: str) -> None:
    """End one session."""
    connection.execute(sessions.delete().where(sessions.c.id_hash == hash_of(session_id)))


def close_elsewhere(connection: sa.Connection, sid: str, sub: str) -> int:
    """End what a logout token names: one session of the provider, or all of a person.  Returns how many ended."""
    named = sessions.c.sid == sid if sid else sessions.c.sub == sub
    return connection.execute(sessions.delete().where(named)).rowcount


def _prolong(connection: sa.Connection, session_id: str, session: Session, now: datetime) -> None:
    until = min(now + IDLE, session.created_at + LONGEST)
    here = sessions.c.id_hash == hash_of(session_id)
    connection.execute(sessions.update().where(here).values(seen_at=now, expires_at=until))


def _forget_old(connection: sa.Connection, now: datetime) -> None:
    connection.execute(sessions.delete().where(sessions.c.expires_at < now - REMEMBERED))
