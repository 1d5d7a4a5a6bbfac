"""公印使用簿: each use of the seal stands in it once, for its keeper only, and a change of the record is found."""

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from infra.local.system import System
from services.chassis.clock import today
from services.chassis.tables import ledger
from tests.integration.signing.cases import Case
from tests.integration.signing.conftest import Open

REASON = "宛先の住所が、申請書とちがいます。"


def lines(client: FlaskClient, case: Case, month: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/seal/ledger.csv?month={month}")
    assert answer.mimetype == "text/csv"
    rows = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    return [row for row in rows if row["文書番号"] == case.number]


def test_a_permit_and_the_signature_stand_in_it_with_the_decision(waiting: Case, keeper: FlaskClient) -> None:
    waiting.house.hear(waiting.permit())
    permitted, signed = lines(keeper, waiting)
    assert (permitted["行ったこと"], permitted["行った人"]) == ("使用を承認", "佐竹 隆")
    assert (signed["行ったこと"], signed["行った人"]) == ("電子署名", "署名のしくみ（自動）")
    assert permitted["決裁した職"] == "建設課長"
    assert int(permitted["番号"]) < int(signed["番号"])
    page = keeper.get("/seal/ledger").text
    assert page.count(f'<a href="/seal/{waiting.document_id}">{waiting.number}</a>') == 2


def test_a_refusal_stands_in_it_with_its_reason(waiting: Case, keeper: FlaskClient) -> None:
    waiting.refuse(REASON)
    (refused,) = lines(keeper, waiting)
    assert (refused["行ったこと"], refused["理由"]) == ("使用を承認しない", REASON)
    assert REASON in keeper.get("/seal/ledger").text


def test_what_waits_is_no_use(waiting: Case, keeper: FlaskClient) -> None:
    assert lines(keeper, waiting) == []


def test_another_month_shows_its_own_uses_only(waiting: Case, keeper: FlaskClient) -> None:
    waiting.house.hear(waiting.permit())
    this = today().replace(day=1)
    before = this - timedelta(days=1)
    assert len(lines(keeper, waiting, f"{this:%Y-%m}")) == 2
    assert lines(keeper, waiting, f"{before:%Y-%m}") == []
    page = keeper.get(f"/seal/ledger?month={before:%Y-%m}").text
    assert "この月に、公印は使われていません。" in page
    assert f"month={this:%Y-%m}" in page


@pytest.mark.parametrize("month", ["", "x", "2026-13", "2999-01", "-1", "2026-1-1"])
def test_a_month_that_is_none_or_has_not_come_is_this_one(keeper: FlaskClient, month: str) -> None:
    answer = keeper.get(f"/seal/ledger?month={month}")
    assert answer.status_code == 200
    assert "次の月" not in answer.text


def test_who_keeps_no_seal_sees_none_of_it(browser: Open) -> None:
    officer = browser("s-kanno", "菅野 沙織")
    for path in ("/seal/ledger", "/seal/ledger.csv"):
        assert officer.get(path).status_code == 403


def test_a_record_that_somebody_changed_is_found_and_named(
    waiting: Case, keeper: FlaskClient, servers: System
) -> None:
    waiting.house.hear(waiting.permit())
    assert "記録は、すべてつながっています" in keeper.get("/seal/ledger?check=1").text
    number = int(lines(keeper, waiting)[0]["番号"])
    url = servers.admin_database_url(str(waiting.house.engine.url.database))
    admin = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))  # no service may change the ledger
    which = ledger.c.seq == number
    with admin.connect() as connection:
        actor = connection.scalar(sa.select(ledger.c.actor).where(which))
    try:
        with admin.begin() as connection:
            connection.execute(ledger.update().where(which).values(actor="somebody"))
        page = keeper.get("/seal/ledger?check=1").text
        assert f"記録の{number}番が、その前の記録とつながりません。" in page
    finally:
        with admin.begin() as connection:
            connection.execute(ledger.update().where(which).values(actor=actor))
        admin.dispose()
