"""The archivist's page as a browser without scripts meets it."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from services.archive.web.pages import create_app
from tests.integration.archive.conftest import House
from tests.web_support import sign_in_as

ARCHIVIST, RESIDENT = "s-seino", "r-tsuji"


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[FlaskClient]:
    app = create_app(house.settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.test_client() as found:
        yield found


def read(client: FlaskClient, sub: str = ARCHIVIST) -> str:
    sign_in_as(client.application, client, sub, "情野 亮")
    return client.get("/archive/").text


def test_nobody_but_who_keeps_the_documents_sees_them(house: House, client: FlaskClient) -> None:
    house.hear(house.signed())
    assert client.get("/archive/").status_code == 302
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
    for words in ("高建第1号", "拠点A", "拠点B", "そろっています", "5年保存", "まで消せません"):
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
    assert "失われています" in page.split("<tbody", 1)[1].split("</tr>", 1)[0]
