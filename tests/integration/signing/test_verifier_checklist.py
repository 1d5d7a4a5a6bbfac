"""The verifier in a real browser, without scripts: the four verdicts pass the checklist, and the report is saved."""

import threading
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pyhanko.sign.fields import SigSeedSubFilter
from werkzeug.serving import make_server

from services.signing.pades import Stamping, add_validation_data, stamp_document
from services.signing.verifier.report import VR
from services.signing.web.pages import create_app
from tests.e2e.checklist import problems
from tests.integration.signing.attacks import after_signing
from tests.integration.signing.cases import House
from tests.integration.signing.pki import Pki
from tests.integration.signing.strangers import signed_elsewhere

CHROMIUM = "/usr/bin/chromium"
WIDTHS = (390, 1280)


@pytest.fixture(scope="module")
def files(signed: bytes, unsigned: bytes, pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One for each verdict, and one of every level.  Made before the browser runs: pyHanko has an event loop too."""
    archived = stamp_document(add_validation_data(signed, pki.trust), Stamping(pki.authorities))
    folder = tmp_path_factory.mktemp("files")
    made = {
        "genuine": archived,
        "altered": after_signing.page_rewritten(archived),
        "unknown": signed_elsewhere(unsigned, SigSeedSubFilter.PADES),
        "unsigned": unsigned,
        "unreadable": b"hello",
    }
    for name, data in made.items():
        (folder / f"{name}.pdf").write_bytes(data)
    return {name: folder / f"{name}.pdf" for name in made}


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(house.settings), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def browser(files: dict[str, Path], address: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM)
        yield found
        found.close()


def verdict_on(page: Page, address: str, file: Path) -> None:
    page.goto(f"{address}/verify/")
    page.set_input_files("input[name=pdf]", file)
    page.get_by_role("button", name="確かめる").click()
    page.get_by_role("heading", name="次にすること").wait_for()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["genuine", "altered", "unknown", "unsigned", "unreadable"])
def test_a_verdict_passes_the_checklist_with_its_details_closed_and_open(
    browser: Browser, address: str, files: dict[str, Path], name: str, width: int, tmp_path: Path
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    verdict_on(page, address, files[name])
    closed = problems(page)
    page.get_by_text("くわしい結果").click()
    opened = problems(page)
    page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
    page.close()
    assert (closed, opened) == ([], [])


def test_the_report_is_saved_without_scripts(browser: Browser, address: str, files: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    verdict_on(page, address, files["genuine"])
    page.get_by_text("くわしい結果").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="検証結果を保存する").click()
    root = ElementTree.parse(download.value.path()).getroot()
    context.close()
    indications = [one.text for one in root.iter(f"{{{VR}}}MainIndication")]
    assert indications == ["urn:etsi:019102:mainindication:total-passed"] * 2
