"""What the integration tests of signing share: a PKI with its TSA, one signed notice."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from flask import Flask
from flask.testing import FlaskClient

from infra.local.system import System
from services.chassis.database import engine
from services.chassis.objects import Objects
from services.signing.pades import Sealing, certify
from services.signing.rendering import Issue, Order, Renderer, SealPicture
from services.signing.settings import SigningSettings
from services.signing.web.pages import create_app
from tests.integration.databases import migrated
from tests.integration.signing.cases import Case, House
from tests.integration.signing.deals import Deal
from tests.integration.signing.letters import Letters, free_port, receiving
from tests.integration.signing.pki import Pki, running_pki
from tests.integration.signing.tokens import SignerProcess, make_token
from tests.unit.signing import glyphs, notices
from tests.web_support import sign_in_as

SEAL = SealPicture((Path(__file__).parents[3] / "infra" / "town" / "seals" / "mayor.svg").read_bytes(), 21)
Open = Callable[..., FlaskClient]
ISSUE = Issue("高建第1087号", date(2026, 12, 9), b'{"steps":[]}', notices.ADDRESS)


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with running_pki(tmp_path_factory.mktemp("pki")) as pki:
        yield pki


@pytest.fixture(scope="session")
def unsigned(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    renderer = Renderer(tmp_path_factory.mktemp("press"), glyphs.FONT_DIRS)
    notice = notices.addressed_to(f"{notices.TSUJI_E0102} {notices.YOSHI}子")
    return renderer.render(Order(notice, SEAL, ISSUE))


@pytest.fixture(scope="session")
def sealing(pki: Pki) -> Sealing:
    def raw_sign(_algorithm: str, data: bytes) -> bytes:
        return pki.seal_key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    return Sealing(pki.identity, raw_sign, pki.authorities)


@pytest.fixture(scope="session")
def signed(unsigned: bytes, sealing: Sealing) -> bytes:
    return certify(unsigned, sealing, datetime.now(UTC))


@pytest.fixture(scope="session")
def signer(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignerProcess]:
    directory = tmp_path_factory.mktemp("signer")
    process = SignerProcess(make_token(directory / "token", pki.seal_key), directory)
    process.wait_until_ready()
    yield process
    process.stop()


@pytest.fixture(scope="session")
def house(
    servers: System, pki: Pki, signer: SignerProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    values = {
        "state_dir": tmp_path_factory.mktemp("state"),
        "seal_certificate": pki.directory / "seal.cert.pem",
        "seal_chain": pki.directory / "interm.cert.pem",
        "trust_root": pki.root_pem,
        "tsa_urls": (pki.tsa_url,),
        "crl_urls": pki.crl_urls,
        "signer_socket": signer.socket,
        "smtp_port": free_port(),
    }
    with migrated(servers, SigningSettings, **values) as settings:
        house = House(settings, engine(settings), Objects.of(settings))
        yield house
        house.press.close()
        house.engine.dispose()


@pytest.fixture
def letters(house: House) -> Iterator[Letters]:
    """The mail server, up."""
    with receiving(house.settings.smtp_port) as found:
        yield found


@pytest.fixture
def deal(house: House) -> Deal:
    return Deal.at(house)


@pytest.fixture
def case(house: House) -> Case:
    return Case.at(house)


@pytest.fixture(scope="module")
def app(house: House) -> Flask:
    """The pages of the seal keeper, the contractor and the verifier."""
    found = create_app(house.settings)
    found.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return found


@pytest.fixture
def browser(app: Flask) -> Open:
    def open_as(sub: str = "s-satake", name: str = "佐竹 隆") -> FlaskClient:
        client = app.test_client()
        sign_in_as(app, client, sub, name)
        return client

    return open_as


@pytest.fixture
def keeper(browser: Open) -> FlaskClient:
    return browser()


@pytest.fixture
def waiting(house: House) -> Iterator[Case]:
    case = Case.at(house, f"高建第{uuid4().int % 99_999 + 1}号")
    case.up_to_the_keeper()
    house.store_attached()
    yield case
