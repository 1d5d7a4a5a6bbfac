"""Two small services on the chassis, one says facts, the other hears them: ``python toys.py sayer|hearer``."""

import os
import sys

if __name__ == "__main__":
    os.environ["PSYCOPG_WAIT_FUNC"] = "wait_select"
    import eventlet

    eventlet.monkey_patch()

from pathlib import Path
from typing import ClassVar

import eventlet
import sqlalchemy as sa

from services.chassis.database import Work
from services.chassis.handling import NotYet, PermanentError, Waiting
from services.chassis.inbox import Worker, hears
from services.chassis.settings import Settings, load
from services.messages import DocumentSigned


class SayerSettings(Settings):
    service: ClassVar[str] = "signing"


class HearerSettings(Settings):
    service: ClassVar[str] = "archive"


class Sayer(Worker):
    name = "signing"


class Hearer(Worker):
    name = "archive"

    @hears(DocumentSigned)
    def on_document_signed(self, fact: DocumentSigned, work: Work) -> None:
        work.connection.execute(sa.text("INSERT INTO effect VALUES (:id)"), {"id": fact.case_id})
        behave(fact.outcome, fact, work)
        eventlet.sleep(0.005)


def behave(outcome: str, fact: DocumentSigned, work: Work) -> None:
    switch = work.connection.scalar(sa.text("SELECT count(*) FROM switch"))
    if outcome == "permanent" and not switch:
        raise PermanentError
    if outcome == "waiting" and not switch:
        raise Waiting("store")
    if outcome == "early" and not switch:
        raise NotYet


if __name__ == "__main__":
    from services.chassis.worker_process import serve

    config = Path(__file__).parents[3] / "services" / "archive" / "config.yaml"
    if sys.argv[1] == "sayer":
        serve(Sayer, load(SayerSettings), config)
    else:
        serve(Hearer, load(HearerSettings), config)
