"""The contractor's pages in a real browser: the checklist on each page, in each state, at three widths."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from services.chassis.clock import today
from services.chassis.web.signin import session_cookie
from services.signing.expiring import expire
from services.signing.web.pages import create_app
from tests.e2e.checklist import problems
from tests.integration.signing.cases import House
from tests.integration.signing.deals import CONTRACTOR, Deal
from tests.integration.signing.letters import receiving
from tests.web_support import sign_in_as

CHROMIUM = "/usr/bin/chromium"
WIDTHS = (390, 640, 1280)


@pytest.fixture(scope="module")
def app(house: House) -> Flask:
    return create_app(house.settings)


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def paths(house: House) -> dict[str, str]:
    """A page in each state."""
    read, coming, sent, given, done, ended = (Deal.at(house) for _ in range(6))
    for deal in (read, coming, sent, given, ended):
        deal.up_to_the_contractor()
    ended.set(answer_by=today() - timedelta(days=1))
    expire(house.engine)
    coming.ask_for_code()
    with receiving(house.settings.smtp_port) as letters:
        house.hear(sent.ask_for_code())
        given.consent(letters)
        done.concluded(letters)
    return {
        "list": "/sign/",
        "contract": f"/sign/{read.document_id}",
        "consent": f"/sign/{read.document_id}/consent",
        "coming": f"/sign/{coming.document_id}/consent",
        "sent": f"/sign/{sent.document_id}/consent",
        "given": f"/sign/{given.document_id}",
        "decline": f"/sign/{read.document_id}/decline",
        "expired": f"/sign/{ended.document_id}",
        "concluded": f"/sign/{done.document_id}",
        "pack": f"/sign/{done.document_id}/pack",
    }


@pytest.fixture(scope="module")
def page(app: Flask, address: str) -> Iterator[Page]:
    client = app.test_client()
    sign_in_as(app, client, CONTRACTOR, "大沼 健", sid="s")
    with app.test_request_context():
        name = session_cookie()
    cookie = client.get_cookie(name)
    assert cookie is not None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        context = browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo")
        context.add_cookies([{"name": name, "value": cookie.value, "url": address}])
        yield context.new_page()
        browser.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_passes_the_checklist(
    page: Page, address: str, paths: dict[str, str], width: int, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    found = {}
    for name, path in paths.items():
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 200, name
        found[name] = problems(page)
        page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
