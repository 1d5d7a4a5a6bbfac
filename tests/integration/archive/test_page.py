"""The archivist's page as a browser without scripts meets it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from services.archive.web.pages import OBJECTS, create_app
from services.chassis.clock import now
from services.chassis.objects import Objects
from services.chassis.objects import client as site_client
from services.chassis.tables import repair_debts
from tests.integration.archive.conftest import House
from tests.web_support import sign_in_as

ARCHIVIST, RESIDENT = "s-seino", "r-tsuji"


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[FlaskClient]:
    app = create_app(house.settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.test_client() as found:
        yield found


def read(client: FlaskClient, sub: str = ARCHIVIST, path: str = "/archive/") -> str:
    sign_in_as(client.application, client, sub, "情野 亮")
    return client.get(path).text


@contextmanager
def away(client: FlaskClient, *sites: str) -> Iterator[None]:
    """As if these sites had stopped: nothing listens where the page asks."""
    both = client.application.extensions[OBJECTS]
    nobody = site_client("http://127.0.0.1:9", "x", "y", "us-east-1")
    clients = both._clients | dict.fromkeys(sites, nobody)
    client.application.extensions[OBJECTS] = Objects(clients, both._bucket)
    yield
    client.application.extensions[OBJECTS] = both


def test_before_the_first_document_the_page_says_what_will_stand_there(client: FlaskClient) -> None:
    assert client.get("/archive/").status_code == 302
    page = read(client)
    assert "保存している文書は、まだありません" in page
    assert page.count("応答しています") == 2
    assert page.count("0件") >= 8


def test_nobody_but_who_keeps_the_documents_sees_them(house: House, client: FlaskClient) -> None:
    house.hear(house.signed())
    sign_in_as(client.application, client, RESIDENT, "辻 𠮷子")
    answer = client.get("/archive/")
    assert answer.status_code == 403
    assert "高建第1号" not in answer.text
    assert "文書の保存を受け持つ職員だけ" in answer.text
    assert 'href="/"' in answer.text
    assert "サインアウト" in answer.text


def test_both_sites_are_told_with_what_they_have(house: House, client: FlaskClient) -> None:
    house.hear(house.signed())
    page = read(client)
    told = ("高建第1号", "拠点A", "拠点B", "応答しています", "そろった複製", "1年のうちに期間が終わる文書", "5年保存")
    for words in (*told, "まで消せません"):
        assert words in page


def test_a_lost_copy_is_told_until_it_is_made_anew(house: House, client: FlaskClient) -> None:
    fact = house.signed()
    house.take_away(fact, "b")
    house.hear(fact)
    page = read(client)
    assert "複製を作り直しています" in page
    assert "作り直し中" in page
    house.hear(house.lost(fact, "b"))
    page = read(client)
    assert "複製を作り直しています" not in page
    assert "に作り直し" in page


def test_a_document_that_no_site_has_asks_for_a_person(house: House, client: FlaskClient) -> None:
    fact = house.signed()
    for site in ("a", "b"):
        house.take_away(fact, site)
    house.hear(fact)
    page = read(client)
    assert "どちらの拠点にも、そろった複製がない文書があります" in page
    assert "失われています" in page.rsplit("<tbody", 1)[1].split("</tr>", 1)[0]


def test_as_long_as_both_sites_answer_everything_works(client: FlaskClient) -> None:
    page = read(client, path="/archive/continuity")
    assert "2つの拠点が応答しています" in page
    assert "どの仕事も、ふつうに動いています" in page


def test_with_one_site_away_the_page_says_what_works_and_what_waits(client: FlaskClient) -> None:
    with away(client, "b"):
        page, overview = read(client, path="/archive/continuity"), read(client)
    assert "拠点Bが応答していません" in page
    assert "もう片方の拠点で、仕事を続けられます" in page
    assert page.count("応答していません") > page.count("応答しています") == 1
    assert "いま動くものを見る" in overview


def test_with_both_sites_away_the_page_says_what_is_kept(client: FlaskClient) -> None:
    with away(client, "a", "b"):
        page = read(client, path="/archive/continuity")
    assert "どちらの拠点も応答していません" in page
    assert "受付番号は出ます。" in page


def test_what_a_site_still_lacks_is_counted_with_its_oldest(house: House, client: FlaskClient) -> None:
    owed = {"owner": "o", "sha256": "f" * 64, "media_type": "x", "size": 1, "retention": "none", "site": "b"}
    with house.engine.begin() as connection:
        connection.execute(repair_debts.insert().values(owed | {"since": now()}))
    page = read(client)
    with house.engine.begin() as connection:
        connection.execute(sa.delete(repair_debts))
    row = page.split("<tbody", 1)[1].split("</tr>")[1]
    assert "1件" in row.split("まだ写していない文書")[1]


def test_continuity_is_for_those_who_keep_the_documents(client: FlaskClient) -> None:
    sign_in_as(client.application, client, RESIDENT, "辻 𠮷子")
    assert client.get("/archive/continuity").status_code == 403
