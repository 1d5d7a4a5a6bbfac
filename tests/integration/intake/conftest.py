"""Intake's own database on real PostgreSQL, and the town's data."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from infra.local.system import System
from services.chassis.database import engine
from services.intake.domain.procedure import Procedure
from services.intake.settings import IntakeSettings
from services.intake.store import tables
from services.intake.town import read_town
from tests.integration.databases import migrated

TOWN = Path(__file__).parents[3] / "infra" / "town"
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def settings(servers: System) -> Iterator[IntakeSettings]:
    with migrated(servers, IntakeSettings) as found:
        yield found


@pytest.fixture(scope="session")
def source(settings: IntakeSettings) -> Iterator[sa.Engine]:
    found = engine(settings)
    yield found
    found.dispose()


@pytest.fixture(autouse=True)
def _empty(source: sa.Engine) -> None:
    with source.begin() as connection:
        for table in reversed(
            [tables.tables[name] for name in ("drafts", "attachments", "applications", "milestones", "corrections")]
        ):
            connection.execute(table.delete())
        for name in ("counters", "consents"):
            connection.execute(tables.tables[name].delete())
        connection.execute(sa.text("DELETE FROM outbox"))
        connection.execute(sa.text("DELETE FROM unstored_documents"))


@pytest.fixture(scope="session")
def procedure() -> Procedure:
    found = read_town(TOWN).procedure("housing-reform", TODAY)
    assert found
    return found
