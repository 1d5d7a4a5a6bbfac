"""The JSON side does what its description says: schemathesis makes up requests from it, right and wrong ones.

They go over a socket to the app on its real database and store.
"""

from collections.abc import Iterator
from threading import Thread

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as bounded
from werkzeug.serving import make_server

from services.intake.settings import IntakeSettings
from services.intake.web.api.contract import ADDRESS, COPY, document, text
from services.intake.web.pages import create_app
from tests.web_support import sign_in_as

EXAMPLES = 60
# A form's rules are data of the town: a request may follow the description and still be answered 422.
JUDGED = ["2xx", "401", "404", "409", "422", "5xx"]


@pytest.fixture(scope="module")
def app(settings: IntakeSettings) -> Flask:
    return create_app(settings)


@pytest.fixture(scope="module")
def contract(app: Flask) -> Iterator[schemathesis.BaseSchema]:
    """The description as the running app gives it, each request made by somebody who is signed in."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    config = schemathesis.Config.from_dict(
        {
            "headers": {"Cookie": cookie_of(app)},
            "checks": {"positive_data_acceptance": {"expected-statuses": JUDGED}},
        }
    )
    yield schemathesis.openapi.from_url(f"http://127.0.0.1:{server.port}{ADDRESS}/openapi.json", config=config)
    server.shutdown()


def cookie_of(app: Flask) -> str:
    client = app.test_client()
    sign_in_as(app, client, sub="r-tsuji")
    cookie = client.get_cookie("todoke-intake-session")
    assert cookie
    return f"{cookie.key}={cookie.value}"


schema = schemathesis.pytest.from_fixture("contract")


@schema.parametrize()
@bounded(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_description_promises(case: schemathesis.Case) -> None:
    case.call_and_validate()


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
