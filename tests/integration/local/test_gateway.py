"""One door: each prefix has its service, every answer its headers, and no one sees a bare error."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from infra.local.layout import SERVICES, Layout
from infra.local.system import System
from tests.conftest import ports

ROUTES = {
    "/": "intake",
    "/apply/housing": "intake",
    "/desk": "approval",
    "/seal/queue": "signing",
    "/sign/1": "signing",
    "/verify": "signing",
    "/inbox/1": "delivery",
    "/archive/records": "archive",
    "/deskless": "intake",
}


class Upstream(BaseHTTPRequestHandler):
    """Stands for a service: says its name, as a page or a PDF."""

    def do_GET(self) -> None:
        body = self.server.name.encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "application/pdf" if self.path.endswith(".pdf") else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Be quiet."""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    gateway = System(Layout(tmp_path_factory.mktemp("gateway"), *ports("gateway")))
    gateway.start(["gateway"])
    yield gateway
    gateway.remove()


@pytest.fixture(scope="module")
def services(system: System) -> Iterator[None]:
    servers = [ThreadingHTTPServer(("127.0.0.1", system.layout.at(f"web-{name}")), Upstream) for name in SERVICES]
    for server, name in zip(servers, SERVICES, strict=True):
        server.name = name  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield
    for server in servers:
        server.shutdown()
        server.server_close()


def ask(system: System, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", system.layout.port, timeout=30)
    connection.request(method, path, headers=headers)
    return connection.getresponse()


def test_a_service_that_is_away_shows_a_page_that_says_so(system: System) -> None:
    answer = ask(system, "/dev/mail/")
    assert answer.status == 503
    assert answer.getheader("Retry-After") == "30"
    assert "ただいま準備中です" in answer.read().decode()
    assert "default-src 'none'" in str(answer.getheader("Content-Security-Policy"))


def test_its_page_names_the_town_and_whom_to_call(system: System) -> None:
    page = ask(system, "/dev/mail/").read().decode()
    assert "高畠町" in page
    assert "0238-00-1234" in page
    assert 'href="tel:0238-00-1234"' in page


def test_its_page_says_what_is_kept_and_when_to_try_again(system: System) -> None:
    page = ask(system, "/dev/mail/").read().decode()
    assert "受け付けた申請は残っています" in page
    assert "1分ほど待って、もう一度開いてください" in page
    assert "10分たっても" in page


def test_who_has_just_sent_something_hears_that_it_may_not_have_arrived(system: System) -> None:
    answer = ask(system, "/dev/mail/", "POST")
    assert answer.status == 503
    assert "いま送った内容は、まだ町に届いていないかもしれません" in answer.read().decode()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_programme_hears_of_it_as_a_problem(system: System, method: str) -> None:
    answer = ask(system, "/apply/api/applications", method)
    assert (answer.status, answer.getheader("Retry-After")) == (503, "30")
    assert answer.getheader("Content-Type") == "application/problem+json"
    assert json.loads(answer.read())["status"] == 503


@pytest.mark.usefixtures("services")
@pytest.mark.parametrize(("path", "service"), ROUTES.items())
def test_each_prefix_has_its_service(system: System, path: str, service: str) -> None:
    assert ask(system, path).read().decode() == service


@pytest.mark.usefixtures("services")
def test_a_page_runs_nothing_inline_and_is_framed_nowhere(system: System) -> None:
    answer = ask(system, "/desk")
    policy = str(answer.getheader("Content-Security-Policy"))
    assert "unsafe-inline" not in policy
    for rule in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert rule in policy
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.getheader("Server") != "Caddy"


@pytest.mark.usefixtures("services")
def test_a_pdf_may_be_shown_in_our_own_pages_only(system: System) -> None:
    answer = ask(system, "/desk/preview.pdf")
    assert answer.read() == b"approval"
    assert "frame-ancestors 'self'" in str(answer.getheader("Content-Security-Policy"))
    assert answer.getheader("X-Frame-Options") == "SAMEORIGIN"


def send_too_much(system: System, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", system.layout.port, timeout=30)
    connection.putrequest("POST", path)
    connection.putheader("Content-Length", str(111 * 1000 * 1000))
    connection.endheaders(b"x" * 300_000)  # Go's server looks at as much before it answers
    return connection.getresponse()


@pytest.mark.usefixtures("services")
def test_more_than_the_limit_is_refused_before_it_is_sent_on(system: System) -> None:
    answer = send_too_much(system, "/apply/files")
    assert answer.status == 413
    assert "ファイルが大きすぎます" in answer.read().decode()


@pytest.mark.usefixtures("services")
def test_a_programme_that_sends_too_much_hears_it_as_a_problem(system: System) -> None:
    answer = send_too_much(system, "/apply/api/applications")
    assert (answer.status, answer.getheader("Content-Type")) == (413, "application/problem+json")
    assert json.loads(answer.read())["status"] == 413


@pytest.mark.usefixtures("services")
def test_the_log_keeps_no_query_and_no_cookie(system: System) -> None:
    ask(system, "/apply/search?name=himitsu", Cookie="session=naisho").read()
    log = log_with(system, "/apply/search")
    assert "himitsu" not in log
    assert "naisho" not in log


def log_with(system: System, words: str) -> str:
    """The gateway's log once it holds these words: it is written after the answer."""
    deadline = time.monotonic() + 10
    while words not in (log := (system.layout.log / "gateway.log").read_text()):
        assert time.monotonic() < deadline, f"{words} is not in the log"
        time.sleep(0.1)
    return log
