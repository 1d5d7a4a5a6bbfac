"""The JSON side does what its description says: schemathesis makes up requests from it, right and wrong ones.

They go over a socket to the app on its real database and store.
"""

import json
from collections.abc import Iterator
from threading import Thread

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as bounded
from werkzeug.serving import make_server

from services.intake.settings import IntakeSettings
from services.intake.web.api.contract import ADDRESS, COOKIE, COPY, document, text
from services.intake.web.pages import create_app
from tests.web_support import sign_in_as

SESSION = "todoke-intake-session"
EXAMPLES = 60
# A form's rules are data of the town: a request may follow the description and still be answered 422.
JUDGED = ["2xx", "401", "404", "409", "422", "5xx"]


@pytest.fixture(scope="module")
def app(settings: IntakeSettings) -> Flask:
    return create_app(settings)


@pytest.fixture(scope="module")
def served(app: Flask) -> Iterator[str]:
    """Where the app answers."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}{ADDRESS}"
    server.shutdown()


CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": JUDGED}}}
contract = schemathesis.openapi.from_dict(
    json.loads(text().replace(COOKIE, SESSION)), config=schemathesis.Config.from_dict(CONFIG)
)


@contract.auth()
class SignedIn:
    """Requests are somebody's; schemathesis takes that away to see that it is asked for."""

    session = ""

    def get(self, _case: schemathesis.Case, _context: schemathesis.AuthContext) -> str:
        return self.session

    def set(self, case: schemathesis.Case, data: str, _context: schemathesis.AuthContext) -> None:
        case.cookies[SESSION] = data


@pytest.fixture(scope="module", autouse=True)
def _signed_in(app: Flask) -> None:
    client = app.test_client()
    sign_in_as(app, client, sub="r-tsuji")
    cookie = client.get_cookie(SESSION)
    assert cookie
    SignedIn.session = cookie.value


@contract.parametrize()
@bounded(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_description_promises(case: schemathesis.Case, served: str) -> None:
    case.call_and_validate(base_url=served)


def test_the_committed_description_is_the_one_of_the_code() -> None:
    assert COPY.read_text("utf-8") == text(), "python -m services.intake.web.api writes it anew"


def test_every_address_is_described_and_nothing_else(app: Flask) -> None:
    api = app.wsgi_app.mounts[ADDRESS]  # type: ignore[attr-defined]
    rules = {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in api.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert rules == {(path, method) for path, methods in document()["paths"].items() for method in methods}
