"""The ledger is a chain: whoever changes a row is found."""

import concurrent.futures
import uuid

import pytest
import sqlalchemy as sa

from infra.local.system import System
from services.chassis import ledger
from services.chassis.database import work_on
from tests.integration.chassis.conftest import Toy


def test_many_writers_at_once_make_one_chain(sayer: Toy) -> None:
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: sayer.say(), range(40)))
    with sayer.engine.connect() as connection:
        assert ledger.verify(connection) == 40


@pytest.mark.parametrize("statement", ["UPDATE ledger SET act = 'x'", "DELETE FROM ledger", "TRUNCATE ledger"])
def test_the_runtime_role_cannot_change_it(sayer: Toy, statement: str) -> None:
    sayer.say()
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        sayer.execute(statement)


def test_a_changed_row_breaks_the_chain_at_that_row(sayer: Toy, servers: System) -> None:
    with work_on(sayer.engine, "signing") as work:
        for number in range(3):
            work.record("tested", case_id=uuid.uuid4(), actor="nobody", detail={"number": number})
    database = sayer.engine.url.database or ""
    admin = sa.create_engine(servers.admin_database_url(database).replace("postgresql://", "postgresql+psycopg://"))
    with admin.begin() as connection:
        connection.execute(sa.text("UPDATE ledger SET actor = 'somebody' WHERE seq = 2"))
    with sayer.engine.connect() as connection, pytest.raises(ledger.BrokenChainError) as found:
        ledger.verify(connection)
    assert found.value.seq == 2
