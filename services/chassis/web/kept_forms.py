"""Forms that came when their sender was no longer signed in: kept, and sent again by their sender after sign-in.

A form is bound to the browser by a random cookie and, where the ended session is known, to its person: at a shared
computer nobody else gets it.  Files are not kept.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from services.chassis.database import metadata
from services.chassis.web.sessions import hash_of, moment, new_id

KEPT = timedelta(hours=2)

kept_forms = sa.Table(
    "kept_forms",
    metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("sub", sa.Text),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("fields", sa.Text, nullable=False),
    sa.Column("had_files", sa.Boolean, nullable=False),
    sa.Column("kept_at", moment, nullable=False),
    sa.Column("expires_at", moment, nullable=False),
)


@dataclass(frozen=True)
class KeptForm:
    """Where it was sent, what was typed, and whether files were with it (they must be chosen again)."""

    path: str
    fields: Mapping[str, Sequence[str]]
    had_files: bool


def keep(connection: sa.Connection, form: KeptForm, sub: str | None, now: datetime) -> str:
    """Keep a form for two hours.  ``sub``: whose session ended, if known.  Returns the token for the cookie."""
    connection.execute(kept_forms.delete().where(kept_forms.c.expires_at < now))
    token = new_id()
    values = {
        "token_hash": hash_of(token),
        "sub": sub,
        "path": form.path,
        "fields": json.dumps(dict(form.fields), ensure_ascii=False),
        "had_files": form.had_files,
        "kept_at": now,
        "expires_at": now + KEPT,
    }
    connection.execute(kept_forms.insert().values(values))
    return token


def find(connection: sa.Connection, token: str, sub: str, now: datetime) -> KeptForm | None:
    """The form that this browser and this person may send again."""
    mine = sa.or_(kept_forms.c.sub.is_(None), kept_forms.c.sub == sub)
    here = sa.and_(kept_forms.c.token_hash == hash_of(token), mine, kept_forms.c.expires_at > now)
    row = connection.execute(sa.select(kept_forms).where(here)).one_or_none()
    return KeptForm(row.path, json.loads(row.fields), row.had_files) if row else None


def forget(connection: sa.Connection, token: str) -> None:
    """It has been sent."""
    connection.execute(kept_forms.delete().where(kept_forms.c.token_hash == hash_of(token)))
