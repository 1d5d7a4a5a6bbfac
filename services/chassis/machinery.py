"""The machinery's tables as they were made, frozen: a service's first migration calls ``create_v1``, a later one the
next."""

from alembic.operations import Operations

V1 = """
CREATE TABLE outbox (
  seq bigserial PRIMARY KEY, id uuid NOT NULL UNIQUE, work_id uuid NOT NULL, case_id uuid NOT NULL,
  sequence integer NOT NULL, routing_key text NOT NULL, body text NOT NULL, said_at timestamptz NOT NULL,
  published_at timestamptz, tries integer NOT NULL DEFAULT 0, set_aside text, UNIQUE (case_id, sequence));
CREATE INDEX outbox_pending ON outbox (seq) WHERE published_at IS NULL AND set_aside IS NULL;
CREATE TABLE unstored_documents (
  work_id uuid NOT NULL, owner text NOT NULL, sha256 text NOT NULL, media_type text NOT NULL, size integer NOT NULL,
  retention text NOT NULL, sites text NOT NULL, content bytea NOT NULL, since timestamptz NOT NULL,
  PRIMARY KEY (work_id, owner, sha256));
CREATE TABLE repair_debts (
  owner text NOT NULL, sha256 text NOT NULL, media_type text NOT NULL, size integer NOT NULL, retention text NOT NULL,
  site text NOT NULL, since timestamptz NOT NULL, PRIMARY KEY (owner, sha256, site));
CREATE TABLE inbox (
  message_id uuid PRIMARY KEY, fact text NOT NULL, case_id uuid NOT NULL, sequence integer NOT NULL, body text,
  state text NOT NULL, reason text NOT NULL DEFAULT '', tries integer NOT NULL DEFAULT 0,
  received_at timestamptz NOT NULL, next_try timestamptz, handled_at timestamptz, parking_id uuid);
CREATE INDEX inbox_kept ON inbox (next_try) WHERE state IN ('held', 'waiting', 'failing');
CREATE INDEX inbox_case ON inbox (case_id) WHERE state = 'held';
CREATE TABLE ledger (
  seq bigint PRIMARY KEY, at timestamptz NOT NULL, act text NOT NULL, case_id uuid, actor text NOT NULL,
  detail text NOT NULL, previous text NOT NULL, hash text NOT NULL UNIQUE);
CREATE TABLE liveness (process text PRIMARY KEY, pid integer NOT NULL, at timestamptz NOT NULL, detail text NOT NULL);
CREATE TABLE sessions (
  id_hash text PRIMARY KEY, sub text, sid text, claims text NOT NULL, created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL, expires_at timestamptz NOT NULL);
CREATE INDEX sessions_sid ON sessions (sid);
CREATE TABLE kept_forms (
  token_hash text PRIMARY KEY, sub text, path text NOT NULL, fields text NOT NULL, had_files boolean NOT NULL,
  kept_at timestamptz NOT NULL, expires_at timestamptz NOT NULL);
"""


V2 = """
CREATE TABLE told_delays (
  message_id uuid PRIMARY KEY, waiting_id uuid NOT NULL UNIQUE, case_id uuid NOT NULL, told_at timestamptz NOT NULL);
"""


def create_v1(op: Operations) -> None:
    """Make the machinery's tables in an empty database."""
    _execute(op, V1)


def create_v2(op: Operations) -> None:
    """Remember which delays the staff have been told of."""
    _execute(op, V2)


def _execute(op: Operations, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            op.execute(statement)
