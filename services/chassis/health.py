"""Signs of life: what each process last said of itself."""

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.chassis.clock import now
from services.chassis.tables import liveness


def sign(connection: sa.Connection, process: str, detail: Mapping[str, Any]) -> None:
    """Say that this process lives, and how."""
    values = {"process": process, "pid": os.getpid(), "at": now(), "detail": json.dumps(dict(detail))}
    statement = insert(liveness).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["process"], set_=values))


def signs(connection: sa.Connection) -> Sequence[Any]:
    """The last sign of each process."""
    return connection.execute(sa.select(liveness).order_by(liveness.c.process)).all()
